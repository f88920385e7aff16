#include "server/http/admission.h"

#include "server/http/cors.h"

/* The cookies of ours begin so; those of other applications of this host are none of our business. */
#define OWN_COOKIE STR("__Host-onedoor-")

static bool refuse(struct response *resp, enum problem p)
{
    response_problem(resp, p);
    return false;
}

uint64_t admission_length(const struct request *r)
{
    uint64_t length;
    return str_to_u64(request_header(r, "content-length"), INT64_MAX, &length) ? length : 0;
}

static bool has_body(const struct request *r)
{
    return admission_length(r) > 0 || pairs_count_nocase(&r->headers, "transfer-encoding") > 0;
}

static struct str unquote(struct str s)
{
    bool quoted = s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"';
    return quoted ? str_sub(s, 1, s.len - 2) : s;
}

/* The bytes of a form or of JSON are UTF-8 and nothing else; other parameters of the type say nothing to us.
 */
static bool is_media_type(struct str header, struct str wanted)
{
    struct str type, parameter, name;
    if (!str_cut(&header, ';', &type) || !str_eq_nocase(str_trim(type), wanted))
        return false;
    while (str_cut(&header, ';', &parameter)) {
        if (!str_cut(&parameter, '=', &name) || !str_eq_nocase(str_trim(name), STR("charset")))
            continue;
        if (!str_eq_nocase(unquote(str_trim(parameter)), STR("utf-8")))
            return false;
    }
    return true;
}

static bool admit_body(struct request *r, struct response *resp)
{
    bool body = has_body(r);
    if (r->method != HTTP_POST || r->route->body == BODY_NONE)
        return body ? refuse(resp, PROBLEM_BAD_REQUEST) : true;
    if (admission_length(r) > r->route->body_max)
        return refuse(resp, PROBLEM_TOO_LARGE);
    if (!body && pairs_count_nocase(&r->headers, "content-type") == 0)
        return true;
    bool form = r->route->body == BODY_FORM;
    struct str wanted = form ? STR("application/x-www-form-urlencoded") : STR("application/json");
    if (is_media_type(request_header(r, "content-type"), wanted))
        return true;
    return refuse(resp, form ? PROBLEM_MEDIA_TYPE : PROBLEM_NOT_JSON);
}

bool admission_of_head(const struct route *routes, size_t n, struct request *r, struct response *resp)
{
    unsigned allowed;
    r->route = route_pick(routes, n, r->path, r->method, &allowed);
    if (!r->route)
        return refuse(resp, PROBLEM_NOT_FOUND);
    if (allowed & HTTP_GET)
        allowed |= HTTP_HEAD;
    if (r->method == HTTP_OPTIONS && r->route->cors == CORS_ANY && (allowed & HTTP_OPTIONS) == 0) {
        cors_preflight(resp, allowed);
        return false;
    }
    unsigned taken = r->route->methods | (r->route->methods & HTTP_GET ? HTTP_HEAD : 0);
    if ((taken & r->method) == 0) {
        response_problem(resp, PROBLEM_METHOD_NOT_ALLOWED);
        response_header(resp, "Allow", cors_methods(resp->arena, allowed));
        return false;
    }
    return admit_body(r, resp);
}

static bool parse_form(struct pairs *list, struct request *r, struct str text, struct response *resp)
{
    if (pairs_parse_form(list, r->arena, text))
        return true;
    return refuse(resp, list->n >= PAIRS_MAX ? PROBLEM_TOO_MANY_PARAMETERS : PROBLEM_BAD_REQUEST);
}

/* A browser sends one Cookie header, but a proxy that speaks HTTP/2 may hand on several. */
static bool parse_cookies(struct request *r, struct response *resp)
{
    for (size_t i = 0; i < r->headers.n; i++) {
        if (!str_eq_nocase(r->headers.v[i].name, STR("cookie")))
            continue;
        if (pairs_parse_cookies(&r->cookies, r->arena, r->headers.v[i].value))
            continue;
        return refuse(resp, r->cookies.n >= PAIRS_MAX ? PROBLEM_TOO_MANY_PARAMETERS : PROBLEM_BAD_REQUEST);
    }
    return true;
}

static bool occurs(const struct pairs *list, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list->v[i].name, name))
            return true;
    return false;
}

/* Two cookies of one name: one of them was planted, and nobody can tell which. */
static bool own_cookies_are_single(const struct pairs *cookies)
{
    for (size_t i = 1; i < cookies->n; i++)
        if (str_starts(cookies->v[i].name, OWN_COOKIE) && occurs(cookies, i, cookies->v[i].name))
            return false;
    return true;
}

/* RFC 6749 section 3.1: a parameter stands once, be it in the query or in the form. */
static bool parameters_are_single(const struct request *r)
{
    struct str twice;
    if (!pairs_unique(&r->query, &twice) || !pairs_unique(&r->form, &twice))
        return false;
    for (size_t i = 0; i < r->form.n; i++)
        if (occurs(&r->query, r->query.n, r->form.v[i].name))
            return false;
    return true;
}

bool admission_of_whole(struct request *r, struct response *resp)
{
    if (!parse_form(&r->query, r, r->query_raw, resp) || !parse_cookies(r, resp))
        return false;
    if (r->route->body == BODY_FORM && !parse_form(&r->form, r, r->body, resp))
        return false;
    if (!own_cookies_are_single(&r->cookies) || !parameters_are_single(r))
        return refuse(resp, PROBLEM_PARAMETER_TWICE);
    return true;
}

/* Programs that ask for no page get JSON; every browser asks for text/html when it goes to an address. */
bool admission_is_page(const struct request *r)
{
    if (r->route)
        return r->route->kind == ROUTE_PAGE;
    struct str accept = pairs_get_nocase(&r->headers, "accept"), part, type;
    while (str_cut(&accept, ',', &part))
        if (str_cut(&part, ';', &type) && str_eq_nocase(str_trim(type), STR("text/html")))
            return true;
    return false;
}
