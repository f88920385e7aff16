#include "server/oauth/location.h"

#include "server/base/encode.h"

#include <string.h>

enum { LOCATION_MAX = 16 * 1024 };

struct str location_with(struct arena *a, struct str address, const struct pairs *parameters)
{
    struct buf out;
    char separator = str_has(address, '?') ? '&' : '?';
    buf_init(&out, LOCATION_MAX);
    buf_add(&out, address);
    if (str_ends(address, STR("?")) || str_ends(address, STR("&")))
        separator = 0;
    for (size_t i = 0; i < parameters->n; i++) {
        if (separator)
            buf_add_char(&out, separator);
        url_encode(&out, parameters->v[i].name);
        buf_add_char(&out, '=');
        url_encode(&out, parameters->v[i].value);
        separator = '&';
    }
    struct str location = out.failed ? STR_EMPTY : arena_copy(a, buf_str(&out));
    buf_free(&out);
    return location;
}

static bool is_source_byte(char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || (c && strchr(":/.+-[]", c));
}

struct str location_origin(struct str address)
{
    struct str rest = address, scheme;
    if (!str_has(address, ':') || !str_cut(&rest, ':', &scheme) || scheme.len == 0)
        return STR_EMPTY;
    size_t end = scheme.len + 1;
    if (str_starts(rest, STR("//")))
        for (end += 2; end < address.len && !strchr("/?#", address.p[end]); end++)
            ;
    for (size_t i = 0; i < end; i++)
        if (!is_source_byte(address.p[i]))
            return STR_EMPTY;
    return str_sub(address, 0, end);
}
