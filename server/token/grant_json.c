#include "server/token/grant_json.h"

#include <stddef.h>

/* One row a member, for both ways. */
static const struct {
    const char *name;
    size_t offset;
} words[] =
    {
        {"client_id", offsetof(struct grant, client_id)}, {"sub", offsetof(struct grant, subject)},
        {"uuid", offsetof(struct grant, uuid)},           {"sid", offsetof(struct grant, sid)},
        {"scope", offsetof(struct grant, scope)},         {"resources", offsetof(struct grant, resources)},
        {"nonce", offsetof(struct grant, nonce)},         {"amr", offsetof(struct grant, amr)},
},
  numbers[] = {
      {"auth_time", offsetof(struct grant, auth_time)},
      {"created", offsetof(struct grant, created)},
      {"expires", offsetof(struct grant, expires)},
      {"person_read", offsetof(struct grant, person_read)},
};
enum { WORDS = sizeof words / sizeof words[0], NUMBERS = sizeof numbers / sizeof numbers[0] };

struct str grant_text(struct arena *a, const struct grant *g)
{
    json_t *o = json_new(a), *person = person_to_json(a, &g->person);
    if (!o || !person)
        return STR_EMPTY;
    for (size_t i = 0; i < WORDS; i++)
        json_put_str(o, words[i].name, *(const struct str *)((const char *)g + words[i].offset));
    for (size_t i = 0; i < NUMBERS; i++)
        json_put_int(o, numbers[i].name, *(const int64_t *)((const char *)g + numbers[i].offset));
    json_put_str(o, "level", str_of(acr_word(g->level)));
    json_put_int(o, "offline", g->offline ? 1 : 0);
    json_object_set(o, "person", person);
    return json_text(a, o);
}

struct grant *grant_parse(struct arena *a, struct str gid, struct str record)
{
    json_t *o = record.p ? json_parse(a, record) : NULL;
    struct grant *g = arena_alloc(a, sizeof *g);
    int64_t offline;
    if (!o || !g || !json_get_int(o, "offline", &offline))
        return NULL;
    g->gid = gid;
    g->offline = offline == 1;
    g->level = acr_level(json_get_str(o, "level"));
    for (size_t i = 0; i < WORDS; i++)
        *(struct str *)((char *)g + words[i].offset) = json_get_str(o, words[i].name);
    for (size_t i = 0; i < NUMBERS; i++)
        if (!json_get_int(o, numbers[i].name, (int64_t *)((char *)g + numbers[i].offset)))
            return NULL;
    return person_from_json(a, json_object_get(o, "person"), &g->person) ? g : NULL;
}
