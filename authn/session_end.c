/* The end of a session, and who is to be told of it. */
#include "authn/logout_job.h"
#include "authn/session_clients.h"
#include "authn/session_index.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"

/* A job's record outlives the time of its giving up, so that somebody can still say that it was given up. */
enum { RECORD_MARGIN_SECONDS = 24 * 3600 };

static enum result jobs_of(const struct authn *au, struct arena *a, const struct session *s,
                           struct str clients, struct store_jobs *out)
{
    int64_t now = clock_now();
    struct store_job *made;
    *out = (struct store_jobs){.kind = STORE_LOGOUT,
                               .due = now,
                               .ttl = au->config.logout_give_up_seconds + RECORD_MARGIN_SECONDS,
                               .most = (uint64_t)au->config.logout_queue};
    if (!logout_jobs(a, clients, s->person.subject, s->sid, now, &made, &out->n))
        return RESULT_INTERNAL;
    out->v = made;
    return RESULT_OK;
}

static struct str without(struct arena *a, struct str words, struct str known)
{
    struct str word, out = STR_EMPTY;
    while (str_word(&words, &word))
        if (!str_has_word(known, word))
            out = arena_join(a, (struct str[]){out, out.len > 0 ? STR(" ") : STR_EMPTY, word}, 3);
    return out;
}

/* An application entered in the very moment of the end, after we had read which there are. */
static void tell_the_late(struct authn *au, struct arena *a, const struct session *s, struct str told)
{
    struct str clients;
    struct store_jobs jobs;
    enum result r = session_clients(au, a, s, &clients);
    if (r == RESULT_OK)
        r = jobs_of(au, a, s, without(a, clients, told), &jobs);
    if (r == RESULT_OK)
        r = store_queue_add(au->store, a, &jobs);
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_ERROR, "logout.not_queued", LOG_STR("sid", s->sid), LOG_Z("result", result_name(r)));
}

/* Nobody stays signed in because applications can't be told: a full queue is the operator's concern. */
static enum result end_untold(struct authn *au, struct arena *a, const struct session *s, struct str clients)
{
    metric_add(METRIC_LOGOUTS_DROPPED);
    LOG(LOG_LEVEL_ERROR, "logout.queue_full", LOG_STR("sid", s->sid), LOG_STR("clients", clients),
        LOG_INT("most", au->config.logout_queue));
    return store_delete(au->store, a, STORE_SESSION, s->sid);
}

static enum result end_and_tell(struct authn *au, struct arena *a, struct session *s, struct session **ended)
{
    struct store_jobs jobs;
    struct str clients, last;
    enum result r = session_clients(au, a, s, &clients);
    if (r == RESULT_OK)
        r = jobs_of(au, a, s, clients, &jobs);
    if (r == RESULT_OK)
        r = store_end_and_queue(au->store, a, (struct store_key){STORE_SESSION, s->sid}, &jobs, &last);
    *ended = r == RESULT_REFUSED || (r == RESULT_OK && last.p) ? s : NULL;
    if (r == RESULT_REFUSED)
        r = end_untold(au, a, s, clients);
    else if (r == RESULT_OK)
        tell_the_late(au, a, s, clients);
    if (r != RESULT_OK)
        return r;
    session_clients_forget(au, a, s->sid);
    session_index_remove(au, a, s->person.uuid, s->sid);
    return r;
}

enum result session_end_once(struct authn *au, struct arena *a, struct str sid, struct session **ended)
{
    struct session *s;
    *ended = NULL;
    enum result r = session_stored(au, a, sid, &s);
    if (r == RESULT_NOT_FOUND)
        return store_delete(au->store, a, STORE_SESSION, sid);
    return r == RESULT_OK ? end_and_tell(au, a, s, ended) : r;
}

enum result session_end(struct authn *au, struct arena *a, struct str sid)
{
    struct session *ended;
    return session_end_once(au, a, sid, &ended);
}

enum result session_replaced(struct authn *au, struct arena *a, struct str sid)
{
    return store_delete(au->store, a, STORE_SESSION, sid);
}
