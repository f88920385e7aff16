/* A message catalogue: one language's words, apart from code and templates. */
#ifndef ONEDOOR_PAGES_MESSAGES_H
#define ONEDOOR_PAGES_MESSAGES_H

#include "server/base/arena.h"

struct catalogue;

/*
 * Parses lines `key = text`; lines that are empty or begin with `#` are passed over. Keys are of a-z 0-9 _ -
 * and dots; a text may hold `{name}`. The text is borrowed. NULL with *why (in the arena) naming the line.
 */
struct catalogue *catalogue_parse(struct arena *a, struct str text, struct str *why);
/* STR_EMPTY for a key that the catalogue does not have. */
struct str catalogue_text(const struct catalogue *c, struct str key);
size_t catalogue_count(const struct catalogue *c);
/* A key of one that the other lacks or whose text names other values; STR_EMPTY when they fit. */
struct str catalogue_difference(const struct catalogue *a, const struct catalogue *b);

/*
 * Cuts a text at its next `{name}`: *literal is what stands before, *name the name or empty at the end. False
 * when nothing is left.
 */
bool message_piece(struct str *rest, struct str *literal, struct str *name);

#endif
