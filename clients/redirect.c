#include "clients/redirect.h"

#include <arpa/inet.h>
#include <string.h>

/* "https://user@host:1/rest" in its parts; the host of an IPv6 literal keeps its brackets. */
struct address {
    struct str scheme, host, port, rest;
    bool has_userinfo, has_port;
};

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* RFC 3986 section 3.1, in lower case only: so that there is one spelling. */
static bool is_scheme(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && (i == 0 || (!is_digit(c) && !strchr("+.-", c))))
            return false;
    }
    return s.len > 0;
}

/* Printable ASCII that may stand in a URI, with complete escapes. */
static bool has_uri_bytes(struct str uri)
{
    for (size_t i = 0; i < uri.len; i++) {
        char c = uri.p[i];
        if (c <= 0x20 || c >= 0x7F || strchr("\"<>\\^`{|}", c))
            return false;
        if (c == '%' && (uri.len - i < 3 || !is_hex(uri.p[i + 1]) || !is_hex(uri.p[i + 2])))
            return false;
    }
    return uri.len > 0;
}

static size_t length_until(struct str s, const char *stops)
{
    size_t n = 0;
    while (n < s.len && !strchr(stops, s.p[n]))
        n++;
    return n;
}

/* False when there is no "://" behind a scheme, or an IPv6 literal has no end. */
static bool split(struct str uri, struct address *out)
{
    struct str rest = uri;
    *out = (struct address){0};
    if (!str_cut(&rest, ':', &out->scheme) || !is_scheme(out->scheme) || !str_starts(rest, STR("//")))
        return false;

    rest = str_sub(rest, 2, rest.len);
    struct str authority = str_sub(rest, 0, length_until(rest, "/?#"));
    out->rest = str_sub(rest, authority.len, rest.len);
    out->has_userinfo = str_has(authority, '@');
    size_t host = length_until(authority, ":");
    if (str_starts(authority, STR("["))) {
        host = length_until(authority, "]") + 1;
        if (host > authority.len)
            return false;
    }
    out->host = str_sub(authority, 0, host);
    struct str behind = str_sub(authority, host, authority.len);
    if (behind.len > 0 && behind.p[0] != ':')
        return false;
    out->has_port = behind.len > 0;
    out->port = str_sub(behind, 1, behind.len);
    return true;
}

static bool is_loopback_literal(struct str host)
{
    return str_eq(host, STR("127.0.0.1")) || str_eq(host, STR("[::1]"));
}

static bool is_ipv6_literal(struct str host)
{
    char text[INET6_ADDRSTRLEN] = "";
    unsigned char bytes[16];
    if (host.len < 4 || host.len - 2 >= sizeof text || host.p[0] != '[')
        return false;
    memcpy(text, host.p + 1, host.len - 2);
    return inet_pton(AF_INET6, text, bytes) == 1;
}

static bool is_host(struct str host)
{
    if (is_ipv6_literal(host))
        return true;
    for (size_t i = 0; i < host.len; i++)
        if (!is_alpha(host.p[i]) && !is_digit(host.p[i]) && !strchr(".-", host.p[i]))
            return false;
    return host.len > 0 && host.len <= 253 && host.p[0] != '.' && host.p[0] != '-';
}

static bool is_port(struct str port)
{
    uint64_t n;
    return str_to_u64(port, 65535, &n) && n > 0;
}

/* "." or "..", a dot perhaps written %2e: browsers walk the path before they ask for it. */
static bool is_dot_segment(struct str s)
{
    size_t dots = 0;
    while (s.len > 0) {
        size_t step = s.p[0] == '.' ? 1 : str_eq_nocase(str_sub(s, 0, 3), STR("%2e")) ? 3 : 0;
        if (step == 0)
            return false;
        s = str_sub(s, step, s.len);
        dots++;
    }
    return dots == 1 || dots == 2;
}

static bool has_dot_segment(struct str rest)
{
    struct str path = str_sub(rest, 0, length_until(rest, "?#")), segment;
    while (str_cut(&path, '/', &segment))
        if (is_dot_segment(segment))
            return true;
    return false;
}

static const char *web_refusal(const struct address *at)
{
    if (at->has_userinfo)
        return "has a user name before the host";
    if (!is_host(at->host))
        return "has no valid host";
    if (at->has_port && !is_port(at->port))
        return "has no valid port";
    if (at->rest.len > 0 && at->rest.p[0] == '?')
        return "has no path before its query";
    if (has_dot_segment(at->rest))
        return "has a path with . or .. in it";
    if (str_eq(at->scheme, STR("https")))
        return NULL;
    if (!is_loopback_literal(at->host) && !str_eq(at->host, STR("localhost")))
        return "is http on another host than this machine itself";
    return NULL;
}

bool redirect_is_private(struct str uri)
{
    struct str scheme;
    return str_cut(&uri, ':', &scheme) && is_scheme(scheme) && str_has(scheme, '.');
}

static const char *private_refusal(struct str uri)
{
    struct str scheme, rest = uri;
    struct address at;
    (void)str_cut(&rest, ':', &scheme);
    if (!str_starts(rest, STR("/")))
        return "has no path behind its scheme";
    if (str_starts(rest, STR("//")) && (!split(uri, &at) || at.has_userinfo))
        return "has no valid host";
    return has_dot_segment(rest) ? "has a path with . or .. in it" : NULL;
}

/* What holds for every address, whatever its scheme. */
static const char *plain_refusal(struct str uri)
{
    if (uri.len > REDIRECT_MAX)
        return "is longer than 2000 bytes";
    if (!has_uri_bytes(uri))
        return "has bytes that may not stand in an address";
    if (str_has(uri, '*'))
        return "has a *, and addresses are compared byte for byte";
    if (str_has(uri, '#'))
        return "has a fragment";
    return NULL;
}

const char *page_address_refusal(struct str uri)
{
    struct address at;
    const char *refusal = plain_refusal(uri);
    if (refusal)
        return refusal;
    if (!split(uri, &at) || (!str_eq(at.scheme, STR("https")) && !str_eq(at.scheme, STR("http"))))
        return "is no absolute https address";
    return web_refusal(&at);
}

const char *redirect_refusal(struct str uri)
{
    if (!redirect_is_private(uri))
        return page_address_refusal(uri);
    const char *refusal = plain_refusal(uri);
    return refusal ? refusal : private_refusal(uri);
}

bool redirect_matches(struct str registered, struct str given, bool any_port)
{
    struct address r, g;
    if (str_eq(registered, given))
        return true;
    if (!any_port || !split(registered, &r) || !split(given, &g))
        return false;
    return str_eq(r.scheme, STR("http")) && str_eq(g.scheme, STR("http")) && is_loopback_literal(r.host) &&
           str_eq(r.host, g.host) && (!g.has_port || is_port(g.port)) && str_eq(r.rest, g.rest);
}

bool is_resource_identifier(struct str uri)
{
    struct str scheme, rest = uri;
    return uri.len <= 512 && has_uri_bytes(uri) && !str_has(uri, '#') && str_cut(&rest, ':', &scheme) &&
           is_scheme(scheme) && rest.len > 0;
}
