/* GET and POST /signin/enrol: setting a second factor up, and the recovery codes, shown once. */
#include "authn/totp.h"
#include "server/base/encode.h"
#include "server/pages/visit.h"

/* "ABCD EFGH …": easier to copy by hand. */
static struct str in_groups(struct arena *a, struct str text)
{
    char *p = arena_alloc(a, text.len + text.len / 4 + 1);
    size_t n = 0;
    for (size_t i = 0; p && i < text.len; i++) {
        if (i > 0 && i % 4 == 0)
            p[n++] = ' ';
        p[n++] = text.p[i];
    }
    return (struct str){p, n};
}

static struct str qr_source(struct visit *v, struct str label, struct str seed)
{
    struct str uri = totp_uri(v->arena, v->au->config.totp_issuer, label, seed);
    struct str svg = totp_qr_svg(v->arena, uri);
    if (svg.len == 0)
        return STR_EMPTY;
    struct str parts[] = {STR("data:image/svg+xml;base64,"), base64_encode(v->arena, svg)};
    return arena_join(v->arena, parts, 2);
}

static void show(struct visit *v, const struct form_error *error)
{
    struct str seed, label;
    struct flow_grant none = {.retry_after = 0};
    struct form_error unused;
    enum flow_outcome outcome = flow_enrol_seed(v->au, v->arena, v->t, &seed, &label);
    json_t *data = json_new(v->arena);
    if (outcome != FLOW_WENT_ON || !data) {
        if (outcome == FLOW_WENT_ON || visit_shows_form_again(v, outcome, &none, &unused))
            response_problem(v->resp, PROBLEM_INTERNAL);
        return;
    }
    json_put_str(data, "secret", in_groups(v->arena, totp_base32(v->arena, seed)));
    json_put_str(data, "qr_src", qr_source(v, label, seed));
    visit_view(v, form_error_put(v, error, data), "enrol", data);
}

/* The one answer to a post that is a page: the codes are nowhere else to be read. */
static void show_codes(struct visit *v, const struct str codes[RECOVERY_CODES],
                       const struct flow_grant *grant)
{
    json_t *data = json_new(v->arena), *list = json_array();
    if (!data || !list) {
        json_decref(list);
        response_problem(v->resp, PROBLEM_INTERNAL);
        return;
    }
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        json_array_append_new(list, json_stringn(codes[i].p, codes[i].len));
    json_object_set_new(data, "codes", list);
    json_put_str(data, "continue_uri", visit_return_uri(v));
    visit_view(v, 200, "recovery_codes", data);
    visit_set_cookies(v, grant);
}

static void answer_post(struct visit *v)
{
    struct str code = pairs_get(&v->req->form, "otp"), codes[RECOVERY_CODES];
    struct form_error error = {.word = "empty"};
    if (code.len == 0) {
        if (visit_at_step(v, FLOW_ENROL))
            show(v, &error);
        return;
    }
    struct flow_grant grant = {.retry_after = 0};
    struct flow_request fr = visit_flow_request(v);
    fr.ends_transaction = false; /* a page comes first */
    enum flow_outcome outcome = flow_enrol_confirm(v->au, v->arena, v->t, &fr, code, codes, &grant);
    if (outcome == FLOW_WENT_ON)
        show_codes(v, codes, &grant);
    else if (visit_shows_form_again(v, outcome, &grant, &error))
        show(v, &error);
}

void page_enrol(void *app, struct request *req, struct response *resp)
{
    struct visit v;
    if (!visit_begin(&v, app, req, resp) || !visit_transaction(&v))
        return;
    if (req->method == HTTP_POST)
        answer_post(&v);
    else if (visit_at_step(&v, FLOW_ENROL))
        show(&v, &(struct form_error){.word = NULL});
}
