/* Which application asks. */
#ifndef ONEDOOR_ACCESS_CALLER_H
#define ONEDOOR_ACCESS_CALLER_H

#include "server/access/inquiry.h"

/*
 * Sets in->caller: by client_secret_basic, or by an access token that the application got by client
 * credentials, meant for itself or for Onedoor. False as inquiry_begin; who is not known gets 401 with both
 * ways to prove it (section 11.3) and a line in the audit log.
 */
bool caller_find(struct inquiry *in);

#endif
