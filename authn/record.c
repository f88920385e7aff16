#include "authn/record.h"

#include "server/base/acr.h"

static bool write_text(json_t *out, const char *name, struct str value)
{
    json_put_str(out, name, value);
    return str_eq(json_get_str(out, name), value);
}

static bool write_number(json_t *out, const char *name, int64_t value)
{
    int64_t back;
    json_put_int(out, name, value);
    return json_get_int(out, name, &back) && back == value;
}

static bool write_field(json_t *out, const char *at, const struct field *f)
{
    switch (f->kind) {
    case FIELD_TEXT:
        return write_text(out, f->name, *(const struct str *)(const void *)at);
    case FIELD_NEEDED:
        return ((const struct str *)(const void *)at)->len > 0 &&
               write_text(out, f->name, *(const struct str *)(const void *)at);
    case FIELD_NUMBER:
        return write_number(out, f->name, *(const int64_t *)(const void *)at);
    case FIELD_FLAG:
        return write_number(out, f->name, *(const bool *)at);
    case FIELD_LEVEL:
        return write_number(out, f->name, *(const enum authn_level *)(const void *)at);
    }
    return false;
}

bool record_write(json_t *out, const void *from, const struct field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!out || !write_field(out, (const char *)from + fields[i].offset, &fields[i]))
            return false;
    return true;
}

static bool read_text(struct arena *a, const json_t *in, const char *name, struct str *out)
{
    const json_t *member = json_object_get(in, name);
    *out = member ? arena_copy(a, json_get_str(in, name)) : STR_EMPTY;
    return !member || (json_is_string(member) && out->p);
}

static bool read_number(const json_t *in, const char *name, int64_t min, int64_t max, int64_t *out)
{
    return json_get_int(in, name, out) && *out >= min && *out <= max;
}

static bool read_field(struct arena *a, const json_t *in, char *at, const struct field *f)
{
    int64_t n;
    switch (f->kind) {
    case FIELD_TEXT:
        return read_text(a, in, f->name, (struct str *)(void *)at);
    case FIELD_NEEDED:
        return read_text(a, in, f->name, (struct str *)(void *)at) && ((struct str *)(void *)at)->len > 0;
    case FIELD_NUMBER:
        return read_number(in, f->name, INT64_MIN, INT64_MAX, (int64_t *)(void *)at);
    case FIELD_FLAG:
        if (!read_number(in, f->name, 0, 1, &n))
            return false;
        *(bool *)at = n == 1;
        return true;
    case FIELD_LEVEL:
        if (!read_number(in, f->name, AUTHN_NONE, AUTHN_HIGH, &n))
            return false;
        *(enum authn_level *)(void *)at = (enum authn_level)n;
        return true;
    }
    return false;
}

bool record_read(struct arena *a, const json_t *in, void *to, const struct field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!read_field(a, in, (char *)to + fields[i].offset, &fields[i]))
            return false;
    return true;
}
