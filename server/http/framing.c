#include "server/http/framing.h"

static bool has_gaps(const struct framing *f)
{
    return f->gaps;
}

/* RFC 9112 section 3.2.1: a path and a query, of the characters that RFC 3986 has. */
static bool target_is_not_origin_form(const struct framing *f)
{
    for (size_t i = 0; i < f->target.len; i++)
        if (f->target.p[i] <= ' ' || f->target.p[i] > '~' || f->target.p[i] == '#')
            return true;
    return !str_starts(f->target, STR("/"));
}

/* RFC 9110 section 5.6.2. */
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool usual = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        if (!usual && (c == 0 || !str_has(STR("!#$%&'*+.^_`|~"), c)))
            return false;
    }
    return s.len > 0;
}

/* MHD takes `Content-Length :` for a header of another name; so do not the servers in front. */
static bool name_is_no_token(const struct framing *f)
{
    for (size_t i = 0; i < f->headers->n; i++)
        if (!is_token(f->headers->v[i].name))
            return true;
    return false;
}

static bool value_has_control(const struct framing *f)
{
    for (size_t i = 0; i < f->headers->n; i++)
        if (str_has_control(f->headers->v[i].value))
            return true;
    return false;
}

static bool is_http_1_0(const struct framing *f)
{
    return str_eq(f->version, STR("HTTP/1.0"));
}

static bool host_is_not_one(const struct framing *f)
{
    return f->hosts > 1 || (f->hosts == 0 && !is_http_1_0(f));
}

static bool lengths_are_two(const struct framing *f)
{
    return f->lengths > 1;
}

static bool length_is_no_number(const struct framing *f)
{
    uint64_t length;
    return f->lengths == 1 && !str_to_u64(f->length, INT64_MAX, &length);
}

static bool length_meets_encoding(const struct framing *f)
{
    return f->lengths > 0 && f->encodings > 0;
}

static bool encoding_is_not_chunked(const struct framing *f)
{
    if (f->encodings == 0)
        return false;
    return f->encodings > 1 || is_http_1_0(f) || !str_eq_nocase(f->encoding, STR("chunked"));
}

static const struct {
    const char *fault;
    bool (*found)(const struct framing *f);
} checks[] = {
    {"stray bytes in the header block", has_gaps},
    {"the target is no path", target_is_not_origin_form},
    {"a header name is no token", name_is_no_token},
    {"a control character in a header", value_has_control},
    {"not exactly one Host", host_is_not_one},
    {"two Content-Length", lengths_are_two},
    {"Content-Length is no number", length_is_no_number},
    {"Content-Length beside Transfer-Encoding", length_meets_encoding},
    {"Transfer-Encoding is not chunked", encoding_is_not_chunked},
};

const char *framing_fault(struct framing *f)
{
    struct str host;
    f->hosts = pairs_find_nocase(f->headers, STR("host"), &host);
    f->lengths = pairs_find_nocase(f->headers, STR("content-length"), &f->length);
    f->encodings = pairs_find_nocase(f->headers, STR("transfer-encoding"), &f->encoding);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (checks[i].found(f))
            return checks[i].fault;
    return NULL;
}
