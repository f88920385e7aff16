/* Lists of words as arrays of strings. */
#ifndef ONEDOOR_TOKEN_WORDS_H
#define ONEDOOR_TOKEN_WORDS_H

#include "server/base/json.h"

/* Sets the member to an array of the space-separated words; an empty list leaves the member out. */
void words_put(json_t *object, const char *name, struct str words);

#endif
