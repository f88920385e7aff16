/* onedoor.conf: one table of names, types, defaults and bounds. */
#ifndef ONEDOOR_SERVER_SETTINGS_H
#define ONEDOOR_SERVER_SETTINGS_H

#include "server/base/log.h"
#include "server/oauth/backchannel.h"
#include "server/token/provider.h"

#include <stdio.h>

/* Where a listener listens; port 0 with an empty address: not at all. */
struct listen_address {
    struct str address;
    uint16_t port;
};

struct settings {
    struct arena *arena; /* owns every string below */
    struct str
        unused; /* a line, as of an error, for each setting that has no effect any more; may be empty */

    struct listen_address listen, listen_tls, management;
    const char *tls_certificate, *tls_key;
    struct str trusted_proxies;
    unsigned io_threads, quick_workers, dir_workers, tasks, queue, queue_ms;
    unsigned connections, connections_per_source, idle_seconds, request_seconds;
    unsigned log_level, log_format;
    const char *audit_file, *master_key_file;

    struct directory_config directory;
    struct live_config live;
    unsigned near_megabytes;
    unsigned follow; /* index in "sync poll" */
    struct store_config store;
    struct keyring_config keys;
    struct authn_config authn;
    struct provider_config provider;
    struct backchannel_config backchannel;
};

/*
 * Reads and checks a file. NULL when something is wrong: *why then holds one line per error, each naming
 * file, line, setting and what is accepted; it is the caller's to free().
 */
struct settings *settings_load(const char *path, char **why);
/* Wipes the secrets and frees; NULL is taken. */
void settings_free(struct settings *s);
/* Every setting with its default and what it accepts, as a commented onedoor.conf. */
void settings_print_reference(FILE *out);

#endif
