#include "server/http/peers.h"

#include "server/base/random.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * Connections are counted in buckets that sites share by a secret hash: constant memory however many
 * addresses come, and nobody can aim at the bucket of somebody else.
 */
enum { SITES = 16384, CROWD = 256 };

struct peers {
    struct address_list trusted;
    unsigned per_site;
    uint64_t seed[2];
    atomic_uint open;
    pthread_mutex_t lock; /* of the list, and of `most` */
    struct peer *first;
    unsigned most; /* open at once since a crowd left */
    atomic_uint sites[SITES];
};

struct peers *peers_new(const struct address_list *trusted, unsigned per_site)
{
    struct peers *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    if (!random_bytes(p->seed, sizeof p->seed)) {
        free(p);
        return NULL;
    }
    p->trusted = *trusted;
    p->per_site = per_site;
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void peers_free(struct peers *p)
{
    if (!p)
        return;
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

static unsigned site_of(const struct peers *p, const struct address *a)
{
    struct str site = address_site(a);
    uint64_t h = p->seed[0];
    for (size_t at = 0; at < site.len; at += sizeof h) {
        uint64_t word;
        memcpy(&word, site.p + at, sizeof word);
        h = mix(h ^ word) + p->seed[1];
    }
    return (unsigned)(mix(h) % SITES);
}

bool peers_site_is_full(struct peers *p, const struct sockaddr *sa)
{
    struct address a;
    if (!address_of_socket(sa, &a))
        return true;
    return !address_list_has(&p->trusted, &a) && atomic_load(&p->sites[site_of(p, &a)]) >= p->per_site;
}

static bool enter_site(struct peers *p, const struct peer *peer)
{
    unsigned before = atomic_fetch_add(&p->sites[peer->site], 1);
    if (peer->trusted || before < p->per_site)
        return true;
    atomic_fetch_sub(&p->sites[peer->site], 1);
    return false;
}

struct peer *peers_add(struct peers *p, const struct sockaddr *sa, int fd, int64_t deadline)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer || !address_of_socket(sa, &peer->address)) {
        free(peer);
        return NULL;
    }
    peer->fd = fd;
    peer->trusted = address_list_has(&p->trusted, &peer->address);
    peer->site = site_of(p, &peer->address);
    address_text(&peer->address, peer->text);
    atomic_init(&peer->deadline, deadline);
    if (!enter_site(p, peer)) {
        free(peer);
        return NULL;
    }
    pthread_mutex_lock(&p->lock);
    unsigned open = atomic_fetch_add(&p->open, 1) + 1;
    if (open > p->most)
        p->most = open;
    peer->next = p->first;
    if (p->first)
        p->first->previous = peer;
    p->first = peer;
    pthread_mutex_unlock(&p->lock);
    return peer;
}

void peers_remove(struct peers *p, struct peer *peer)
{
    pthread_mutex_lock(&p->lock);
    if (peer->previous)
        peer->previous->next = peer->next;
    else
        p->first = peer->next;
    if (peer->next)
        peer->next->previous = peer->previous;
    pthread_mutex_unlock(&p->lock);
    atomic_fetch_sub(&p->sites[peer->site], 1);
    atomic_fetch_sub(&p->open, 1);
    free(peer);
}

void peers_end_overdue(struct peers *p, int64_t now, bool idle_too)
{
    pthread_mutex_lock(&p->lock);
    for (struct peer *peer = p->first; peer; peer = peer->next) {
        long long deadline = atomic_load_explicit(&peer->deadline, memory_order_relaxed);
        bool idle = atomic_load_explicit(&peer->idle, memory_order_relaxed);
        if ((deadline != 0 && now > deadline) || (idle && idle_too))
            shutdown(peer->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&p->lock);
}

uint32_t peers_number(const struct peers *p, const struct peer *peer, struct str source)
{
    struct address a;
    return peer->trusted && address_parse(source, &a) ? site_of(p, &a) : peer->site;
}

unsigned peers_open(const struct peers *p)
{
    return atomic_load(&p->open);
}

bool peers_crowd_left(struct peers *p)
{
    pthread_mutex_lock(&p->lock);
    unsigned open = atomic_load(&p->open);
    bool left = p->most >= open + CROWD && open <= p->most / 2;
    if (left)
        p->most = open;
    pthread_mutex_unlock(&p->lock);
    return left;
}
