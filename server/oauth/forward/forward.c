#include "server/oauth/forward/forward.h"

#include "server/oauth/location.h"

void forward_say(struct forward *f, int status, const char *english, const char *chinese)
{
    struct str text =
        arena_printf(f->arena, "%s\n%s\n%s\n", english, chinese, arena_cstr(f->arena, f->req->reference));
    response_text(f->resp, status, STR("text/plain; charset=utf-8"), text);
}

static const char *cookie_name(const struct forward *f, const char *what)
{
    return arena_printf(f->arena, "__Host-onedoor-%s-" STR_FMT, what, STR_ARG(f->app->client_id)).p;
}

const char *forward_cookie(const struct forward *f)
{
    return cookie_name(f, "entry");
}

const char *forward_ticket_cookie(const struct forward *f)
{
    return cookie_name(f, "ticket");
}

static struct str authority_of(struct str origin)
{
    struct str scheme, rest = origin;
    str_cut(&rest, ':', &scheme);
    return str_sub(rest, 2, rest.len);
}

/* The host is only ever compared with what is registered, never used. */
static bool find_host(struct forward *f, struct str host)
{
    for (size_t i = 0; i < f->app->redirect_uris.n; i++) {
        struct str uri = f->app->redirect_uris.v[i], origin = location_origin(uri);
        bool ours = origin.len > 0 && str_eq(str_sub(uri, origin.len, uri.len), STR(FORWARD_CALLBACK));
        if (ours && str_eq_nocase(authority_of(origin), host)) {
            f->redirect_uri = uri;
            f->origin = origin;
            return true;
        }
    }
    return false;
}

bool forward_read(struct forward *f, void *app, struct request *req, struct response *resp,
                  struct str client_id)
{
    *f = (struct forward){.p = app, .req = req, .resp = resp, .arena = req->arena};
    if (req->method == HTTP_HEAD) { /* looking is not asking */
        response_problem(resp, PROBLEM_METHOD_NOT_ALLOWED);
        return false;
    }
    f->app = applications_find(f->p->applications, f->arena, client_id);
    if (!f->app && !applications_loaded(f->p->applications)) {
        response_problem(resp, PROBLEM_UNAVAILABLE);
        return false;
    }
    if (!f->app || !f->app->forward_auth) {
        forward_say(f, 400, "The proxy names no application that is registered with forward-auth=TRUE.",
                    "代理指定的应用未登记或未启用 forward-auth。");
        return false;
    }
    if (find_host(f, request_header(req, "x-forwarded-host")))
        return true;
    forward_say(f, 400,
                "No redirect address https://HOST" FORWARD_CALLBACK
                " of the application fits the host in X-Forwarded-Host.",
                "X-Forwarded-Host 中的主机与应用登记的 https://HOST" FORWARD_CALLBACK " 地址不符。");
    return false;
}
