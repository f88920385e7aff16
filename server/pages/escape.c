#include "server/pages/escape.h"

#include <string.h>

static const char *reference(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&#34;";
    case '\'':
        return "&#39;";
    case '\r':
        return "&#13;";
    case '\n':
        return "&#10;";
    default:
        return NULL;
    }
}

void escape_html(struct buf *out, struct str s)
{
    while (s.len > 0) {
        uint32_t cp;
        size_t len = str_code_point(s, &cp);
        const char *ref = len == 1 ? reference(s.p[0]) : NULL;
        bool unfit = len == 0 || (cp < 0x20 && cp != '\t') || (cp >= 0x7F && cp < 0xA0);
        if (ref)
            buf_add(out, str_of(ref));
        else if (unfit)
            buf_add(out, STR("\xEF\xBF\xBD"));
        else
            buf_add(out, str_sub(s, 0, len));
        s = str_sub(s, len > 0 ? len : 1, s.len);
    }
}

/* What RFC 3986 allows, without `[` and `]`: a browser reads nothing else into such bytes. */
static bool is_url_text(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] <= 0x20 || s.p[i] >= 0x7F || strchr("\"<>\\^`{|}[]", s.p[i]))
            return false;
    return true;
}

bool path_is_local(struct str s)
{
    return s.len > 0 && s.len <= 2048 && s.p[0] == '/' && !str_starts(s, STR("//")) && is_url_text(s);
}

bool url_is_web(struct str s)
{
    if (path_is_local(s))
        return true;
    bool https = str_eq_nocase(str_sub(s, 0, 8), STR("https://"));
    bool http = str_eq_nocase(str_sub(s, 0, 7), STR("http://"));
    struct str rest = str_sub(s, https ? 8 : 7, s.len);
    /* An IPv6 loopback literal is the one use of brackets. */
    if (str_starts(rest, STR("[::1]")))
        rest = str_sub(rest, 5, rest.len);
    else if (rest.len == 0 || rest.p[0] == '/')
        return false;
    return (http || https) && is_url_text(rest);
}

static bool is_base64(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && !(c >= '0' && c <= '9') && c != '+' && c != '/' && c != '=')
            return false;
    }
    return true;
}

bool url_is_image(struct str s)
{
    static const char *const starts[] = {"data:image/svg+xml;base64,", "data:image/png;base64,"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct str start = str_of(starts[i]);
        if (str_starts(s, start))
            return is_base64(str_sub(s, start.len, s.len));
    }
    return path_is_local(s);
}
