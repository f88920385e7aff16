#include "server/http/exchange.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"
#include "server/http/admission.h"
#include "server/http/answer.h"
#include "server/http/intake.h"

#include <poll.h>
#include <string.h>

struct peer *exchange_peer(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

int64_t exchange_patience(const struct service *service)
{
    unsigned seconds = service->config.idle_seconds + service->config.request_seconds;
    return clock_coarse_ms() + (int64_t)seconds * 1000;
}

/* 0: as long as it takes. */
static void set_deadline(struct peer *peer, int64_t deadline)
{
    atomic_store_explicit(&peer->deadline, deadline, memory_order_relaxed);
}

static void set_transfer_deadline(struct exchange *x)
{
    set_deadline(x->peer, clock_coarse_ms() + (int64_t)x->service->config.request_seconds * 1000);
}

/* A number that no other request of this process has; threads draw a series each time. */
static uint64_t draw_number(void)
{
    enum { SERIES = 1024 };
    static _Atomic uint64_t drawn;
    static _Thread_local uint64_t next;
    if (next % SERIES == 0)
        next = atomic_fetch_add_explicit(&drawn, SERIES, memory_order_relaxed) + SERIES;
    return next++;
}

/*
 * A reference names a request to people on the telephone and must only be unlike the others: it is a counter,
 * stirred, in characters that are not mistaken for one another.
 */
static void make_reference(struct service *service, char out[REFERENCE_SIZE])
{
    uint64_t z = service->references + draw_number() * 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    z ^= z >> 31;
    for (int i = 0; i < REFERENCE_SIZE; i++, z >>= 5)
        out[i] = "0123456789abcdefghjkmnpqrstvwxyz"[z & 31];
}

/*
 * MHD shall not take the query apart: it has no use here, would cost its memory, and 0.9 forgets to tell the
 * end of a request whose parameters do not fit into it. So the query is cut off in MHD's buffer, once it is
 * copied.
 */
static void hide_query(const char *target)
{
    char *query = strchr((char *)target, '?');
    if (query)
        query[1] = 0;
}

static void take_target(struct exchange *x, const char *target)
{
    struct str text = str_of(target);
    x->request.path = arena_copy(x->arena, text);
    if (!target)
        return;
    x->target_end = target + text.len;
    hide_query(target);
}

void *exchange_begin(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct service *service = cls;
    struct peer *peer = exchange_peer(connection);
    struct arena *a = peer ? arena_new(service->config.arena_max) : NULL;
    struct exchange *x = a ? arena_alloc(a, sizeof *x) : NULL;
    if (!x) {
        arena_free(a);
        return NULL;
    }
    x->service = service;
    x->connection = connection;
    x->peer = peer;
    x->arena = a;
    x->began = clock_monotonic_ms();
    make_reference(service, x->reference);
    x->request = (struct request){.arena = a, .issuer = service->config.issuer};
    x->request.reference = (struct str){x->reference, REFERENCE_SIZE};
    x->response.arena = a;
    take_target(x, target);
    exchange_abandon(peer);
    peer->current = x;
    atomic_store_explicit(&peer->idle, false, memory_order_relaxed);
    set_transfer_deadline(x);
    return x;
}

/* Whether it is answered; else the handler is to be run again where it wanted to be. */
static bool run(struct exchange *x, enum run_where place)
{
    struct request *r = &x->request;
    r->place = r->wanted = place;
    log_set_reference(r->reference);
    if (!x->admitted)
        x->admitted = admission_of_whole(r, &x->response);
    if (x->admitted)
        r->route->handler(x->service->config.app, r, &x->response);
    bool moves = r->wanted > place;
    if (moves)
        x->response = (struct response){.arena = x->arena};
    else
        answer_finish(x);
    log_set_reference(STR_EMPTY);
    return !moves;
}

/*
 * Programs ask by the ten thousand a second: what went well of that is counted, and logged for debugging.
 * What they were granted stands in the audit log.
 */
static enum log_level level_of(const struct exchange *x)
{
    const struct route *route = x->request.route;
    bool often = route && route->kind != ROUTE_PAGE && x->response.status == 200;
    return often ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO;
}

bool exchange_leaves_a_trace(const struct exchange *x)
{
    const struct route *route = x->request.route;
    return level_of(x) != LOG_LEVEL_DEBUG || log_wants(LOG_LEVEL_DEBUG) || (route && route->where != RUN_NOW);
}

static void log_request(const struct exchange *x)
{
    enum log_level level = level_of(x);
    if (!log_wants(level))
        return;
    log_set_reference(x->request.reference);
    LOG(level, "http.request", LOG_Z("method", x->method), LOG_STR("path", x->request.path),
        LOG_INT("status", x->response.status), LOG_INT("ms", clock_monotonic_ms() - x->began),
        LOG_STR("source", x->request.source));
    log_set_reference(STR_EMPTY);
}

/*
 * Who was told to come later and comes at once is held up, for longer each time. That costs us next to
 * nothing, while each refusal takes the time of an answer. A proxy speaks for many, who must not wait for one
 * another.
 */
static void note_patience(struct exchange *x)
{
    enum { FIRST_MS = 100, MOST_MS = 1000 };
    struct peer *peer = x->peer;
    if (!x->shed) {
        if (x->busy && x->request.route->where != RUN_NOW)
            peer->hold_ms = 0;
        return;
    }
    if (peer->trusted)
        return;
    peer->hold_ms = peer->hold_ms == 0 ? FIRST_MS : 2 * peer->hold_ms < MOST_MS ? 2 * peer->hold_ms : MOST_MS;
    peer->held_until = clock_coarse_ms() + peer->hold_ms;
}

/* Not what memory answers: that was not what had to wait. */
static void hold_up(struct exchange *x)
{
    int64_t until = x->peer->held_until;
    if (until == 0 || x->request.route->where == RUN_NOW)
        return;
    x->peer->held_until = 0;
    if (until <= clock_coarse_ms())
        return;
    x->phase = EXCHANGE_HELD;
    io_thread_hold(&x->hold, x->connection, until);
}

static enum MHD_Result answer(struct exchange *x)
{
    x->phase = EXCHANGE_ANSWERED;
    note_patience(x);
    set_transfer_deadline(x);
    metric_add(METRIC_REQUESTS);
    log_request(x);
    return answer_queue(x);
}

static enum MHD_Result finish_and_answer(struct exchange *x)
{
    answer_finish(x);
    return answer(x);
}

static void shed(struct exchange *x)
{
    x->shed = true;
    metric_add(METRIC_REQUESTS_SHED);
    response_problem(&x->response, PROBLEM_OVERLOADED);
    answer_finish(x);
}

static void resume_here(void *exchange)
{
    struct exchange *x = exchange;
    io_thread_resume(x->connection);
}

/* Behind the resume, x belongs to the I/O thread again. */
static void resume(struct exchange *x)
{
    x->phase = EXCHANGE_READY;
    if (loop_current() == x->loop)
        resume_here(x);
    else
        loop_post(x->loop, &x->back);
}

static void run_on_worker(void *exchange);

static void refuse_on_worker(void *exchange)
{
    shed(exchange);
    resume(exchange);
}

/* A client that has closed its side gets no answer from the library. */
static bool is_wanted(void *exchange)
{
    const struct exchange *x = exchange;
    struct pollfd gone = {.fd = x->peer->fd, .events = POLLRDHUP};
    return x->request.route->when_gone != GONE_DROPPED || poll(&gone, 1, 0) <= 0 || gone.revents == POLLNVAL;
}

/*
 * Each who asks has two lines: one for what is answered from memory mostly, so that a program's
 * introspections do not wait behind the tokens that it asks for.
 */
static uint32_t line_of(const struct exchange *x)
{
    uint32_t number = peers_number(x->service->peers, x->peer, x->request.source);
    return 2 * number + (x->request.route->where == RUN_NOW ? 1 : 0);
}

static void submit(struct exchange *x, enum run_where place)
{
    const struct listener_config *c = &x->service->config;
    x->request.place = place;
    struct work work = {.run = run_on_worker, .refuse = refuse_on_worker, .wanted = is_wanted, .arg = x};
    work.from = line_of(x);
    if (c->submit(c->pools, place, &work))
        return;
    shed(x);
    resume(x);
}

static void run_on_worker(void *exchange)
{
    struct exchange *x = exchange;
    if (run(x, x->request.place))
        resume(x);
    else
        submit(x, x->request.wanted);
}

/*
 * To suspend a connection and wake it up again has the library look at all that are suspended, which are many
 * when there is no room: so what is to be shed is answered without.
 *
 * The connection is suspended before the request is submitted, because a worker may be done, and resume it,
 * before submit returns.
 */
static enum MHD_Result suspend_and_submit(struct exchange *x, enum run_where place)
{
    const struct listener_config *c = &x->service->config;
    if (!c->has_room(c->pools, place, line_of(x))) {
        shed(x);
        return answer(x);
    }
    x->phase = EXCHANGE_RUNNING;
    x->loop = loop_current();
    x->back = (struct loop_post){resume_here, x, NULL};
    MHD_suspend_connection(x->connection);
    submit(x, place);
    return MHD_YES;
}

/*
 * The request is whole. It counts as busy before `quiesced` is read: who sets that and then sees nothing busy
 * knows that nothing will be.
 */
static enum MHD_Result dispatch(struct exchange *x)
{
    x->busy = &x->service->busy[spread_place()];
    atomic_fetch_add(&x->busy->n, 1);
    set_deadline(x->peer, 0);
    if (atomic_load(&x->service->quiesced)) {
        shed(x);
        return answer(x);
    }
    if (x->request.route->where != RUN_NOW)
        return suspend_and_submit(x, x->request.route->where);
    return run(x, RUN_NOW) ? answer(x) : suspend_and_submit(x, x->request.wanted);
}

/* An answer before the body makes MHD close the connection behind it. */
static enum MHD_Result take_head(struct exchange *x, const char *method, const char *version)
{
    enum intake verdict = intake_head(x, method, version);
    x->phase = verdict == INTAKE_GOES_ON ? EXCHANGE_BODY : EXCHANGE_DECIDED;
    if (verdict == INTAKE_BROKEN || (verdict == INTAKE_DECIDED && !intake_may_swallow(x)))
        return finish_and_answer(x);
    if (verdict == INTAKE_GOES_ON)
        hold_up(x);
    return MHD_YES;
}

enum MHD_Result exchange_continue(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data, size_t *size,
                                  void **context)
{
    struct exchange *x = *context;
    (void)cls, (void)url;
    if (!x)
        return exchange_peer(connection) ? answer_without_memory(connection) : MHD_NO;
    if (x->phase == EXCHANGE_HEAD)
        return take_head(x, method, version);
    /* The library tells the head once more, then the body. */
    if (x->phase == EXCHANGE_HELD) {
        x->phase = EXCHANGE_BODY;
        if (*size == 0)
            return MHD_YES;
    }
    if (*size > 0) {
        bool open = intake_body(x, data, *size);
        *size = 0;
        return open ? MHD_YES : MHD_NO;
    }
    switch (x->phase) {
    case EXCHANGE_BODY:
        return dispatch(x);
    case EXCHANGE_DECIDED:
        return finish_and_answer(x);
    case EXCHANGE_READY:
        return answer(x);
    case EXCHANGE_HEAD:
    case EXCHANGE_HELD:
    case EXCHANGE_RUNNING:
    case EXCHANGE_ANSWERED:
        break;
    }
    return MHD_YES;
}

static void release(struct exchange *x)
{
    x->peer->current = NULL;
    if (x->phase != EXCHANGE_ANSWERED)
        LOG(LOG_LEVEL_DEBUG, "http.aborted", LOG_STR("source", str_of(x->peer->text)));
    if (x->busy)
        atomic_fetch_sub(&x->busy->n, 1);
    arena_free(x->spare);
    arena_free(x->arena);
}

void exchange_end(void *cls, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *context;
    (void)connection, (void)why;
    if (!x)
        return;
    *context = NULL;
    set_deadline(x->peer, exchange_patience(cls));
    atomic_store_explicit(&x->peer->idle, true, memory_order_relaxed);
    release(x);
}

void exchange_abandon(struct peer *peer)
{
    if (peer->current)
        release(peer->current);
}
