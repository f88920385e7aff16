/* RFC 7636, method S256. */
#ifndef ONEDOOR_OAUTH_PKCE_H
#define ONEDOOR_OAUTH_PKCE_H

#include "server/base/arena.h"

/* 43 base64url characters that are 32 bytes in their one spelling. */
bool pkce_is_challenge(struct arena *a, struct str challenge);
/* Whether the verifier (43 to 128 unreserved characters, section 4.1) belongs to the challenge; constant
 * time. */
bool pkce_fits(struct arena *a, struct str verifier, struct str challenge);

#endif
