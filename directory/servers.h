/* The directory's servers in the order of the settings, each with its memory of failures. */
#ifndef ONEDOOR_DIRECTORY_SERVERS_H
#define ONEDOOR_DIRECTORY_SERVERS_H

#include "server/base/str.h"

#include <ldap.h>

struct servers;

/* Parses space-separated ldap, ldaps and ldapi URIs. NULL when one of them is none, or out of memory. */
struct servers *servers_new(struct str uris);
void servers_free(struct servers *s);

size_t servers_count(const struct servers *s);
const char *servers_uri(const struct servers *s, size_t i);
/* Scheme, host (the socket's path for ldapi) and port. */
const LDAPURLDesc *servers_url(const struct servers *s, size_t i);

/*
 * Whether the server may be tried. After a failure it may not for 0.5 s, then 1 s, then 2 s at most: an
 * outage is answered at once meanwhile, and a server that returns is found within 2 s.
 */
bool servers_due(struct servers *s, size_t i);
/* What became of a try. */
void servers_report(struct servers *s, size_t i, bool connected);

#endif
