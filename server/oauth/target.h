/* For whom a token is meant: RFC 8707 resource indicators. */
#ifndef ONEDOOR_OAUTH_TARGET_H
#define ONEDOOR_OAUTH_TARGET_H

#include "clients/applications.h"

/* An absolute URI of printable ASCII without fragment (RFC 8707 section 2), 512 bytes at most. */
bool target_is_uri(struct str resource);
/* Whether the application may ask for tokens meant for it: known, and its own or one of may_request. */
bool target_is_allowed(struct applications *all, struct arena *a, const struct application *app,
                       struct str resource);

#endif
