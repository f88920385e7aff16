/* One running server: what the settings say, put together bottom up and taken apart top down. */
#ifndef ONEDOOR_SERVER_INSTANCE_H
#define ONEDOOR_SERVER_INSTANCE_H

#include "server/settings.h"

struct instance;

/*
 * What every command needs of the layers below the listeners: directory, store, keys, applications. Nothing
 * is connected yet. NULL with *why set when a file (master key, audit log) or memory is missing. The settings
 * are borrowed and must outlive the instance.
 */
struct instance *instance_new(const struct settings *s, const char **why);
struct provider *instance_provider(struct instance *in);
/* The sealer of what lies in the registry's key entries. */
const struct seal *instance_key_seal(const struct instance *in);
/*
 * Reads keys and applications for the first time: UNAVAILABLE while the directory or Redis is away (try
 * again), REFUSED or INTERNAL when no waiting helps.
 */
MUST_CHECK enum result instance_load(struct instance *in);
/* Starts workers, listeners and housekeeping; false with *why set. */
bool instance_start(struct instance *in, const char **why);
/* Takes no new connections, finishes what runs (ten seconds at most), stops all threads; it may be started
 * again. */
void instance_stop(struct instance *in);
void instance_free(struct instance *in);

#endif
