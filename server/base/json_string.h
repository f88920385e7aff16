/* A JSON string (RFC 8259 section 7). */
#ifndef ONEDOOR_BASE_JSON_STRING_H
#define ONEDOOR_BASE_JSON_STRING_H

#include "server/base/arena.h"

/*
 * Reads the string at *at, quotes included, and moves *at behind it: *out points into the text, or, where
 * there were escapes, into the arena. False when it does not begin with a quote, does not end before `end`,
 * or holds a control character, a wrong escape, half a surrogate pair or NUL. The text is known to be UTF-8.
 */
bool json_string_read(struct arena *a, const char **at, const char *end, struct str *out);

/*
 * How many bytes at the start of s stand for themselves in a JSON string, for sure: whole words of ASCII, as
 * most texts are nothing else.
 */
size_t json_plain(struct str s);

#endif
