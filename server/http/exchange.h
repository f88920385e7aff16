/* One request's life, from its first line to the end of its answer. */
#ifndef ONEDOOR_HTTP_EXCHANGE_H
#define ONEDOOR_HTTP_EXCHANGE_H

#include "server/base/log.h"
#include "server/base/loop.h"
#include "server/http/io_thread.h"
#include "server/http/service.h"

#include <microhttpd.h>

enum exchange_phase {
    EXCHANGE_HEAD,    /* the header block is arriving */
    EXCHANGE_HELD,    /* it has arrived, but whoever sent it was told to wait, and waits now */
    EXCHANGE_BODY,    /* the body is arriving */
    EXCHANGE_DECIDED, /* the answer is known; a small body is read to its end so that the connection lasts */
    EXCHANGE_RUNNING, /* a task or a worker has it, MHD has suspended the connection */
    EXCHANGE_READY,   /* the answer stands in response */
    EXCHANGE_ANSWERED /* MHD has it */
};

enum { REFERENCE_SIZE = 10, EXCHANGE_FALLBACK_SIZE = 256 };

/* Lives in the arena it owns; MHD keeps it as the request's context. */
struct exchange {
    struct service *service;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct arena *arena, *spare; /* spare: for the error page when the arena is exhausted */
    struct request request;
    struct response response;
    enum exchange_phase phase;
    const char *method;
    const char *target_end; /* behind the target in MHD's buffer */
    size_t body_room, swallowed;
    int64_t began;
    struct loop *loop;     /* of its I/O thread, */
    struct loop_post back; /* and the way there, while somebody else has it */
    struct busy *busy;     /* where it is counted in the service, or NULL */
    bool shed;             /* answered with "come again later" */
    struct io_hold hold;
    bool admitted; /* the whole request: query, form and cookies are read */
    char reference[REFERENCE_SIZE];
    char fallback[EXCHANGE_FALLBACK_SIZE]; /* a problem's text when there is no memory for anything better */
};

/* The three callbacks that MHD calls for a request, in this order; cls is the struct service. */
void *exchange_begin(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result exchange_continue(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data, size_t *size,
                                  void **context);
void exchange_end(void *cls, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode why);

/*
 * Releases what a connection that is closed still has: 0.9 does not tell the end of every request that it
 * refuses by itself.
 */
void exchange_abandon(struct peer *peer);
/* Whether the reference of a request whose answer stands in x->response may be found in a log. */
bool exchange_leaves_a_trace(const struct exchange *x);
/* The peer of a connection, NULL when it was refused. */
struct peer *exchange_peer(struct MHD_Connection *connection);
/* Until when the next request of a connection that waits must have arrived. */
int64_t exchange_patience(const struct service *service);

#endif
