/* The two texts that are lists of pairs: form encoding and the Cookie header. */
#include "server/base/encode.h"
#include "server/http/pairs.h"

static bool decode(struct arena *a, struct str text, struct str *out)
{
    return form_decode(a, text, out) && str_is_utf8(*out);
}

bool pairs_parse_form(struct pairs *list, struct arena *a, struct str text)
{
    struct str part;
    while (str_cut(&text, '&', &part)) {
        if (part.len == 0)
            continue;
        struct str encoded_name, name, value;
        str_cut(&part, '=', &encoded_name);
        if (list->n >= PAIRS_MAX || !decode(a, encoded_name, &name) || !decode(a, part, &value))
            return false;
        if (!pairs_add(list, a, name, value))
            return false;
    }
    return true;
}

/*
 * Other applications of the same host set what they like, and the browser sends it here too: a part without
 * `=` is none of ours and is passed over; only bytes that no browser sends make the header malformed.
 */
bool pairs_parse_cookies(struct pairs *list, struct arena *a, struct str text)
{
    if (str_has_control(text))
        return false;
    struct str part, name;
    while (str_cut(&text, ';', &part)) {
        if (!str_has(part, '='))
            continue;
        str_cut(&part, '=', &name);
        if (!pairs_add(list, a, str_trim(name), str_trim(part)))
            return false;
    }
    return true;
}
