/* The little that we add to jansson: strict parsing and access that cannot crash on a wrong type. */
#ifndef ONEDOOR_BASE_JSON_H
#define ONEDOOR_BASE_JSON_H

#include "server/base/arena.h"
#include "server/base/buf.h"
#include "server/base/result.h"

#include <jansson.h>

/*
 * Parses one JSON object: duplicate names, bytes behind the object, NUL in strings and nesting deeper than 16
 * are refused. The object lives as long as the arena. NULL when refused.
 */
json_t *json_parse(struct arena *a, struct str text);
/* A new empty object that lives as long as the arena; NULL when there is no memory. */
json_t *json_new(struct arena *a);
/* Compact text with sorted keys, copied into the arena; STR_EMPTY on failure. */
struct str json_text(struct arena *a, const json_t *value);
/*
 * Adds the members to an object that is written out from its beginning (see json_write.h). False without
 * memory.
 */
MUST_CHECK bool json_add_members(struct buf *b, const json_t *object);

/* The string member, or STR_EMPTY when it is absent or no string; borrowed from the object. */
struct str json_get_str(const json_t *object, const char *name);
/* The integer member; false when it is absent, no integer, or (exp: 1e300) a real. */
bool json_get_int(const json_t *object, const char *name, int64_t *out);
/* Sets a string member. An empty string, bytes that are no UTF-8, and lack of memory leave the member out. */
void json_put_str(json_t *object, const char *name, struct str value);
void json_put_int(json_t *object, const char *name, int64_t value);
/* Whether the member is the string `value` or an array of strings that holds it (the rule of `aud`). */
bool json_holds(const json_t *object, const char *name, struct str value);

#endif
