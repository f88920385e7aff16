#include "server/courier_flight.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"
#include "server/base/random.h"

enum {
    FLIGHT_MEMORY = 128 * 1024,
    CONNECTIONS_KEPT = 32,
    LEASE_MARGIN_SECONDS = 10, /* longer than a request, so that nobody else takes the job up meanwhile */
    RETRY_AFTER_MOST = 3600,
    /* A 400 may mean that acting on it failed, which may pass, or that the token is wrong, which will not. */
    REFUSALS_MOST = 3
};

bool flights_full(const struct flights *all)
{
    return all->count == FLIGHTS_MOST;
}

static uint32_t dice(void)
{
    uint32_t out = 0;
    return random_bytes(&out, sizeof out) ? out : 0;
}

static struct flight *free_place(struct flights *all)
{
    for (size_t i = 0; i < FLIGHTS_MOST; i++)
        if (!all->v[i].a)
            return &all->v[i];
    return NULL;
}

static void clear(struct flights *all, struct flight *f)
{
    if (f->call)
        libcurl.multi_remove_handle(all->multi, backchannel_handle(f->call));
    backchannel_call_free(f->call);
    arena_free(f->a);
    *f = (struct flight){0};
    all->count--;
}

/* The store's failures are told by itself. The lease runs out then, and the job is tried again. */
static void forget(struct flights *all, struct flight *f)
{
    enum result r = store_queue_done(all->provider->store, f->a, STORE_LOGOUT, f->id);
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_WARN, "logout.job_not_ended", LOG_Z("result", result_name(r)));
}

static void put_back(struct flights *all, struct flight *f, int64_t due)
{
    struct store_job job = {f->id, logout_job_text(f->a, f->job)};
    enum result r = RESULT_INTERNAL;
    if (job.value.len > 0)
        r = store_queue_again(all->provider->store, f->a, STORE_LOGOUT, job, clock_now(), due);
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_WARN, "logout.job_not_put_back", LOG_Z("result", result_name(r)));
}

static void note(struct flights *all, const struct flight *f, enum audit_event event, const char *why)
{
    const struct audit_entry entry = {.subject = f->job->subject,
                                      .client_id = f->job->client_id,
                                      .sid = f->job->sid,
                                      .detail = str_of(why)};
    if (audit_write(all->provider->audit, event, &entry) != RESULT_OK)
        LOG(LOG_LEVEL_ERROR, "audit.line_lost", LOG_INT("event", event),
            LOG_STR("client_id", f->job->client_id));
}

static void delivered(struct flights *all, struct flight *f)
{
    metric_add(METRIC_LOGOUTS_DELIVERED);
    note(all, f, AUDIT_LOGOUT_DELIVERED, "");
    forget(all, f);
}

static void give_up(struct flights *all, struct flight *f, const struct backchannel_answer *answer)
{
    metric_add(METRIC_LOGOUTS_GIVEN_UP);
    note(all, f, AUDIT_LOGOUT_GIVEN_UP, answer->why);
    LOG(LOG_LEVEL_ERROR, "logout.given_up", LOG_STR("client_id", f->job->client_id),
        LOG_STR("sid", f->job->sid), LOG_INT("attempts", f->job->attempts), LOG_INT("status", answer->status),
        LOG_Z("why", answer->why));
    forget(all, f);
}

static int64_t next_pause(const struct flight *f, const struct backchannel_answer *answer)
{
    int64_t pause = courier_pause(f->job->attempts, dice());
    int64_t asked = answer->retry_after < RETRY_AFTER_MOST ? answer->retry_after : RETRY_AFTER_MOST;
    return asked > pause ? asked : pause;
}

static void failed(struct flights *all, struct flight *f, const struct backchannel_answer *answer)
{
    const struct authn_config *limits = &all->provider->authn.config;
    int64_t now = clock_now();
    metric_add(METRIC_LOGOUTS_FAILED);
    f->job->attempts++;
    f->job->refusals += answer->outcome == BACKCHANNEL_REFUSED;
    int64_t pause = next_pause(f, answer);
    if (f->job->refusals >= REFUSALS_MOST || now + pause > f->job->created + limits->logout_give_up_seconds) {
        give_up(all, f, answer);
        return;
    }
    LOG(LOG_LEVEL_WARN, "logout.not_delivered", LOG_STR("client_id", f->job->client_id),
        LOG_INT("attempts", f->job->attempts), LOG_INT("status", answer->status), LOG_Z("why", answer->why),
        LOG_INT("again_in", pause));
    put_back(all, f, now + pause);
}

