#include "certs/keyring_internal.h"

#include <stdlib.h>

struct keyring *keyring_new(struct directory *d, const struct seal *seal, const struct keyring_config *config)
{
    struct keyring *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->directory = d;
    k->seal = seal;
    k->config = *config;
    pthread_mutex_init(&k->work, NULL);
    pthread_mutex_init(&k->swap, NULL);
    return k;
}

struct keyring *keyring_from_keys(struct key_set *set, const struct keyring_config *config)
{
    struct keyring *k = keyring_new(NULL, NULL, config);
    if (k)
        k->set = set;
    else
        key_set_unref(set);
    return k;
}

void keyring_close(struct keyring *k)
{
    if (!k)
        return;
    key_set_unref(k->set);
    pthread_mutex_destroy(&k->work);
    pthread_mutex_destroy(&k->swap);
    free(k);
}

struct key_set *keyring_hold(struct keyring *k)
{
    pthread_mutex_lock(&k->swap);
    struct key_set *set = key_set_ref(k->set);
    pthread_mutex_unlock(&k->swap);
    return set;
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
    pthread_mutex_lock(&k->swap);
    struct key_set *before = k->set;
    k->set = set;
    pthread_mutex_unlock(&k->swap);
    if (!same_keys(before, set))
        atomic_fetch_add(&k->version, 1);
    key_set_unref(before);
}

uint64_t keyring_version(const struct keyring *k)
{
    return atomic_load(&k->version);
}
