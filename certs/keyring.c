#include "certs/keyring_internal.h"

#include <stdlib.h>

/* Room for what swap_read notes. */
enum { HOLD_BYTES = 128 };

static void release(void *set)
{
    key_set_unref(set);
}

struct keyring *keyring_new(struct directory *d, const struct seal *seal, const struct keyring_config *config)
{
    struct keyring *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->directory = d;
    k->seal = seal;
    k->config = *config;
    k->current = swap_new(release);
    if (!k->current) {
        free(k);
        return NULL;
    }
    pthread_mutex_init(&k->work, NULL);
    return k;
}

struct keyring *keyring_from_keys(struct key_set *set, const struct keyring_config *config)
{
    struct keyring *k = keyring_new(NULL, NULL, config);
    if (k)
        keyring_install(k, set);
    else
        key_set_unref(set);
    return k;
}

void keyring_close(struct keyring *k)
{
    if (!k)
        return;
    swap_free(k->current);
    pthread_mutex_destroy(&k->work);
    free(k);
}

struct held_keys keyring_hold(struct keyring *k)
{
    struct arena *until = arena_new_of(HOLD_BYTES, HOLD_BYTES);
    return (struct held_keys){until ? swap_read(k->current, until) : NULL, until};
}

void keyring_let_go(const struct held_keys *held)
{
    arena_free(held->until);
}

/* Pairs that a reading finds again are shared with the set before. */
static bool same_keys(const struct key_set *a, const struct key_set *b)
{
    if (!a || a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->v[i].pair != b->v[i].pair || a->v[i].state != b->v[i].state)
            return false;
    return true;
}

void keyring_install(struct keyring *k, struct key_set *set)
{
    bool same = same_keys(k->set, set);
    if (!swap_put(k->current, set))
        return; /* without memory, what was stays */
    k->set = set;
    if (!same)
        atomic_fetch_add(&k->version, 1);
}

uint64_t keyring_version(const struct keyring *k)
{
    return atomic_load(&k->version);
}
