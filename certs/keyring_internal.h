/* What the parts of the keyring share. Inside certs/ and its tests only. */
#ifndef ONEDOOR_CERTS_KEYRING_INTERNAL_H
#define ONEDOOR_CERTS_KEYRING_INTERNAL_H

#include "certs/key_set.h"
#include "server/base/swap.h"

#include <pthread.h>
#include <stdatomic.h>

struct keyring {
    struct directory *directory; /* NULL in a keyring that lives in memory alone */
    const struct seal *seal;
    struct keyring_config config;
    pthread_mutex_t work; /* held while the registry is asked: one refresh or rotation at a time */
    atomic_ullong version;
    struct swap *current; /* what everybody reads */
    struct key_set *set;  /* the same, for whoever may replace it */
};

/* A keyring that holds no keys yet; NULL when there is no memory. */
struct keyring *keyring_new(struct directory *d, const struct seal *seal,
                            const struct keyring_config *config);
/* A keyring without a registry that holds this set, which it takes over. NULL (set dropped) without memory.
 */
struct keyring *keyring_from_keys(struct key_set *set, const struct keyring_config *config);

/* A set that is being read: it lives until it is let go. */
struct held_keys {
    const struct key_set *set;
    struct arena *until;
};
/* The set of this moment, NULL without memory; takes no lock and never waits for the registry. */
struct held_keys keyring_hold(struct keyring *k);
void keyring_let_go(const struct held_keys *held);
/* Puts a set, which the keyring takes over, in the place of the one before. */
void keyring_install(struct keyring *k, struct key_set *set);

#endif
