#include "server/courier.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"
#include "server/base/random.h"
#include "server/courier_flight.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    LOOK_MS = 250,   /* how often the queue is looked into */
    AWAY_MS = 2000,  /* while the store is away */
    COUNT_MS = 5000, /* how often its length is told to the metrics */
    PAGE = 64,       /* ids fetched at once */
    LOOK_MEMORY = 64 * 1024,
    STACK_BYTES = 512 * 1024,
    CONNECTIONS_KEPT = 32
};

struct courier {
    struct flights flights;
    pthread_t thread;
    atomic_bool stop;
    int64_t look_at, count_at; /* monotonic ms */
    bool more;                 /* jobs were left lying because all hands are full */
};

/* Servers that look at the same moment shall not all reach for the same job: each begins elsewhere. */
static size_t any_of(size_t n)
{
    uint32_t number = 0;
    return random_bytes(&number, sizeof number) ? number % n : 0;
}

static enum result begin_some(struct courier *c, const struct str *ids, size_t n)
{
    size_t first = n > 0 ? any_of(n) : 0;
    enum result r = RESULT_OK;
    c->more = n == PAGE;
    for (size_t i = 0; i < n && r == RESULT_OK; i++) {
        if (flights_full(&c->flights)) {
            c->more = true;
            break;
        }
        r = flight_begin(&c->flights, ids[(first + i) % n]);
    }
    return r;
}

static void look(struct courier *c)
{
    struct str ids[PAGE];
    size_t n = 0;
    if (clock_monotonic_ms() < c->look_at || flights_full(&c->flights))
        return;
    struct arena *a = arena_new(LOOK_MEMORY);
    enum result r =
        a ? store_queue_due(c->flights.provider->store, a, STORE_LOGOUT, clock_now(), ids, PAGE, &n)
          : RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = begin_some(c, ids, n);
    arena_free(a);
    if (r != RESULT_OK)
        c->look_at = clock_monotonic_ms() + AWAY_MS;
    else if (!c->more)
        c->look_at = clock_monotonic_ms() + LOOK_MS;
}

static void count(struct courier *c)
{
    uint64_t length;
    if (clock_monotonic_ms() < c->count_at)
        return;
    c->count_at = clock_monotonic_ms() + COUNT_MS;
    if (store_queue_length(c->flights.provider->store, STORE_LOGOUT, &length) == RESULT_OK)
        metric_set(METRIC_LOGOUTS_WAITING, length);
}

static void land(struct courier *c)
{
    int running, left;
    curl_multi_perform(c->flights.multi, &running);
    for (CURLMsg *m; (m = curl_multi_info_read(c->flights.multi, &left));)
        if (m->msg == CURLMSG_DONE)
            flight_land(&c->flights, m->easy_handle, m->data.result);
}

/* Until something arrives, or the queue is to be looked into, or courier_stop wakes us. */
static void wait(struct courier *c)
{
    int64_t left = flights_full(&c->flights) ? LOOK_MS : c->look_at - clock_monotonic_ms();
    curl_multi_poll(c->flights.multi, NULL, 0, left > 0 ? (int)left : 0, NULL);
}

static void *run(void *arg)
{
    struct courier *c = arg;
    while (!atomic_load(&c->stop)) {
        look(c);
        count(c);
        land(c);
        wait(c);
    }
    flights_give_back(&c->flights);
    return NULL;
}

static bool start_thread(struct courier *c)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    bool started = pthread_create(&c->thread, &attributes, run, c) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

static void courier_free(struct courier *c)
{
    curl_multi_cleanup(c->flights.multi);
    rests_free(c->flights.rests);
    free(c);
    curl_global_cleanup();
}

struct courier *courier_start(struct provider *p, const struct backchannel_config *config, const char **why)
{
    *why = "backchannel.ca_file cannot be read";
    if (config->ca_file && config->ca_file[0] != '\0' && access(config->ca_file, R_OK) != 0)
        return NULL;
    *why = "no thread for the courier";
    struct courier *c = calloc(1, sizeof *c);
    if (!c || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(c);
        return NULL;
    }
    c->flights =
        (struct flights){.provider = p, .config = config, .multi = curl_multi_init(), .rests = rests_new()};
    bool good = c->flights.multi && c->flights.rests &&
                curl_multi_setopt(c->flights.multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT) == CURLM_OK;
    if (good && start_thread(c))
        return c;
    courier_free(c);
    return NULL;
}

void courier_stop(struct courier *c)
{
    if (!c)
        return;
    atomic_store(&c->stop, true);
    curl_multi_wakeup(c->flights.multi);
    pthread_join(c->thread, NULL);
    courier_free(c);
}
