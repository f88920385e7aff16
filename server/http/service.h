/* What all requests of one listener share. */
#ifndef ONEDOOR_HTTP_SERVICE_H
#define ONEDOOR_HTTP_SERVICE_H

#include "server/base/spread.h"
#include "server/http/listener.h"
#include "server/http/peers.h"

#include <stdalign.h>

struct busy {
    alignas(CACHE_LINE) atomic_uint n;
};

struct service {
    struct listener_config config;
    struct address_list trusted;
    struct peers *peers;
    bool hsts;            /* people reach us by https */
    uint64_t references;  /* where the references of this process begin */
    atomic_bool quiesced; /* no handler is begun any more, and answers end their connection */
    /* Requests between their arrival and the end of their answer, each at the place of its I/O thread. */
    struct busy busy[SPREAD];
};

#endif
