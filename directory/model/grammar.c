#include "directory/model/grammar.h"

#include <time.h>

bool is_model_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && c != '_' && (i == 0 || (c != '-' && c != '.')))
            return false;
    }
    return name.len > 0 && name.len <= MODEL_NAME_MAX;
}

/* The next "name=value" of the list; an empty name when the word has no `=`. */
static bool next_option(struct str *rest, struct str *name, struct str *value)
{
    struct str word;
    if (!str_word(rest, &word))
        return false;
    *name = STR_EMPTY;
    *value = word;
    if (str_has(word, '='))
        str_cut(value, '=', name);
    return true;
}

const char *permission_read(struct str text, struct permission *out)
{
    struct str word, name, value;
    uint64_t level;
    *out = (struct permission){0};
    if (!str_word(&text, &word) || !str_has(word, ':'))
        return "has no type:action at its beginning";
    out->action = word;
    str_cut(&out->action, ':', &out->resource_type);
    if (!is_model_name(out->resource_type) || !is_model_name(out->action))
        return "names its type or action by other than 1 to 64 letters, digits, _ - and .";
    while (next_option(&text, &name, &value)) {
        if (str_eq(name, STR("acr")) && out->level == AUTHN_NONE) {
            out->level = acr_level(value);
            if (out->level == AUTHN_NONE)
                return "names another acr than low, substantial or high";
        } else if (str_eq(name, STR("identity")) && out->identity_level == 0) {
            if (!str_to_u64(value, 5, &level) || level == 0)
                return "names another identity level than 1 to 5";
            out->identity_level = (int64_t)level;
        } else {
            return "has an unknown or repeated word";
        }
    }
    return NULL;
}

const char *resource_type_read(struct str text, struct resource_type *out)
{
    struct str name, value;
    bool owner_is = false;
    *out = (struct resource_type){0};
    if (!str_word(&text, &out->name) || !is_model_name(out->name))
        return "does not begin with a type of 1 to 64 letters, digits, _ - and .";
    while (next_option(&text, &name, &value)) {
        if (str_eq(name, STR("owner")) && out->owner_property.len == 0 && is_model_name(value)) {
            out->owner_property = value;
        } else if (str_eq(name, STR("organisation")) && out->organisation_property.len == 0 &&
                   is_model_name(value)) {
            out->organisation_property = value;
        } else if (str_eq(name, STR("owner-is")) && !owner_is) {
            owner_is = true;
            out->owner_is_mail = str_eq(value, STR("mail"));
            if (!out->owner_is_mail && !str_eq(value, STR("sub")))
                return "names the owner by other than sub or mail";
        } else {
            return "has an unknown or repeated word";
        }
    }
    if (out->owner_property.len == 0)
        out->owner_property = STR("owner");
    if (out->organisation_property.len == 0)
        out->organisation_property = STR("organisation");
    return NULL;
}

static bool digits(struct str *rest, size_t n, int *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= rest->len || rest->p[i] < '0' || rest->p[i] > '9')
            return false;
        *out = *out * 10 + (rest->p[i] - '0');
    }
    *rest = str_sub(*rest, n, rest->len);
    return true;
}

bool time_read(struct str text, int64_t *out)
{
    struct tm t = {0}, seen;
    int year, month;
    if (!digits(&text, 4, &year) || !digits(&text, 2, &month) || !digits(&text, 2, &t.tm_mday) ||
        !digits(&text, 2, &t.tm_hour))
        return false;
    t.tm_year = year - 1900;
    t.tm_mon = month - 1;
    if (text.len > 1 && (!digits(&text, 2, &t.tm_min) || (text.len > 1 && !digits(&text, 2, &t.tm_sec))))
        return false;
    if (!str_eq(text, STR("Z")))
        return false;
    seen = t;
    time_t at = timegm(&t);
    /* timegm carries what is too large over: 30 February is no day. */
    bool same = t.tm_mon == seen.tm_mon && t.tm_mday == seen.tm_mday && t.tm_hour == seen.tm_hour &&
                t.tm_min == seen.tm_min && t.tm_sec == seen.tm_sec;
    *out = (int64_t)at;
    return same;
}
