/* Scopes: space-separated sets of words (RFC 6749 section 3.3). */
#ifndef ONEDOOR_OAUTH_SCOPE_H
#define ONEDOOR_OAUTH_SCOPE_H

#include "server/base/arena.h"

enum { SCOPE_MAX = 1024 }; /* bytes */

/* The words of a request, each once, in their order. False for one that is no scope-token, or over SCOPE_MAX.
 */
bool scope_read(struct arena *a, struct str text, struct str *out);
/* Whether every word stands in `allowed`; an empty scope is within any. */
bool scope_within(struct str scope, struct str allowed);

#endif