static void settle(struct flights *all, struct flight *f, const struct backchannel_answer *answer)
{
    bool answered = answer->outcome != BACKCHANNEL_FAILED;
    rests_settle(all->rests, f->job->client_id, answered, clock_now(), dice());
    if (answer->outcome == BACKCHANNEL_DELIVERED)
        delivered(all, f);
    else
        failed(all, f, answer);
    clear(all, f);
}

/* With the first of them libcurl is loaded. NULL when it is there, else why it is not. */
static const char *ready(struct flights *all)
{
    const char *why;
    if (all->multi)
        return NULL;
    if (!curl_library_load(&why))
        return why;
    all->multi = libcurl.multi_init();
    if (!all->multi)
        return "there is no memory";
    libcurl.multi_setopt(all->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
    return NULL;
}

/* NULL when it is under way, else why it is not. */
static const char *launch(struct flights *all, struct flight *f, const struct application *app)
{
    struct str token;
    if (!app)
        return "the application is not registered or disabled";
    const char *not_ready = ready(all);
    if (not_ready)
        return not_ready;
    const char *uri = arena_cstr(f->a, app->backchannel_logout_uri);
    if (logout_token_issue(all->provider, f->a, app, f->job, &token) != RESULT_OK || !uri)
        return "the logout token could not be made";
    f->call = backchannel_call_new(all->config, uri, token, f);
    if (!f->call)
        return "there is no memory";
    if (libcurl.multi_add_handle(all->multi, backchannel_handle(f->call)) == CURLM_OK)
        return NULL;
    backchannel_call_free(f->call);
    f->call = NULL;
    return "libcurl takes no more requests";
}

/* The address is that of the registration now: who was not to be told then, or is no more, is not told. */
static void take_up(struct flights *all, struct flight *f)
{
    const struct application *app = applications_find(all->provider->applications, f->a, f->job->client_id);
    int64_t until;
    if (app && app->backchannel_logout_uri.len == 0) {
        forget(all, f);
        clear(all, f);
    } else if (rests_admit(all->rests, f->job->client_id, clock_now(), &until) != REST_GO) {
        put_back(all, f, until + (int64_t)(dice() % 2));
        clear(all, f);
    } else {
        const char *why = launch(all, f, app);
        if (why)
            settle(all, f, &(struct backchannel_answer){.outcome = BACKCHANNEL_FAILED, .why = why});
    }
}

enum result flight_begin(struct flights *all, struct str id)
{
    struct flight *f = free_place(all);
    struct str value;
    if (!f)
        return RESULT_INTERNAL;
    *f = (struct flight){.a = arena_new(FLIGHT_MEMORY)};
    if (!f->a)
        return RESULT_INTERNAL;
    all->count++;
    f->id = arena_copy(f->a, id);
    int64_t lease = all->config->request_ms / 1000 + LEASE_MARGIN_SECONDS;
    enum result r =
        store_queue_claim(all->provider->store, f->a, STORE_LOGOUT, f->id, clock_now(), lease, &value);
    f->job = r == RESULT_OK ? logout_job_parse(f->a, value) : NULL;
    if (f->job) {
        take_up(all, f);
        return RESULT_OK;
    }
    if (r == RESULT_OK) {
        LOG(LOG_LEVEL_ERROR, "logout.job_unreadable");
        forget(all, f);
    }
    clear(all, f);
    return r == RESULT_USED || r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

void flight_land(struct flights *all, CURL *handle, CURLcode code)
{
    struct flight *f = backchannel_data(handle);
    struct backchannel_answer answer = backchannel_answered(f->call, code);
    settle(all, f, &answer);
}

void flights_give_back(struct flights *all)
{
    for (size_t i = 0; i < FLIGHTS_MOST; i++) {
        struct flight *f = &all->v[i];
        if (!f->a)
            continue;
        put_back(all, f, clock_now());
        clear(all, f);
    }
}
