/* Texts that many have in common, each kept once and counted. One thread at a time. */
#ifndef ONEDOOR_TOKEN_NEAR_TEXT_H
#define ONEDOOR_TOKEN_NEAR_TEXT_H

#include "server/base/str.h"

struct near_text;

/* The heads are NULL at first, and the caller's; at the end all must have been released. */
struct near_texts {
    size_t buckets;
    struct near_text **heads;
};

/* One more holder of that text, copied if it is new; *added is the bytes that this took. NULL without memory.
 */
struct near_text *near_text_take(struct near_texts *t, struct str text, size_t *added);
/* One holder less; the bytes that became free. */
size_t near_text_release(struct near_texts *t, struct near_text *x);
struct str near_text_str(const struct near_text *x);

#endif
