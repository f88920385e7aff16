#include "server/courier.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"
#include "server/base/random.h"
#include "server/courier_flight.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    LOOK_MS = 250,   /* how often the queue is looked into */
    AGAIN_MS = 20,   /* while there is more than was taken */
    AWAY_MS = 2000,  /* while the store is away */
    COUNT_MS = 5000, /* how often its length is told to the metrics */
    PAGE = 256,      /* jobs fetched at once */
    LOOK_MEMORY = 4 * 1024 * 1024,
    STACK_BYTES = 512 * 1024
};

struct courier {
    struct flights flights;
    pthread_t thread;
    atomic_bool stop;
    int wake;                          /* an eventfd, for courier_stop */
    int64_t looked, look_at, count_at; /* monotonic ms */
    bool left_lying;                   /* a job that is due: as soon as a place is free, it is looked for */
};

static void land(struct courier *c)
{
    int running, left;
    if (!c->flights.multi)
        return;
    libcurl.multi_perform(c->flights.multi, &running);
    for (CURLMsg *m; (m = libcurl.multi_info_read(c->flights.multi, &left));) {
        if (m->msg != CURLMSG_DONE)
            continue;
        flight_land(&c->flights, m->easy_handle, m->data.result);
        if (c->left_lying && c->look_at == c->looked + LOOK_MS)
            c->look_at = c->looked + AGAIN_MS;
    }
}

/* Servers that look at the same moment shall not all reach for the same job: each begins elsewhere. */
static size_t any_of(size_t n)
{
    uint32_t number = 0;
    return random_bytes(&number, sizeof number) ? number % n : 0;
}

/* What one look into the queue has found, and what is to be put off of it. */
struct page {
    struct store_job jobs[PAGE];
    size_t n;
    struct store_delay later[PAGE];
    size_t later_n;
};

/*
 * A job of an application that answers, but has its hands full, is left lying for a moment; unless so many
 * are due that those of others may lie hidden behind it.
 */
static bool may_begin(struct courier *c, struct arena *a, struct page *page, const struct store_job *job)
{
    int64_t until;
    const struct logout_job *known = job->value.p ? logout_job_parse(a, job->value) : NULL;
    enum rest_answer answer =
        known ? rests_ask(c->flights.rests, known->client_id, clock_now(), &until) : REST_GO;
    if (answer == REST_WAIT || (answer == REST_FULL && page->n == PAGE))
        page->later[page->later_n++] = (struct store_delay){job->id, until + (int64_t)any_of(2)};
    c->left_lying |= answer == REST_FULL;
    return answer == REST_GO;
}

static enum result begin_some(struct courier *c, struct arena *a, struct page *page)
{
    size_t first = page->n > 0 ? any_of(page->n) : 0;
    enum result r = RESULT_OK;
    for (size_t i = 0; i < page->n && r == RESULT_OK; i++) {
        const struct store_job *job = &page->jobs[(first + i) % page->n];
        if (flights_full(&c->flights)) {
            c->left_lying = true;
            break;
        }
        if (!may_begin(c, a, page, job))
            continue;
        r = flight_begin(&c->flights, job->id);
        land(c); /* the store may be slow, and those under way have deadlines */
    }
    return r;
}

static enum result look_into(struct courier *c, struct arena *a, struct page *page)
{
    struct store *store = c->flights.provider->store;
    enum result r = store_queue_due(store, a, STORE_LOGOUT, clock_now(), page->jobs, PAGE, &page->n);
    if (r == RESULT_OK)
        r = begin_some(c, a, page);
    if (r == RESULT_OK)
        r = store_queue_put_off(store, a, STORE_LOGOUT, page->later, page->later_n);
    return r;
}

static void look(struct courier *c)
{
    if (clock_monotonic_ms() < c->look_at || flights_full(&c->flights))
        return;
    struct arena *a = arena_new(LOOK_MEMORY);
    struct page *page = a ? arena_alloc(a, sizeof *page) : NULL;
    c->left_lying = false;
    enum result r = page ? look_into(c, a, page) : RESULT_INTERNAL;
    bool more = page && page->n == PAGE;
    arena_free(a);
    c->looked = clock_monotonic_ms();
    c->look_at = c->looked + (r != RESULT_OK ? AWAY_MS : more ? AGAIN_MS : LOOK_MS);
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

/* Until something arrives, or the queue is to be looked into, or courier_stop wakes us. */
static void wait(struct courier *c)
{
    int64_t left = flights_full(&c->flights) ? LOOK_MS : c->look_at - clock_monotonic_ms();
    int ms = left > 0 ? (int)left : 0;
    struct curl_waitfd woken = {.fd = c->wake, .events = CURL_WAIT_POLLIN};
    if (c->flights.multi)
        libcurl.multi_poll(c->flights.multi, &woken, 1, ms, NULL);
    else
        poll(&(struct pollfd){.fd = c->wake, .events = POLLIN}, 1, ms);
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
    if (c->flights.multi)
        libcurl.multi_cleanup(c->flights.multi);
    rests_free(c->flights.rests);
    if (c->wake >= 0)
        close(c->wake);
    free(c);
}

struct courier *courier_start(struct provider *p, const struct backchannel_config *config, const char **why)
{
    *why = "backchannel.ca_file cannot be read";
    if (config->ca_file && config->ca_file[0] != '\0' && access(config->ca_file, R_OK) != 0)
        return NULL;
    if (!curl_library_is_there(why))
        return NULL;
    *why = "no thread for the courier";
    struct courier *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->flights = (struct flights){.provider = p, .config = config, .rests = rests_new()};
    c->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (c->flights.rests && c->wake >= 0 && start_thread(c))
        return c;
    courier_free(c);
    return NULL;
}

void courier_stop(struct courier *c)
{
    if (!c)
        return;
    atomic_store(&c->stop, true);
    eventfd_write(c->wake, 1);
    pthread_join(c->thread, NULL);
    courier_free(c);
}
