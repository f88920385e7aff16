#include "server/admin/record.h"

#include "directory/model/grammar.h"
#include "server/base/clock.h"
#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/random.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TEXT_MAX = 64 * 1024, /* of before and after in the registry */
    AUDITED_MAX = 4096,   /* of each in the audit log, whose lines are bounded */
    WAITING_DEFAULT = 7 * 86400
};

static const char *const words[] = {
#define X(name, word) [CHANGE_##name] = (word),
    CHANGE_STATES(X)
#undef X
};

const char *change_state_word(enum change_state s)
{
    return words[s];
}

static bool state_of(struct str word, enum change_state *out)
{
    for (unsigned s = 0; s < CHANGE_STATE_COUNT; s++)
        if (str_eq(word, str_of(words[s]))) {
            *out = (enum change_state)s;
            return true;
        }
    return false;
}

static struct str time_text(struct arena *a, int64_t at)
{
    char out[24];
    struct tm t;
    time_t when = (time_t)at;
    if (!gmtime_r(&when, &t) || strftime(out, sizeof out, "%Y%m%d%H%M%SZ", &t) == 0)
        return STR_EMPTY;
    return arena_copy(a, str_of(out));
}

static struct str rdn_of(struct arena *a, struct str id)
{
    struct str escaped = dn_escape(a, id);
    return arena_printf(a, "cn=" STR_FMT ",ou=changes", STR_ARG(escaped));
}

static struct str step_text(struct arena *a, struct str who, enum change_state state)
{
    char now[25];
    clock_format(now);
    return arena_printf(a, "%s " STR_FMT " %s", now, STR_ARG(who), words[state]);
}

enum result record_add(struct proposal *w, enum change_state state)
{
    struct arena *a = w->a;
    struct str class = STR("onedoorChange"), kind = str_of(w->kind->name), word = str_of(words[state]),
               by = actor_name(w->actor), time = time_text(a, clock_now()), token = random_token(a, 9);
    struct str before = json_text(a, w->before), after = json_text(a, w->after),
               step = step_text(a, by, state);
    w->id = arena_printf(a, STR_FMT "-" STR_FMT, STR_ARG(time), STR_ARG(token));
    if (arena_failed(a) || time.len == 0 || token.len == 0 || before.len == 0 || after.len == 0)
        return RESULT_INTERNAL;
    if (before.len > TEXT_MAX || after.len > TEXT_MAX)
        return proposal_refuse(w, WHY_TOO_LARGE, STR_EMPTY);
    const struct attribute attributes[] = {{"objectClass", &class, 1},
                                           {"cn", &w->id, 1},
                                           {"onedoorChangeKind", &kind, 1},
                                           {"onedoorChangeState", &word, 1},
                                           {"onedoorChangeBy", &by, 1},
                                           {"onedoorChangeTime", &time, 1},
                                           {"onedoorChangeTarget", &w->target, 1},
                                           {"onedoorChangeBefore", &before, 1},
                                           {"onedoorChangeAfter", &after, 1},
                                           {"onedoorHistory", &step, 1}};
    return registry_add(w->p->directory, rdn_of(a, w->id), attributes,
                        sizeof attributes / sizeof *attributes);
}

enum result record_move(struct provider *p, struct arena *a, struct str id, enum change_state from,
                        enum change_state to, struct str by)
{
    struct str old = str_of(words[from]), new = str_of(words[to]);
    struct str step = step_text(a, by.len > 0 ? by : STR("-"), to);
    const struct change changes[] = {{CHANGE_DELETE, {"onedoorChangeState", &old, 1}},
                                     {CHANGE_ADD, {"onedoorChangeState", &new, 1}},
                                     {CHANGE_ADD, {"onedoorHistory", &step, 1}},
                                     {CHANGE_REPLACE, {"onedoorChangeDecidedBy", &by, 1}}};
    return registry_modify(p->directory, rdn_of(a, id), changes, by.len > 0 ? 4 : 3);
}

/* A text that a line of the audit log takes; what was cut can be told from the record by its digest. */
static struct str audited(struct arena *a, const json_t *value)
{
    struct str text = json_text(a, value);
    unsigned char digest[DIGEST_SIZE];
    if (text.len <= AUDITED_MAX)
        return text;
    if (!sha256(&text, 1, digest))
        return STR_EMPTY;
    struct str hash = base64url_encode(a, (struct str){(const char *)digest, DIGEST_SIZE});
    return arena_printf(a, "{\"bytes\":%zu,\"sha256\":\"" STR_FMT "\"}", text.len, STR_ARG(hash));
}

