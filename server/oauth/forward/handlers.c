/*
 * GET /forward-auth/ID/check: 200 with identity and rights in headers, 401, 403, or 431; with `redirect=yes`
 * (Caddy, Traefik: what they are answered goes to the browser) 401 becomes the way to sign in. GET
 * /forward-auth/ID/start: the way to sign in (nginx: error_page 401). GET /forward-auth/ID/callback: back
 * from /authorize with a code. GET /forward-auth/ID/sign-out: out of this application, then to /logout.
 */
#include "server/base/clock.h"
#include "server/base/secret.h"
#include "server/oauth/endpoints.h"
#include "server/oauth/forward/forward.h"
#include "server/oauth/location.h"
#include "server/oauth/pkce.h"
#include "server/oauth/trail.h"
#include "server/token/claims.h"
#include "server/token/code.h"

/* Only for what a person opens: a picture or a script that is led to a sign-in page helps nobody. */
static bool may_redirect(const struct forward *f)
{
    struct str method = request_header(f->req, "x-forwarded-method");
    struct str mode = request_header(f->req, "sec-fetch-mode");
    return str_eq(pairs_get(&f->req->query, "redirect"), STR("yes")) &&
           (method.len == 0 || str_eq(method, STR("GET"))) &&
           (mode.len == 0 || str_eq(mode, STR("navigate")));
}

static void ask_to_sign_in(struct forward *f, struct str acr)
{
    if (may_redirect(f)) {
        forward_begin(f, acr);
        return;
    }
    forward_say(f, 401, "Please sign in.", "请先登录。");
    if (acr.len > 0)
        response_header(f->resp, "Onedoor-Acr-Values", acr);
}

static void refuse(struct forward *f)
{
    forward_say(f, 403, "You are signed in, but this is not open to you.", "您已登录，但无权使用此内容。");
}

/* A permission that the proxy's settings demand for that address, of the application's own. */
static void answer_permission(struct forward *f, struct str wanted, const struct visitor *v)
{
    struct subject subject;
    struct decision d;
    const struct person *person = v->rights.person;
    const struct model *m = live_model(f->p->live, f->arena);
    struct evaluation e = {.client_id = f->app->client_id,
                           .action = wanted,
                           .subject = person ? &subject : NULL,
                           .mandate = v->rights.mandate,
                           .level = v->grant->level,
                           .now = clock_now()};
    if (!m || (person && !subject_of_person(person, &subject))) {
        response_failure(f->resp, m ? RESULT_INTERNAL : RESULT_UNAVAILABLE);
        return;
    }
    str_cut(&e.action, ':', &e.resource_type);
    e.identity_level = identity_level_of(f->p, v->session->person.kind, v->session->person.identity_level);
    model_decide(m, &e, &d);
    if (d.reason == REASON_ALLOWED)
        forward_headers(f, v);
    else if (d.reason == REASON_ASSURANCE)
        ask_to_sign_in(f, str_of(acr_word(d.needed_level)));
    else
        refuse(f);
}

static void answer_check(struct forward *f)
{
    struct visitor v;
    struct str permission = pairs_get(&f->req->query, "permission");
    enum result r = forward_entry(f, &v);
    if (r == RESULT_NOT_FOUND) {
        ask_to_sign_in(f, STR_EMPTY);
    } else if (r == RESULT_REFUSED) {
        refuse(f);
    } else if (r != RESULT_OK) {
        response_failure(f->resp, r);
    } else {
        response_text(f->resp, 200, STR_EMPTY, STR_EMPTY);
        if (permission.len > 0)
            answer_permission(f, permission, &v);
        else
            forward_headers(f, &v);
    }
}

static void answer_start(struct forward *f)
{
    struct str acr = pairs_get(&f->req->query, "acr_values");
    forward_begin(f, acr_level(acr) != AUTHN_NONE ? acr : STR_EMPTY);
}

/* A code that comes again ends what it gave (RFC 6749 section 4.1.2). */
static enum result reused(struct forward *f, const struct code *code)
{
    trail_note(f->p, f->req, AUDIT_CODE_REUSED,
               (struct audit_entry){.client_id = code->client_id, .detail = STR("forward_auth")});
    enum result r = grant_end(f->p, f->arena, code->line.gid);
    return r == RESULT_OK ? RESULT_REFUSED : r;
}

/* The code is this very sign-in's: same application, address and verifier. Spent last, by the one atomic
 * step. */
