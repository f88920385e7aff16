/*
 * POST /access/v1/evaluation (section 6) and /access/v1/evaluations (section 7). What is wrong with the whole
 * is 400; what is wrong with one of many questions is a denial of that one, with the fault in its context; an
 * outage is 503 for all of them, because a denial would be a lie.
 */
#include "server/access/answer.h"
#include "server/access/endpoints.h"
#include "server/access/verdict.h"

enum {
    EVALUATIONS_MAX = 200,
    AT_ONCE_MAX = 64, /* as many are answered on the I/O thread, which others wait for */
    ANSWER_MAX = 256 * 1024
};

enum semantic { EXECUTE_ALL, DENY_ON_FIRST_DENY, PERMIT_ON_FIRST_PERMIT, SEMANTIC_COUNT };
static const char *const semantics[SEMANTIC_COUNT] = {
    [EXECUTE_ALL] = "execute_all",
    [DENY_ON_FIRST_DENY] = "deny_on_first_deny",
    [PERMIT_ON_FIRST_PERMIT] = "permit_on_first_permit",
};

static void evaluate_one(struct inquiry *in)
{
    struct question q;
    struct decision d;
    struct str fault;
    if (!question_read(in->arena, in->body, NULL, PART_ALL, "", &q, &fault)) {
        inquiry_refuse(in, fault);
        return;
    }
    enum result r = decide(in, &q, &d);
    if (r != RESULT_OK) {
        response_failure(in->resp, r);
        return;
    }
    struct buf body;
    buf_init(&body, ANSWER_MAX);
    answer_decision(&body, &d);
    inquiry_answer(in, &body);
}

void access_evaluation(void *app, struct request *req, struct response *resp)
{
    struct inquiry in;
    if (inquiry_begin(&in, app, req, resp))
        evaluate_one(&in);
}

static bool read_semantic(const struct node *body, enum semantic *out, struct str *fault)
{
    const struct node *options = node_member(body, STR("options"));
    const struct node *name = node_member(options, STR("evaluations_semantic"));
    *out = EXECUTE_ALL;
    *fault = STR("options must be an object");
    if (options && !node_is(options, NODE_NULL) && !node_is(options, NODE_OBJECT))
        return false;
    if (!name || node_is(name, NODE_NULL))
        return true;
    for (enum semantic s = 0; s < SEMANTIC_COUNT; s++) {
        *out = s;
        if (str_eq(node_str(name), str_of(semantics[s])))
            return true;
    }
    *fault = STR("options.evaluations_semantic must be execute_all, deny_on_first_deny or "
                 "permit_on_first_permit");
    return false;
}

static bool is_last(enum semantic semantic, bool allowed)
{
    return (semantic == DENY_ON_FIRST_DENY && !allowed) || (semantic == PERMIT_ON_FIRST_PERMIT && allowed);
}

/* One of the many, written; a question that cannot be read is denied. */
static enum result evaluate(struct inquiry *in, size_t i, const struct node *item, struct buf *body,
                            bool *allowed)
{
    char where[sizeof "evaluations[]." + 20]; /* and the digits of a size_t */
    struct question q;
    struct decision d = {.reason = REASON_NO_ROLE};
    struct str fault;
    snprintf(where, sizeof where, "evaluations[%zu].", i);
    *allowed = false;
    if (!node_is(item, NODE_OBJECT)) {
        answer_fault(body, arena_printf(in->arena, "evaluations[%zu] must be an object", i));
        return RESULT_OK;
    }
    if (!question_read(in->arena, item, in->body, PART_ALL, where, &q, &fault)) {
        answer_fault(body, fault);
        return RESULT_OK;
    }
    enum result r = decide(in, &q, &d);
    if (r == RESULT_OK)
        answer_decision(body, &d);
    *allowed = r == RESULT_OK && d.reason == REASON_ALLOWED;
    return r;
}

static enum result evaluate_all(struct inquiry *in, const struct node *list, enum semantic semantic,
                                struct buf *body)
{
    enum result r = RESULT_OK;
    bool allowed = false, last = false;
    buf_add(body, STR("{\"evaluations\":["));
    const struct node *item = list->first;
    for (size_t i = 0; r == RESULT_OK && !last && item; i++, item = item->next) {
        if (i > 0)
            buf_add_char(body, ',');
        r = evaluate(in, i, item, body, &allowed);
        last = is_last(semantic, allowed);
    }
    buf_add(body, STR("]}"));
    return r;
}

static void evaluate_many(struct inquiry *in, const struct node *list)
{
    enum semantic semantic;
    struct str fault;
    size_t n = list->count;
    if (!read_semantic(in->body, &semantic, &fault) || !question_check(in->arena, in->body, &fault)) {
        inquiry_refuse(in, fault);
        return;
    }
    if (n > EVALUATIONS_MAX) {
        inquiry_refuse(in, arena_printf(in->arena, "evaluations holds %zu questions; at most %d are taken", n,
                                        EVALUATIONS_MAX));
        return;
    }
    struct buf body;
    buf_init(&body, ANSWER_MAX);
    enum result r = n > AT_ONCE_MAX ? request_may_wait(in->req, RUN_QUICK_APART) : RESULT_OK;
    if (r == RESULT_OK)
        r = evaluate_all(in, list, semantic, &body);
    if (r == RESULT_OK) {
        inquiry_answer(in, &body);
        return;
    }
    response_failure(in->resp, r);
    buf_free(&body);
}

void access_evaluations(void *app, struct request *req, struct response *resp)
{
    struct inquiry in;
    if (!inquiry_begin(&in, app, req, resp))
        return;
    const struct node *list = node_member(in.body, STR("evaluations"));
    if (list && !node_is(list, NODE_NULL) && !node_is(list, NODE_ARRAY))
        inquiry_refuse(&in, STR("evaluations must be an array of objects"));
    else if (!node_is(list, NODE_ARRAY) || list->count == 0)
        evaluate_one(&in);
    else
        evaluate_many(&in, list);
}
