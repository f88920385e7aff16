#include "authn/flow_parts.h"
#include "authn/logout_job.h"
#include "authn/session_clients.h"
#include "authn/throttle.h"
#include "server/base/log.h"
#include "server/base/metric.h"

static enum result write_audit(const struct flow *f, enum audit_event event, struct audit_entry entry)
{
    entry.client_id = f->t->client_id;
    entry.source = f->request->source;
    entry.reference = f->request->reference;
    return audit_write(f->au->audit, event, &entry);
}

bool flow_audit(const struct flow *f, enum audit_event event, struct str subject, struct str detail)
{
    return write_audit(f, event, (struct audit_entry){.subject = subject, .detail = detail}) == RESULT_OK;
}

enum flow_outcome flow_refuse(const struct flow *f, enum audit_event event, struct str subject,
                              struct str detail)
{
    metric_add(METRIC_SIGN_INS_REFUSED);
    return flow_audit(f, event, subject, detail) ? FLOW_WRONG : FLOW_AWAY;
}

enum flow_outcome flow_brake(const struct flow *f, struct str subject, int64_t retry_after)
{
    metric_add(METRIC_SIGN_INS_THROTTLED);
    f->grant->retry_after = retry_after;
    return flow_audit(f, AUDIT_SIGN_IN_THROTTLED, subject, STR_EMPTY) ? FLOW_BRAKED : FLOW_AWAY;
}

/* The session that the new one will end; *old stays NULL when there is none any more. */
static enum result find_replaced(const struct flow *f, struct session **old)
{
    *old = NULL;
    if (f->t->replaces.len == 0)
        return RESULT_OK;
    enum result r = session_by_sid(f->au, f->a, f->t->replaces, old);
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

/* The same person goes on: their applications are told when this session ends, not now. */
static bool is_handed_on(const struct session *old, const struct session *s)
{
    return str_eq(old->person.uuid, s->person.uuid);
}

static enum result inherit(const struct flow *f, const struct session *old, struct session *s)
{
    struct str clients;
    if (!old || !is_handed_on(old, s))
        return RESULT_OK;
    enum result r = session_clients(f->au, f->a, old, &clients);
    if (r != RESULT_OK || clients.len == 0)
        return r;
    s->inherited = logout_clients_inherited(f->a, clients, old->sid);
    s->acts = old->acts;
    return arena_failed(f->a) ? RESULT_INTERNAL : session_save(f->au, f->a, s);
}

/*
 * An application entered from the old session after we had read which there are. Once that session is over,
 * no other is let in (session_entered), so this look is the last that is needed.
 */
static void inherit_the_late(const struct flow *f, const struct session *old, struct session *s)
{
    struct str clients, before = s->inherited;
    enum result r = session_clients(f->au, f->a, old, &clients);
    if (r == RESULT_OK)
        s->inherited = logout_clients_inherited(f->a, clients, old->sid);
    if (r == RESULT_OK && !str_eq(before, s->inherited))
        r = arena_failed(f->a) ? RESULT_INTERNAL : session_save(f->au, f->a, s);
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_ERROR, "logout.not_inherited", LOG_STR("sid", old->sid),
            LOG_Z("result", result_name(r)));
}

static enum result end_old(const struct flow *f, const struct session *old, struct session *s)
{
    if (!is_handed_on(old, s))
        return session_end(f->au, f->a, old->sid);
    enum result r = session_replaced(f->au, f->a, old->sid);
    if (r == RESULT_OK)
        inherit_the_late(f, old, s);
    return r;
}

static enum result settle(const struct flow *f, const struct session *old, struct session *s)
{
    enum result r = inherit(f, old, s);
    if (r == RESULT_OK)
        r = write_audit(f, AUDIT_SIGN_IN,
                        (struct audit_entry){.subject = s->person.subject, .sid = s->sid, .detail = s->amr});
    if (r != RESULT_OK)
        return r;
    f->t->sid = s->sid;
    if (!f->request->ends_transaction)
        r = transaction_save(f->au, f->a, f->t);
    return r == RESULT_OK && old ? end_old(f, old, s) : r;
}

enum flow_outcome flow_finish(const struct flow *f, const struct person *person, enum authn_level level,
                              const struct store_steps *more)
{
    struct session *old, *s;
    struct str cookie;
    enum result r = find_replaced(f, &old);
    if (r == RESULT_OK)
        r = session_start(f->au, f->a, person, level, f->t->amr, more, &s, &cookie);
    if (r != RESULT_OK)
        return flow_outcome_of(r);
    r = settle(f, old, s);
    if (r != RESULT_OK) {
        /* Nobody has its cookie: should ending it fail too, it only waits for its end. */
        enum result ended = session_replaced(f->au, f->a, s->sid);
        (void)ended;
        return flow_outcome_of(r);
    }
    f->grant->session = s;
    f->grant->session_cookie = cookie;
    f->grant->device_cookie = device_cookie_make(f->au, f->a, person->uuid);
    metric_add(METRIC_SIGN_INS);
    return FLOW_WENT_ON;
}
