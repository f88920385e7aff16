/* The threads that keep a server true: the store's heartbeat, and what is read anew from the registry. */
#ifndef ONEDOOR_SERVER_HOUSEKEEPING_H
#define ONEDOOR_SERVER_HOUSEKEEPING_H

#include "server/token/provider.h"

struct housekeeping;

/* NULL when no thread can be had. */
struct housekeeping *housekeeping_start(struct provider *p);
/* Reads at once what else would be read in some seconds. */
void housekeeping_registry_changed(struct housekeeping *h);
/* Wakes all threads and waits for their end; NULL is taken. */
void housekeeping_stop(struct housekeeping *h);

#endif
