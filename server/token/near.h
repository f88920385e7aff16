/*
 * Answers of introspection kept in memory, by the SHA-256 of the whole token and of who asks, each with what
 * it depends on. Nothing here decides how long an answer is true: the store's watch (server/store/watch.h)
 * and the versions of what the directory says do.
 */
#ifndef ONEDOOR_TOKEN_NEAR_H
#define ONEDOOR_TOKEN_NEAR_H

#include "server/base/digest.h"
#include "server/store/store.h"

struct near;

/* Takes about so many bytes at most; what was not asked for lately makes room. NULL when out of memory. */
struct near *near_new(size_t bytes);
void near_free(struct near *n);

struct near_key {
    unsigned char bytes[DIGEST_SIZE];
};
/* False when OpenSSL fails. */
MUST_CHECK bool near_key_of(struct str client_id, struct str token, struct near_key *out);

/* The text of an answer is `shared` followed by `own`: what tokens alike have in common is kept once. */
struct near_answer {
    struct store_watched watched; /* the records that it was made from */
    uint64_t world;               /* the version of everything else that it was made from */
    int64_t until;                /* Unix seconds: true until then at most */
    struct str shared, own;
};

/* The text, copied into the arena, if it is still true in that world. */
bool near_find(struct near *n, const struct near_key *key, struct store *s, uint64_t world, struct arena *a,
               struct str *text);
/* Copied. An answer that may not be kept, or for which there is no memory, is not. */
void near_keep(struct near *n, const struct near_key *key, const struct near_answer *answer);

/* For /metrics. */
struct near_size {
    size_t answers, bytes;
};
struct near_size near_size(struct near *n);

#endif
