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

enum result decide_for(struct inquiry *in, const struct question *q, const struct subject *subject,
                       struct decision *out)
{
    struct evaluation e = evaluation_of(in, q);
    e.subject = subject;
    enum result r = believe_sign_in(in, q, subject, &e);
    if (r == RESULT_OK)
        model_decide(in->model, &e, out);
    else if (r == RESULT_REFUSED)
        *out = (struct decision){.reason = REASON_SIGN_IN};
    return r == RESULT_REFUSED ? RESULT_OK : r;
}

enum result decide(struct inquiry *in, const struct question *q, struct decision *out)
{
    struct subject subject;
    enum result r = subject_find(in, &q->subject, &subject);
    if (r == RESULT_OK)
        r = decide_for(in, q, &subject, out);
    else if (r == RESULT_NOT_FOUND)
        *out = (struct decision){.reason = REASON_UNKNOWN_SUBJECT};
    if (r == RESULT_NOT_FOUND)
        r = RESULT_OK;
    if (r == RESULT_OK)
        metric_add(out->reason == REASON_ALLOWED ? METRIC_DECISIONS_ALLOWED : METRIC_DECISIONS_DENIED);
    return r;
}
