/* Addresses built from parts: parameters behind an address, and the origin that CSP is told of. */
#ifndef ONEDOOR_OAUTH_LOCATION_H
#define ONEDOOR_OAUTH_LOCATION_H

#include "server/http/pairs.h"

/* The address with the parameters added to its query, names and values encoded. STR_EMPTY without memory. */
struct str location_with(struct arena *a, struct str address, const struct pairs *parameters);
/*
 * scheme://host[:port], or "scheme:" of an address without host, as a CSP source; STR_EMPTY for bytes that no
 * such address has.
 */
struct str location_origin(struct str address);

#endif
