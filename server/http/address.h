/* Where a request comes from: the peer's address, or the one that a trusted proxy forwards. */
#ifndef ONEDOOR_HTTP_ADDRESS_H
#define ONEDOOR_HTTP_ADDRESS_H

#include "server/http/pairs.h"

#include <sys/socket.h>

enum { ADDRESS_TEXT_SIZE = 46, TRUSTED_MAX = 32 };

/* An IPv6 address, or an IPv4 one as its ::ffff:0:0/96 mapping. */
struct address {
    unsigned char b[16];
};

/* False when the family is neither. */
bool address_of_socket(const struct sockaddr *sa, struct address *out);
/* The text of an address without port or brackets. */
bool address_parse(struct str text, struct address *out);
/* "192.0.2.1" or "2001:db8::1", with a NUL. */
void address_text(const struct address *a, char out[ADDRESS_TEXT_SIZE]);
/* The part that one subscriber holds: all of an IPv4 address, the first 64 bits of an IPv6 one. */
struct str address_site(const struct address *a);

struct address_list {
    struct address v[TRUSTED_MAX];
    size_t n;
};

/* Space-separated addresses; false when one is none, or over TRUSTED_MAX. */
bool address_list_parse(struct str text, struct address_list *out);
bool address_list_has(const struct address_list *list, const struct address *a);

/*
 * The sender of a request that a trusted peer forwarded: from the right of X-Forwarded-For, the first address
 * that is not itself trusted. What stands left of it can be forged and is not read. The peer when there is
 * none.
 */
struct address address_forwarded(const struct address_list *trusted, const struct address *peer,
                                 const struct pairs *headers);

#endif
