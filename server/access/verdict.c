#include "server/access/verdict.h"

#include "server/access/believed.h"
#include "server/base/metric.h"

struct evaluation evaluation_of(const struct inquiry *in, const struct question *q)
{
    struct evaluation e = {.client_id = in->caller->client_id,
                           .resource_type = q->resource.type,
                           .action = q->action,
                           .resource_id = q->resource.id,
                           .now = in->now};
    believe_resource(in, q, &e);
    return e;
}

void decide_for(const struct inquiry *in, const struct question *q, const struct party *who,
                struct decision *out)
{
    struct evaluation e = evaluation_of(in, q);
    e.subject = who->subject;
    e.agent = who->agent;
    e.mandate = who->mandate;
    e.level = who->level;
    e.identity_level = who->identity_level;
    model_decide(in->model, &e, out);
}

enum result decide(struct inquiry *in, const struct question *q, struct decision *out)
{
    struct party who;
    enum decision_reason why;
    enum result r = party_find(in, q, &who, &why);
    if (r == RESULT_OK)
        decide_for(in, q, &who, out);
    else if (r == RESULT_NOT_FOUND)
        *out = (struct decision){.reason = why};
    else
        return r;
    metric_add(out->reason == REASON_ALLOWED ? METRIC_DECISIONS_ALLOWED : METRIC_DECISIONS_DENIED);
    return RESULT_OK;
}
