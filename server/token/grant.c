#include "server/token/grant.h"

#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/token/access_token.h"
#include "server/token/grant_json.h"
#include "server/token/refresh_token.h"

enum { GID_BYTES = 16 };

int64_t grant_seconds(const struct provider *p, const struct application *app)
{
    bool refreshed = (app->grants & GRANT_REFRESH_TOKEN) != 0;
    return access_token_seconds(p, app) + (refreshed ? refresh_token_seconds(p, app) : 0);
}

enum result grant_begin(struct provider *p, struct arena *a, struct grant *g, int64_t seconds)
{
    g->gid = random_token(a, GID_BYTES);
    g->created = clock_now();
    g->expires = g->created + seconds;
    struct str text = grant_text(a, g);
    if (g->gid.len == 0 || text.len == 0)
        return RESULT_INTERNAL;
    return store_put(p->store, a, STORE_GRANT, g->gid, text, seconds);
}

enum result grant_keep(struct provider *p, struct arena *a, struct grant *g, int64_t seconds)
{
    g->expires = clock_now() + seconds;
    struct str text = grant_text(a, g);
    if (text.len == 0)
        return RESULT_INTERNAL;
    return store_update(p->store, a, STORE_GRANT, g->gid, text, seconds);
}

enum result grant_find(struct provider *p, struct arena *a, struct str gid, struct grant **out)
{
    struct str text;
    enum result r = store_get(p->store, a, STORE_GRANT, gid, &text);
    if (r != RESULT_OK)
        return r;
    *out = grant_parse(a, gid, text);
    return *out ? RESULT_OK : RESULT_INTERNAL;
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
    return session_by_sid(&p->authn, a, (*out)->sid, &session);
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
    if (found->disabled)
        return RESULT_NOT_FOUND;
    *person = g->person = *found;
    g->person_read = now;
    r = g->expires > now ? grant_keep(p, a, g, g->expires - now) : RESULT_NOT_FOUND;
    return r == RESULT_NOT_FOUND ? r : RESULT_OK;
}

enum result grant_person(struct provider *p, struct arena *a, struct grant *g, struct person *person)
{
    struct session *session;
    enum result r = session_by_sid(&p->authn, a, g->sid, &session);
    if (r == RESULT_NOT_FOUND && g->offline)
        return offline_person(p, a, g, person);
    if (r != RESULT_OK)
        return r;
    r = session_refresh_person(&p->authn, a, session, p->config.outage_grace_seconds);
    if (r == RESULT_OK)
        *person = session->person;
    return r;
}
