/* Bounded lists of names and values: headers, cookies, query and form parameters. */
#ifndef ONEDOOR_HTTP_PAIRS_H
#define ONEDOOR_HTTP_PAIRS_H

#include "server/base/arena.h"

enum { PAIRS_MAX = 64 };

struct pair {
    struct str name, value;
};

struct pairs {
    struct pair *v;
    size_t n;
    size_t room; /* kept by pairs_add */
};

/* The first value of that name, STR_EMPTY when absent. Exact names. */
struct str pairs_get(const struct pairs *list, const char *name);
/* How often the name occurs. */
size_t pairs_count(const struct pairs *list, const char *name);
/* Header names: ASCII case does not matter. */
struct str pairs_get_nocase(const struct pairs *list, const char *name);
size_t pairs_count_nocase(const struct pairs *list, const char *name);
/* Both at once: how often it occurs, and its first value (STR_EMPTY when absent). */
size_t pairs_find_nocase(const struct pairs *list, struct str name, struct str *value);
/* False when some name occurs twice; *twice is then that name (RFC 6749 section 3.1). */
bool pairs_unique(const struct pairs *list, struct str *twice);
/* Appends; false when PAIRS_MAX is reached or memory is out. */
bool pairs_add(struct pairs *list, struct arena *a, struct str name, struct str value);

/*
 * application/x-www-form-urlencoded, for the query and for bodies. Parameters with an empty value count as
 * absent (RFC 6749 section 3.1) but still as occurrences. False on bad escapes, NUL, bad UTF-8 or more than
 * PAIRS_MAX parameters.
 */
bool pairs_parse_form(struct pairs *list, struct arena *a, struct str text);
/* One Cookie header's value (RFC 6265 section 5.4), appended to the list. False when malformed. */
bool pairs_parse_cookies(struct pairs *list, struct arena *a, struct str text);

#endif
