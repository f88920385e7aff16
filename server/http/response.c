#include "server/http/response.h"

/* What may stand in a header's value: a line end would begin a header, or a response, of somebody else's. */
static bool splits(struct str value)
{
    return str_has(value, '\r') || str_has(value, '\n') || str_has(value, '\0');
}

static void refuse(struct response *resp)
{
    response_problem(resp, PROBLEM_INTERNAL);
    resp->broken = true;
}

void response_header(struct response *resp, const char *name, struct str value)
{
    if (resp->broken)
        return;
    if (splits(value) || !pairs_add(&resp->headers, resp->arena, str_of(name), value))
        refuse(resp);
}

/* RFC 6265 section 4.1.1, cookie-octet. */
static bool is_cookie_value(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || str_has(STR("\",;\\"), s.p[i]))
            return false;
    return true;
}

/* The Set-Cookie of that name that was set before: a name is set once (RFC 6265 section 4.1.1). */
static struct pair *earlier_cookie(struct response *resp, struct str name)
{
    for (size_t i = 0; i < resp->headers.n; i++) {
        struct pair *p = &resp->headers.v[i];
        if (str_eq(p->name, STR("Set-Cookie")) && str_starts(p->value, name) &&
            str_starts(str_sub(p->value, name.len, 1), STR("=")))
            return p;
    }
    return NULL;
}

void response_cookie(struct response *resp, const char *name, struct str value, int64_t max_age)
{
    if (resp->broken)
        return;
    if (!is_cookie_value(value)) {
        refuse(resp);
        return;
    }
    struct str age = STR_EMPTY;
    if (max_age != 0)
        age = arena_printf(resp->arena, "; Max-Age=%lld", max_age > 0 ? (long long)max_age : 0LL);
    struct str parts[] = {str_of(name), STR("="), max_age < 0 ? STR_EMPTY : value,
                          STR("; Path=/; Secure; HttpOnly; SameSite=Lax"), age};
    struct str text = arena_join(resp->arena, parts, sizeof parts / sizeof parts[0]);
    struct pair *earlier = earlier_cookie(resp, str_of(name));
    if (earlier)
        earlier->value = text;
    else
        response_header(resp, "Set-Cookie", text);
}

static void set_body(struct response *resp, int status, struct str content_type, struct str body)
{
    if (resp->broken)
        return;
    resp->status = status;
    resp->content_type = content_type;
    resp->body = body;
    resp->view = NULL;
    resp->view_data = NULL;
    resp->problem = NULL;
}

void response_json(struct response *resp, int status, const json_t *value)
{
    struct str body = json_text(resp->arena, value);
    if (body.len == 0)
        response_problem(resp, PROBLEM_INTERNAL);
    else
        set_body(resp, status, STR("application/json"), body);
}

void response_text(struct response *resp, int status, struct str content_type, struct str body)
{
    set_body(resp, status, content_type, body);
}

void response_redirect(struct response *resp, struct str location)
{
    set_body(resp, 303, STR_EMPTY, STR_EMPTY);
    response_header(resp, "Location", location);
}

void response_view(struct response *resp, int status, const char *view, json_t *data)
{
    set_body(resp, status, STR("text/html; charset=utf-8"), STR_EMPTY);
    if (resp->broken)
        return;
    resp->view = view;
    resp->view_data = data;
}

void response_problem(struct response *resp, enum problem p)
{
    if (resp->broken)
        return;
    const struct problem_row *row = problem_row(p);
    *resp = (struct response){.arena = resp->arena, .status = row->status, .problem = row};
}

void response_failure(struct response *resp, enum result r)
{
    response_problem(resp, r == RESULT_UNAVAILABLE ? PROBLEM_UNAVAILABLE : PROBLEM_INTERNAL);
}