enum result record_audit(const struct proposal *w, enum audit_event event, const char *detail)
{
    struct str about = detail ? str_of(detail) : str_of(w->kind->name);
    if (detail)
        about = arena_printf(w->a, "%s: %s", w->kind->name, detail);
    struct audit_entry entry = {.subject = actor_name(w->actor),
                                .sid = w->actor->sid,
                                .source = w->actor->source,
                                .reference = w->actor->reference,
                                .detail = about,
                                .change = w->id,
                                .target = w->target,
                                .before = audited(w->a, w->before),
                                .after = audited(w->a, w->after)};
    return arena_failed(w->a) ? RESULT_INTERNAL : audit_write(w->p->audit, event, &entry);
}

static bool is_expired(const struct provider *p, const struct recorded *c)
{
    int64_t limit = p->config.waiting_seconds > 0 ? p->config.waiting_seconds : WAITING_DEFAULT;
    return c->state == CHANGE_WAITING && c->time + limit < clock_now();
}

/* Whether the last step is younger than any operation takes. Steps begin with their time, as clock_format. */
static bool moved_lately(const struct entry *e)
{
    enum { LATELY_SECONDS = 60 };
    const struct attribute *steps = entry_attribute(e, "onedoorHistory");
    char limit[24];
    struct tm t;
    time_t when = (time_t)(clock_now() - LATELY_SECONDS);
    if (!gmtime_r(&when, &t) || strftime(limit, sizeof limit, "%Y-%m-%dT%H:%M:%S", &t) == 0)
        return true;
    for (size_t i = 0; steps && i < steps->count; i++)
        if (steps->values[i].len > strlen(limit) && strncmp(steps->values[i].p, limit, strlen(limit)) > 0)
            return true;
    return false;
}

/* False for an entry that says nothing useful. */
static bool read_record(const struct provider *p, const struct entry *e, struct recorded *out)
{
    *out = (struct recorded){.id = entry_value(e, "cn"),
                             .kind_name = entry_value(e, "onedoorChangeKind"),
                             .by = entry_value(e, "onedoorChangeBy"),
                             .decided_by = entry_value(e, "onedoorChangeDecidedBy"),
                             .target = entry_value(e, "onedoorChangeTarget"),
                             .before = entry_value(e, "onedoorChangeBefore"),
                             .after = entry_value(e, "onedoorChangeAfter")};
    out->kind = kind_find(out->kind_name);
    if (!state_of(entry_value(e, "onedoorChangeState"), &out->state) ||
        !time_read(entry_value(e, "onedoorChangeTime"), &out->time))
        return false;
    if (is_expired(p, out))
        out->state = CHANGE_EXPIRED;
    out->under_way = out->state == CHANGE_APPLYING && moved_lately(e);
    return true;
}

enum result change_find(struct provider *p, struct arena *a, struct str id, struct recorded *out)
{
    struct entry e;
    struct str rdn = rdn_of(a, id);
    if (id.len == 0 || id.len > 64 || rdn.len == 0)
        return RESULT_NOT_FOUND;
    enum result r = registry_read(p->directory, a, rdn, &e);
    return r == RESULT_OK && !read_record(p, &e, out) ? RESULT_NOT_FOUND : r;
}

static int newest_first(const void *x, const void *y)
{
    const struct recorded *a = x, *b = y;
    return (a->time < b->time) - (a->time > b->time);
}

static enum result list(struct provider *p, struct arena *a, const char *filter, struct recorded **out,
                        size_t *n)
{
    struct entries found = {0};
    *n = 0;
    *out = NULL;
    enum result r =
        filter ? registry_list(p->directory, a, STR("ou=changes"), filter, &found) : RESULT_INTERNAL;
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? RESULT_OK : r;
    *out = arena_alloc(a, found.n * sizeof **out);
    for (size_t i = 0; *out && i < found.n; i++)
        *n += read_record(p, &found.v[i], &(*out)[*n]);
    if (!*out)
        return RESULT_INTERNAL;
    qsort(*out, *n, sizeof **out, newest_first);
    return RESULT_OK;
}

enum result change_list_waiting(struct provider *p, struct arena *a, struct recorded **out, size_t *n)
{
    return list(p, a, "(|(onedoorChangeState=waiting)(onedoorChangeState=applying))", out, n);
}

enum result change_list(struct provider *p, struct arena *a, int64_t from, int64_t to, struct recorded **out,
                        size_t *n)
{
    struct str begin = time_text(a, from), end = time_text(a, to - 1);
    struct str filter = arena_printf(a, "(&(onedoorChangeTime>=" STR_FMT ")(onedoorChangeTime<=" STR_FMT "))",
                                     STR_ARG(begin), STR_ARG(end));
    return list(p, a, arena_cstr(a, filter), out, n);
}
