/* GET and POST /signin/otp and /signin/recovery: the second factor, or a recovery code in its place. */
#include "server/pages/visit.h"

typedef enum flow_outcome (*check_fn)(struct authn *au, struct arena *a, struct transaction *t,
                                      const struct flow_request *fr, struct str code,
                                      struct flow_grant *grant);

struct factor {
    const char *view, *field;
    check_fn check;
};

static void show(struct visit *v, const struct factor *f, const struct form_error *error)
{
    json_t *data = json_new(v->arena);
    if (data)
        visit_view(v, form_error_put(v, error, data), f->view, data);
    else
        response_problem(v->resp, PROBLEM_INTERNAL);
}

static void answer_post(struct visit *v, const struct factor *f)
{
    struct str code = pairs_get(&v->req->form, f->field);
    struct form_error error = {.word = "empty"};
    if (code.len == 0) {
        if (visit_at_step(v, FLOW_OTP))
            show(v, f, &error);
        return;
    }
    struct flow_grant grant = {.retry_after = 0};
    struct flow_request fr = visit_flow_request(v);
    enum flow_outcome outcome = f->check(v->au, v->arena, v->t, &fr, code, &grant);
    if (visit_shows_form_again(v, outcome, &grant, &error))
        show(v, f, &error);
}

static void answer(void *app, struct request *req, struct response *resp, const struct factor *f)
{
    struct visit v;
    if (!visit_begin(&v, app, req, resp) || !visit_transaction(&v))
        return;
    if (req->method == HTTP_POST)
        answer_post(&v, f);
    else if (visit_at_step(&v, FLOW_OTP))
        show(&v, f, &(struct form_error){.word = NULL});
}

void page_otp(void *app, struct request *req, struct response *resp)
{
    static const struct factor otp = {"otp", "otp", flow_otp};
    answer(app, req, resp, &otp);
}

void page_recovery(void *app, struct request *req, struct response *resp)
{
    static const struct factor recovery = {"recovery", "recovery_code", flow_recovery_code};
    answer(app, req, resp, &recovery);
}
