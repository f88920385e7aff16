#include "server/settings_value.h"

#include <string.h>

/* ${file:/path}: the value stands in a file of its own, so that the settings can be shown to others. */
static bool secret_value(struct settings *s, struct str text, struct secret **out, struct str *why)
{
    *out = NULL;
    if (text.len == 0)
        return true;
    struct str prefix = STR("${file:");
    if (!str_starts(text, prefix) || !str_ends(text, STR("}"))) {
        *out = secret_copy(text.p, text.len);
        return *out != NULL;
    }
    struct str path = str_sub(text, prefix.len, text.len - prefix.len - 1);
    const char *reason = "";
    *out = secret_read_file(arena_cstr(s->arena, path), &reason);
    if (*out == NULL)
        *why = arena_printf(s->arena, "cannot read the secret from " STR_FMT ": %s", STR_ARG(path), reason);
    return *out != NULL;
}

static bool seconds_value(struct str text, uint64_t most, uint64_t *out)
{
    static const struct {
        char unit;
        uint64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    uint64_t factor = 1;
    for (size_t i = 0; text.len > 0 && i < sizeof units / sizeof units[0]; i++) {
        if (text.p[text.len - 1] == units[i].unit) {
            factor = units[i].seconds;
            text.len--;
            break;
        }
    }
    if (!str_to_u64(text, most / factor, out))
        return false;
    *out *= factor;
    return true;
}

static bool listen_value(struct settings *s, struct str text, struct listen_address *out)
{
    *out = (struct listen_address){0};
    if (str_eq(text, STR("off")))
        return true;
    size_t colon = text.len;
    while (colon > 0 && text.p[colon - 1] != ':')
        colon--;
    uint64_t port = 0;
    if (colon < 2 || !str_to_u64(str_sub(text, colon, text.len), 65535, &port) || port == 0)
        return false;
    struct str address = str_sub(text, 0, colon - 1);
    if (str_starts(address, STR("[")) && str_ends(address, STR("]")))
        address = str_sub(address, 1, address.len - 2);
    out->address = arena_copy(s->arena, address);
    out->port = (uint16_t)port;
    return true;
}

static bool is_host_and_port(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' ||
                    c == '[' || c == ']';
        if (!good)
            return false;
    }
    return s.len > 0;
}

/* OpenID Connect Discovery section 3: https without query or fragment; we take no path either. */
static bool issuer_value(struct settings *s, struct str text, struct str *out)
{
    bool secure = str_starts(text, STR("https://"));
    struct str rest = str_sub(text, secure ? 8 : 7, text.len);
    if (!secure && !str_starts(text, STR("http://127.0.0.1")) && !str_starts(text, STR("http://localhost")))
        return false;
    if (!is_host_and_port(rest))
        return false;
    *out = arena_copy(s->arena, text);
    return true;
}

static bool bool_value(struct str text, bool *out)
{
    *out = str_eq(text, STR("yes"));
    return *out || str_eq(text, STR("no"));
}

static bool choice_value(struct str choices, struct str text, unsigned *out)
{
    struct str word;
    for (unsigned i = 0; str_word(&choices, &word); i++) {
        if (str_eq(word, text)) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool number_value(const struct setting *row, struct str text, uint64_t *out)
{
    bool read = row->type == SETTING_SECONDS ? seconds_value(text, (uint64_t)row->most, out)
                                             : str_to_u64(text, (uint64_t)row->most, out);
    return read && *out >= (uint64_t)row->least;
}

struct str setting_accepts(struct arena *a, const struct setting *row)
{
    switch (row->type) {
    case SETTING_NUMBER:
    case SETTING_COUNT:
        return arena_printf(a, "a whole number from %lld to %lld", (long long)row->least, (long long)row->most);
    case SETTING_SECONDS:
        return arena_printf(a, "a time from %lld to %lld seconds, such as 90, 90s, 15m, 10h or 30d",
                            (long long)row->least, (long long)row->most);
    case SETTING_BOOL:
        return STR("yes or no");
    case SETTING_LISTEN:
        return STR("address:port, [address]:port or off");
    case SETTING_CHOICE:
        return arena_printf(a, "one of: %s", row->choices);
    case SETTING_ISSUER:
        return STR("https://host or https://host:port in lower case, without path or trailing slash (http only on "
                   "localhost)");
    case SETTING_SECRET:
        return STR("a secret, or ${file:/path} with a file that only its owner may read");
    case SETTING_STRING:
    case SETTING_CSTRING:
        break;
    }
    return STR("text");
}

static bool store_by_type(struct settings *s, const struct setting *row, struct str text, struct str *why)
{
    void *at = (char *)s + row->offset;
    uint64_t number = 0;
    switch (row->type) {
    case SETTING_STRING:
        *(struct str *)at = arena_copy(s->arena, text);
        return true;
    case SETTING_CSTRING:
        *(const char **)at = text.len == 0 ? NULL : arena_cstr(s->arena, text);
        return true;
    case SETTING_SECRET:
        return secret_value(s, text, (struct secret **)at, why);
    case SETTING_NUMBER:
        if (!number_value(row, text, &number))
            return false;
        *(unsigned *)at = (unsigned)number;
        return true;
    case SETTING_SECONDS:
    case SETTING_COUNT:
        if (!number_value(row, text, &number))
            return false;
        *(int64_t *)at = (int64_t)number;
        return true;
    case SETTING_BOOL:
        return bool_value(text, (bool *)at);
    case SETTING_LISTEN:
        return listen_value(s, text, (struct listen_address *)at);
    case SETTING_CHOICE:
        return choice_value(str_of(row->choices), text, (unsigned *)at);
    case SETTING_ISSUER:
        return issuer_value(s, text, (struct str *)at);
    }
    return false;
}

bool setting_store(struct settings *s, const struct setting *row, struct str text, struct str *why)
{
    *why = STR_EMPTY;
    bool required = row->fallback == NULL;
    if (!(required && text.len == 0) && store_by_type(s, row, text, why))
        return true;
    if (why->len == 0) {
        struct str accepts = setting_accepts(s->arena, row);
        /* A secret's text must not be repeated on a terminal or in a log. */
        *why = row->type == SETTING_SECRET || text.len == 0
                   ? arena_printf(s->arena, "must be " STR_FMT, STR_ARG(accepts))
                   : arena_printf(s->arena, "`" STR_FMT "` is not accepted; it must be " STR_FMT, STR_ARG(text),
                                  STR_ARG(accepts));
    }
    return false;
}
