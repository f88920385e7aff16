/* The LDAP directory: bounded pools of connections, and what both its parts (people, registry) share. */
#ifndef ONEDOOR_DIRECTORY_DIRECTORY_H
#define ONEDOOR_DIRECTORY_DIRECTORY_H

#include "directory/config.h"
#include "server/base/arena.h"
#include "server/base/result.h"

struct directory;

/*
 * Nothing is connected yet. The config is copied, what it points to is borrowed. NULL when out of memory or
 * when the URIs are not valid. SIGPIPE is ignored from then on: libldap writes without asking who still
 * reads.
 */
struct directory *directory_new(const struct directory_config *config);
void directory_free(struct directory *d);
const struct directory_config *directory_config(const struct directory *d);
/* Whether the list holds only ldap, ldaps and ldapi URIs of servers, one to eight: for checking settings. */
bool directory_uris_valid(struct str uris);

/* Reads the root DSE: whether some server answers now, within the deadlines. */
MUST_CHECK enum result directory_ping(struct directory *d);

/* One value of an assertion, escaped by RFC 4515 section 3. */
struct str filter_escape(struct arena *a, struct str value);
/* One attribute value within an RDN, escaped by RFC 4514 section 2.4. */
struct str dn_escape(struct arena *a, struct str value);

#endif
