/* The open connections of one listener: who they are, how many come from one place, and until when they may
 * last. */
#ifndef ONEDOOR_HTTP_PEERS_H
#define ONEDOOR_HTTP_PEERS_H

#include "server/http/address.h"

#include <stdatomic.h>

struct exchange;

struct peer {
    struct peer *previous, *next;
    struct address address;
    char text[ADDRESS_TEXT_SIZE];
    int fd;
    unsigned site;
    bool trusted;             /* a proxy of ours: may speak for others, and has no limit */
    struct exchange *current; /* the request that is being received or answered, of the I/O thread alone */
    int64_t held_until; /* when it may ask again, having been told to wait; monotonic ms, the same thread's */
    unsigned hold_ms;   /* how long it is held up next time */
    atomic_bool idle;   /* kept open between two requests */
    atomic_llong deadline; /* on clock_monotonic_ms; 0 while we are the ones who take time */
};

struct peers;

/* per_site: connections from one address (IPv6: one /64). NULL when memory or randomness fails. */
struct peers *peers_new(const struct address_list *trusted, unsigned per_site);
void peers_free(struct peers *p);

/* Whether one more connection from there would be over the limit. */
bool peers_site_is_full(struct peers *p, const struct sockaddr *sa);
/* Registers a connection; NULL when there is no memory or its site is full: it must then be closed. */
struct peer *peers_add(struct peers *p, const struct sockaddr *sa, int fd, int64_t deadline);
/* To be called before the descriptor is closed. */
void peers_remove(struct peers *p, struct peer *peer);
/*
 * Shuts the sockets down whose deadline has passed, and the idle ones too if they are to go; whoever reads
 * them sees their end and closes them.
 */
void peers_end_overdue(struct peers *p, int64_t now, bool idle_too);
/* A number for who asks: the peer's site or, of a trusted one, that of `source`; nobody can aim at another's.
 */
uint32_t peers_number(const struct peers *p, const struct peer *peer, struct str source);
unsigned peers_open(const struct peers *p);
/* Whether most of some hundreds that were open at once are gone; once for each time. */
bool peers_crowd_left(struct peers *p);

#endif
