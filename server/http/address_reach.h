/* What kind of network an address belongs to, for connections that we open to where others tell us. */
#ifndef ONEDOOR_HTTP_ADDRESS_REACH_H
#define ONEDOOR_HTTP_ADDRESS_REACH_H

#include "server/http/address.h"

enum address_reach {
    ADDRESS_PUBLIC,  /* of the internet */
    ADDRESS_PRIVATE, /* of this machine or site: loopback, RFC 1918, link-local, CGNAT, ULA, translations… */
    ADDRESS_NEVER    /* no single machine: unspecified, multicast, reserved, broadcast */
};

/*
 * By the special-purpose registries of IANA (RFC 6890). An IPv4 address mapped into IPv6 is what the IPv4
 * address is; one that is translated or tunnelled (NAT64, 6to4, Teredo) may lead anywhere, so it is PRIVATE.
 */
enum address_reach address_reach(const struct address *a);

#endif
