/* The listeners: I/O threads that drive libmicrohttpd; bounded requests, handed to the route's handler. */
#ifndef ONEDOOR_HTTP_LISTENER_H
#define ONEDOOR_HTTP_LISTENER_H

#include "server/base/secret.h"
#include "server/http/route.h"

/* What a task or a worker is to do: one of the first two, once. */
struct work {
    void (*run)(void *arg);
    void (*refuse)(
        void *arg); /* instead, because it waited too long or others go first: at once, on any thread */
    bool (*wanted)(void *arg); /* whether anybody still waits for it; NULL: always */
    void *arg;
    uint32_t from; /* who asks: a number for each, by which they are shared fairly */
};

/*
 * Has the work done on the pool; false, and nothing is called, when it would wait too long. Given by the
 * layer that owns the pools.
 */
typedef bool (*submit_fn)(void *pools, enum run_where where, const struct work *work);
/* Whether submit would take work of `from` now: asked first, because it spares the library a detour. */
typedef bool (*room_fn)(void *pools, enum run_where where, uint32_t from);
/* Renders resp->view into resp->body and content_type. Given by the layer that owns the templates. */
typedef void (*render_fn)(void *app, const struct request *req, struct response *resp);

struct listener_config {
    struct str address; /* "127.0.0.1", "::", … */
    uint16_t port;
    const char *tls_certificate; /* PEM text; NULL for plain HTTP */
    const struct secret *tls_key;
    struct str issuer;
    struct str trusted_proxies; /* space-separated addresses whose X-Forwarded-For counts */
    unsigned threads;
    unsigned connections_max, connections_per_source;
    unsigned idle_seconds;    /* no byte for so long closes the connection */
    unsigned request_seconds; /* a request must have arrived whole within this time */
    size_t arena_max;         /* bytes one request may use */
    const struct route *routes;
    size_t route_count;
    void *app; /* handed to every handler */
    void *pools;
    room_fn has_room;
    submit_fn submit;
    render_fn render; /* may be NULL: problems are then plain text */
};

struct listener;

/* Starts listening; everything config points to must outlive the listener. NULL with *why set otherwise. */
struct listener *listener_start(const struct listener_config *config, const char **why);
/* The port that was bound: the one of the configuration, or the system's choice when that is 0. */
uint16_t listener_port(const struct listener *l);
/* Requests whose handler waits in a queue or runs, or whose answer is being sent; 0 once drained. */
unsigned listener_busy(const struct listener *l);
/*
 * Takes no new connections, ends idle ones, and answers what still arrives on others with 503; what runs goes
 * on. So listener_busy only falls from here on, and when it is 0 the pools may be stopped.
 */
void listener_quiesce(struct listener *l);
/* Quiesces, waits until nothing runs, and stops. */
void listener_stop(struct listener *l);

#endif
