/* Redirect addresses: which may be registered, and when a given one is a registered one. */
#ifndef ONEDOOR_CLIENTS_REDIRECT_H
#define ONEDOOR_CLIENTS_REDIRECT_H

#include "server/base/str.h"

enum { REDIRECT_MAX = 2000 };

/*
 * NULL when the address may be registered, else a constant text of why not. Allowed are https with a host,
 * http on 127.0.0.1, [::1] or localhost, and a private-use scheme with a dot in it (RFC 8252 section 7.1).
 */
const char *redirect_refusal(struct str uri);
/* The same for an address that is only shown as a link: https, or http on loopback. */
const char *page_address_refusal(struct str uri);
/* Whether it is of a private-use scheme: that is for public applications only (RFC 8252 section 8.4). */
bool redirect_is_private(struct str uri);
/*
 * Byte for byte equal (RFC 9700 section 2.1); with any_port, and where both are http on the same loopback IP
 * literal, the port may differ (RFC 8252 section 7.3).
 */
bool redirect_matches(struct str registered, struct str given, bool any_port);
/* An absolute URI without fragment, of printable ASCII: a resource identifier of RFC 8707 section 2. */
bool is_resource_identifier(struct str uri);

#endif
