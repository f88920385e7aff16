/*
 * The courier: a thread that tells applications that a session has ended. The jobs lie in the store's queue,
 * from which the couriers of all servers take; see authn/logout_job.h for how they come into it.
 */
#ifndef ONEDOOR_SERVER_COURIER_H
#define ONEDOOR_SERVER_COURIER_H

#include "server/oauth/backchannel.h"
#include "server/token/provider.h"

struct courier;

/* Both are borrowed. NULL with *why set: no thread, no memory, no libcurl, or ca_file cannot be read. */
struct courier *courier_start(struct provider *p, const struct backchannel_config *config, const char **why);
/* Wakes it at once; deliveries under way are broken off and stay in the queue. NULL is taken. */
void courier_stop(struct courier *c);

#endif