static enum result redeem(struct forward *f, const struct ticket *t, struct grant **g)
{
    struct code *code;
    struct store_puts puts = {0};
    struct store_steps steps = {.n = 0};
    enum result r = code_find(f->p, f->arena, pairs_get(&f->req->query, "code"), &code);
    if (r != RESULT_OK && r != RESULT_USED)
        return r;
    if (!str_eq(code->client_id, t->client_id) || !str_eq(code->redirect_uri, t->redirect_uri) ||
        !pkce_fits(f->arena, t->verifier, code->code_challenge))
        return RESULT_REFUSED;
    if (r == RESULT_USED)
        return reused(f, code);
    r = lineage_grant(f->arena, &code->line, g);
    if (r == RESULT_OK)
        r = grant_keep(f->arena, *g, f->p->authn.config.session_absolute_seconds, &puts);
    if (r == RESULT_OK && !(code_spending(f->arena, code, &steps) && store_steps_put(&steps, &puts)))
        r = RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = trail_write(f->p, f->req, AUDIT_TOKEN_ISSUED,
                        (struct audit_entry){.subject = (*g)->subject,
                                             .client_id = (*g)->client_id,
                                             .sid = (*g)->sid,
                                             .detail = STR("forward_auth")});
    if (r == RESULT_OK)
        r = store_together(f->p->store, f->arena, &steps);
    return r == RESULT_USED ? reused(f, code) : r;
}

static void answer_callback(struct forward *f, const struct ticket *t)
{
    struct grant *g;
    enum result r = redeem(f, t, &g);
    if (r == RESULT_REFUSED || r == RESULT_NOT_FOUND) {
        forward_say(f, 403, "This sign-in is over. Please open the application again.",
                    "本次登录已失效，请重新打开应用。");
        return;
    }
    if (r == RESULT_OK) {
        response_redirect(f->resp, arena_join(f->arena, (struct str[]){f->origin, t->return_to}, 2));
        response_cookie(f->resp, forward_ticket_cookie(f), STR_EMPTY, -1);
        r = forward_enter(f, g);
    }
    if (r != RESULT_OK)
        response_failure(f->resp, r);
}

/* RFC 9207: whose answer it is; and the state of this browser's own ticket. */
static bool is_answer_to(const struct forward *f, const struct ticket *t)
{
    return str_eq(pairs_get(&f->req->query, "iss"), f->p->config.issuer) &&
           equal_constant_time(pairs_get(&f->req->query, "state"), t->state) &&
           str_eq(t->redirect_uri, f->redirect_uri);
}

static void answer_return(struct forward *f)
{
    struct ticket t;
    enum result r = forward_ticket_take(f, &t);
    if (r != RESULT_OK && r != RESULT_NOT_FOUND)
        response_failure(f->resp, r);
    else if (r == RESULT_NOT_FOUND || !is_answer_to(f, &t))
        forward_say(
            f, 403,
            "This sign-in was begun in another browser or is over. Please open the application again.",
            "本次登录不属于此浏览器或已失效，请重新打开应用。");
    else if (pairs_get(&f->req->query, "error").len > 0)
        refuse(f);
    else
        answer_callback(f, &t);
}

static void answer_sign_out(struct forward *f)
{
    struct pairs asked = {0};
    enum result r = forward_leave(f);
    const char *name = forward_cookie(f);
    struct str logout = arena_join(f->arena, (struct str[]){f->p->config.issuer, STR("/logout")}, 2);
    if (r == RESULT_OK && (!name || !pairs_add(&asked, f->arena, STR("client_id"), f->app->client_id)))
        r = RESULT_INTERNAL;
    if (r != RESULT_OK) {
        response_failure(f->resp, r);
        return;
    }
    response_redirect(f->resp, location_with(f->arena, logout, &asked));
    response_cookie(f->resp, name, STR_EMPTY, -1);
}

void oauth_forward(void *app, struct request *req, struct response *resp)
{
    static const struct {
        struct str name;
        void (*run)(struct forward *f);
    } actions[] = {
        {STR("check"), answer_check},
        {STR("start"), answer_start},
        {STR("callback"), answer_return},
        {STR("sign-out"), answer_sign_out},
    };
    struct str rest = str_sub(req->path, sizeof "/forward-auth/" - 1, req->path.len), client_id;
    str_cut(&rest, '/', &client_id);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        struct forward f;
        if (!str_eq(rest, actions[i].name))
            continue;
        if (forward_read(&f, app, req, resp, client_id))
            actions[i].run(&f);
        return;
    }
    response_problem(resp, PROBLEM_NOT_FOUND);
}
