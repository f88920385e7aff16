#include "server/token/grant.h"

#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/token/access_token.h"
#include "server/token/grant_packed.h"
#include "server/token/refresh_token.h"

enum { GID_BYTES = 16, GID_RANDOM = 22 };

int64_t grant_seconds(const struct provider *p, const struct application *app)
{
    bool refreshed = (app->grants & GRANT_REFRESH_TOKEN) != 0;
    return access_token_seconds(p, app) + (refreshed ? refresh_token_seconds(p, app) : 0);
}

enum result grant_begin(struct arena *a, struct grant *g, int64_t seconds, struct store_puts *puts)
{
    struct str parts[] = {random_token(a, GID_BYTES), person_tag(a, g->uuid)};
    g->gid = arena_join(a, parts, 2);
    g->created = clock_now();
    g->expires = g->created + seconds;
    struct str text = grant_text(a, g);
    if (g->gid.len != GID_RANDOM + PERSON_TAG || text.len == 0)
        return RESULT_INTERNAL;
    const struct store_put put = {.kind = STORE_GRANT, .id = g->gid, .value = text, .ttl = seconds};
    return store_puts_add(puts, put) ? RESULT_OK : RESULT_INTERNAL;
}

enum result grant_keep(struct arena *a, struct grant *g, int64_t seconds, struct store_puts *puts)
{
    g->expires = clock_now() + seconds;
    struct str text = grant_text(a, g);
    if (text.len == 0)
        return RESULT_INTERNAL;
    const struct store_put put = {
        .kind = STORE_GRANT, .id = g->gid, .value = text, .ttl = seconds, .updates = true};
    return store_puts_add(puts, put) ? RESULT_OK : RESULT_INTERNAL;
}

enum result grant_keys(struct arena *a, struct str gid, struct store_key out[GRANT_RECORDS])
{
    if (gid.len != GID_RANDOM + PERSON_TAG)
        return RESULT_REFUSED;
    out[0] = (struct store_key){STORE_GRANT, gid};
    return notice_keys(a, str_sub(gid, GID_RANDOM, PERSON_TAG), out + 1) ? RESULT_OK : RESULT_INTERNAL;
}

enum result grant_open(struct arena *a, struct str gid, const struct str found[GRANT_RECORDS],
                       struct grant **out, struct notice *notice)
{
    if (!found[0].p)
        return RESULT_NOT_FOUND;
    struct grant *g = grant_parse(a, gid, found[0]);
    if (!g || !notice_parse(a, found + 1, notice))
        return RESULT_INTERNAL;
    if (!str_ends(gid, person_tag(a, g->uuid)) || notice_ends(notice, g->auth_time))
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_NOT_FOUND;
    if (!notice_renew(notice, &g->person, &g->person_read))
        return RESULT_NOT_FOUND;
    *out = g;
    return RESULT_OK;
}

enum result grant_find(struct provider *p, struct arena *a, struct str gid, struct grant **out)
{
    struct store_key keys[GRANT_RECORDS];
    struct str found[GRANT_RECORDS];
    struct notice notice;
    enum result r = grant_keys(a, gid, keys);
    if (r == RESULT_OK)
        r = store_get_many(p->store, a, keys, GRANT_RECORDS, found);
    if (r == RESULT_OK)
        r = grant_open(a, gid, found, out, &notice);
    return r == RESULT_REFUSED ? RESULT_NOT_FOUND : r;
}

enum result grant_end(struct provider *p, struct arena *a, struct str gid)
{
    return store_delete(p->store, a, STORE_GRANT, gid);
}

enum result grant_alive(struct provider *p, struct arena *a, struct str gid, struct grant **out)
{
    struct session *session;
    enum result r = grant_find(p, a, gid, out);
    if (r != RESULT_OK || (*out)->offline)
        return r;
    return session_of_person(&p->authn, a, (*out)->sid, (*out)->uuid, &session);
}

/*
 * An offline grant whose session is over: the directory is asked, and what it says is kept for the time when
 * it is away. A failed keeping is no reason to refuse: the older snapshot then serves a shorter grace.
 */
static enum result offline_person(struct provider *p, struct arena *a, struct grant *g, struct person *person)
{
    struct person *found;
    int64_t now = clock_now();
    enum result r = person_by_uuid(p->directory, a, g->uuid, &found);
    if (r == RESULT_UNAVAILABLE && now - g->person_read <= p->config.outage_grace_seconds) {
        *person = g->person;
        return RESULT_OK;
    }
    if (r != RESULT_OK)
        return r;
    if (found->disabled || !str_eq(found->subject, g->person.subject)) {
        r = notice_person(&p->authn, a, found);
        return r == RESULT_OK ? RESULT_NOT_FOUND : r;
    }
    *person = g->person = *found;
    g->person_read = now;
    struct store_puts puts = {0};
    r = g->expires > now ? grant_keep(a, g, g->expires - now, &puts) : RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        r = store_put_all(p->store, a, &puts);
    return r == RESULT_NOT_FOUND ? r : RESULT_OK;
}

enum result grant_person_in(struct provider *p, struct arena *a, struct grant *g, enum result r,
                            struct session *session, struct person *person)
{
    if (r == RESULT_NOT_FOUND && g->offline)
        return offline_person(p, a, g, person);
    if (r == RESULT_OK)
        r = session_refresh_person(&p->authn, a, session, p->config.outage_grace_seconds);
    if (r == RESULT_OK)
        *person = session->person;
    return r;
}

enum result grant_person(struct provider *p, struct arena *a, struct grant *g, struct person *person)
{
    struct session *session = NULL;
    enum result r = session_of_person(&p->authn, a, g->sid, g->uuid, &session);
    return grant_person_in(p, a, g, r, session, person);
}
