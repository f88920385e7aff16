#include "server/http/request.h"

struct str request_header(const struct request *r, const char *name)
{
    struct str value;
    return pairs_find_nocase(&r->headers, str_of(name), &value) == 1 ? value : STR_EMPTY;
}

struct str request_cookie(const struct request *r, const char *name)
{
    return pairs_count(&r->cookies, name) == 1 ? pairs_get(&r->cookies, name) : STR_EMPTY;
}

/* scheme://host[:port] of an address. */
static struct str origin_of(struct str url)
{
    struct str scheme = url, rest = url;
    if (!str_cut(&rest, ':', &scheme) || !str_starts(rest, STR("//")))
        return STR_EMPTY;
    size_t slashes = 0, end = 0;
    while (end < url.len && (slashes += url.p[end] == '/' ? 1 : 0) < 3)
        end++;
    return str_sub(url, 0, end);
}

bool request_is_same_origin(const struct request *r)
{
    size_t origins = pairs_count_nocase(&r->headers, "origin");
    size_t sites = pairs_count_nocase(&r->headers, "sec-fetch-site");
    if (origins > 1 || sites > 1)
        return false;
    struct str own = origin_of(r->issuer), site = pairs_get_nocase(&r->headers, "sec-fetch-site");
    if (origins == 1 && (own.len == 0 || !str_eq_nocase(pairs_get_nocase(&r->headers, "origin"), own)))
        return false;
    return sites == 0 || str_eq(site, STR("same-origin")) || str_eq(site, STR("none"));
}

enum result request_may_wait(struct request *r, enum run_where place)
{
    if (place <= r->place)
        return RESULT_OK;
    r->wanted = place;
    return RESULT_UNAVAILABLE;
}
