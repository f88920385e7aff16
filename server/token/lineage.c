#include "server/token/lineage.h"

enum { GID_CHARACTERS = 44, SESSION = GRANT_RECORDS };

struct str lineage_text(struct arena *a, const struct lineage *l)
{
    struct str text = arena_join(a, (struct str[]){l->gid, l->sid}, 2);
    return l->gid.len == GID_CHARACTERS && text.len == LINEAGE_CHARACTERS ? text : STR_EMPTY;
}

bool lineage_read(struct str text, struct lineage *out)
{
    *out = (struct lineage){.gid = str_sub(text, 0, GID_CHARACTERS),
                            .sid = str_sub(text, GID_CHARACTERS, LINEAGE_CHARACTERS - GID_CHARACTERS)};
    return text.len >= LINEAGE_CHARACTERS;
}

enum result lineage_keys(struct arena *a, const struct lineage *l, struct store_key out[LINEAGE_RECORDS])
{
    out[SESSION] = (struct store_key){STORE_SESSION, l->sid};
    return grant_keys(a, l->gid, out);
}

enum result lineage_grant(struct arena *a, const struct lineage *l, struct grant **out)
{
    struct notice notice;
    enum result r = grant_open(a, l->gid, l->found, out, &notice);
    return r == RESULT_OK && !str_eq((*out)->sid, l->sid) ? RESULT_NOT_FOUND : r;
}

enum result lineage_person(struct provider *p, struct arena *a, const struct lineage *l, struct grant *g,
                           struct person *person)
{
    struct session *session = NULL;
    enum result r = RESULT_NOT_FOUND;
    if (l->found[SESSION].p)
        r = session_open(&p->authn, a, l->sid, l->found[SESSION], g->uuid, l->found + 1, &session);
    if (r == RESULT_OK && l->ends_sign_in && session_person_is_fresh(&p->authn, session)) {
        *person = session->person;
        return RESULT_OK;
    }
    return grant_person_in(p, a, g, r, session, person);
}
