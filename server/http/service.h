/* What all requests of one listener share. */
#ifndef ONEDOOR_HTTP_SERVICE_H
#define ONEDOOR_HTTP_SERVICE_H

#include "server/http/listener.h"
#include "server/http/peers.h"

struct service {
    struct listener_config config;
    struct address_list trusted;
    struct peers *peers;
    bool hsts;            /* people reach us by https */
    uint64_t references;  /* where the references of this process begin */
    atomic_uint busy;     /* requests between their arrival and the end of their answer */
    atomic_bool quiesced; /* no handler is begun any more, and answers end their connection */
};

#endif
