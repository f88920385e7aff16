/* Couriers over a real Redis, and applications that are well, silent, gone or were never to be told. */
#include "server/courier.h"

#include "authn/logout_job.h"
#include "authn/session.h"
#include "clients/snapshot.h"
#include "server/base/metric.h"
#include "tests/unit/authn/world.h"
#include "tests/unit/certs/fixture.h"
#include "tests/unit/clients/entry_support.h"
#include "tests/unit/support/tls_receiver.h"

enum { PATIENCE_MS = 30000 };

static struct provider provider;
static struct backchannel_config config;
static int silent = -1;
static char well_uri[64], refusing_uri[64], silent_uri[64];

static struct entry application(const char *id, const char *uri)
{
    return entry_of(
        world.a, id,
        uri ? PAIRS("onedoorRedirectUri", "https://a.example/cb", "onedoorBackchannelLogoutUri", uri)
            : PAIRS("onedoorRedirectUri", "https://a.example/cb"));
}

static int start_all(void **state)
{
    fixture_time = (int64_t)time(NULL);
    return receiver_start() ? world_begin(state) : -1;
}

static int end_all(void **state)
{
    close(silent);
    return receiver_stop() == 0 ? world_end(state) : -1;
}

static void register_all(void)
{
    unsigned port;
    silent = silent_listener(&port);
    snprintf(well_uri, sizeof well_uri, "https://127.0.0.1:%u/ok", receiver.port);
    snprintf(refusing_uri, sizeof refusing_uri, "https://127.0.0.1:%u/400", receiver.port);
    snprintf(silent_uri, sizeof silent_uri, "https://127.0.0.1:%u/", port);
    struct entry v[] = {application("well", well_uri), application("refusing", refusing_uri),
                        application("silent", silent_uri), application("untold", NULL)};
    provider.applications = applications_new(world.directory);
    assert_true(applications_install(provider.applications, snapshot_build(&(struct entries){v, 4})));
}

static int begin(void **state)
{
    assert_int_equal(setup(state), 0);
    freeReplyObject(redis_ask(&world.redis, "EVAL %s 0",
                              "for _,k in ipairs(redis.call('KEYS','od:*')) do "
                              "if #k == 30 then redis.call('DEL',k) end end"));
    struct key_set *set = key_set_new(4);
    add_key(set, JWS_ES256, 1, KEY_ACTIVE, fixture_time);
    world.au.config.logout_queue = 10000;
    provider = (struct provider){.config.issuer = STR("https://sso.city.example"),
                                 .store = world.store,
                                 .audit = world.audit,
                                 .authn = world.au,
                                 .keyring = new_keyring(set)};
    config = (struct backchannel_config){
        .ca_file = receiver.ca_file, .allow_private = true, .connect_ms = 1000, .request_ms = 1000};
    register_all();
    atomic_store(&receiver.requests, 0);
    return 0;
}

static int end(void **state)
{
    close(silent);
    silent = -1;
    applications_free(provider.applications);
    keyring_close(provider.keyring);
    return teardown(state);
}

static void queue(const char *client, const char *sid, int64_t created, int64_t attempts)
{
    const struct logout_job job = {.client_id = str_of(client),
                                   .subject = STR("s-1"),
                                   .sid = str_of(sid),
                                   .created = created,
                                   .attempts = attempts};
    const struct store_job one = {logout_job_id(world.a, &job), logout_job_text(world.a, &job)};
    const struct store_jobs jobs = {
        .kind = STORE_LOGOUT, .v = &one, .n = 1, .due = clock_now(), .ttl = 3600, .most = 10000};
    assert_int_equal(store_queue_add(world.store, world.a, &jobs), RESULT_OK);
}

static void queue_many(const char *client, int n)
{
    char sid[32];
    for (int i = 0; i < n; i++) {
        snprintf(sid, sizeof sid, "sid-%d", i);
        queue(client, sid, clock_now(), 0);
    }
}

static uint64_t waiting(void)
{
    uint64_t n;
    assert_int_equal(store_queue_length(world.store, STORE_LOGOUT, &n), RESULT_OK);
    return n;
}

static void wait_until_waiting(uint64_t n)
{
    int64_t last = clock_monotonic_ms() + PATIENCE_MS;
    while (waiting() != n) {
        if (clock_monotonic_ms() > last)
            fail_msg("%d wait, not %d", (int)waiting(), (int)n);
        usleep(10000);
    }
}

static void wait_for_metric(enum metric m, uint64_t value)
{
    int64_t last = clock_monotonic_ms() + PATIENCE_MS;
    while (metric_read(m) < value) {
        if (clock_monotonic_ms() > last)
            fail_msg("the metric stands at %d", (int)metric_read(m));
        usleep(10000);
    }
}

static struct courier *start(void)
{
    const char *why = "";
    struct courier *c = courier_start(&provider, &config, &why);
    if (!c)
        fail_msg("%s", why);
    return c;
}

static void what_waits_is_delivered_and_noted(void **state)
{
    (void)state;
    uint64_t before = metric_read(METRIC_LOGOUTS_DELIVERED);
    queue_many("well", 100);
    struct courier *c = start();
    wait_until_waiting(0);
    courier_stop(c);
    assert_int_equal(atomic_load(&receiver.requests), 100);
    assert_int_equal(metric_read(METRIC_LOGOUTS_DELIVERED), before + 100);
    assert_int_equal(audited("logout_delivered"), 100);
    assert_int_equal(memcmp(receiver.posted, "logout_token=eyJ", 16), 0);
}

static void two_couriers_share_the_work(void **state)
{
    (void)state;
    queue_many("well", 200);
    struct courier *one = start(), *two = start();
    wait_until_waiting(0);
    courier_stop(one);
    courier_stop(two);
    assert_int_equal(atomic_load(&receiver.requests), 200);
}

static void many_for_one_that_is_silent_hold_nobody_up(void **state)
{
    (void)state;
    uint64_t failures = metric_read(METRIC_LOGOUTS_FAILED);
    queue_many("silent", 400);
    queue_many("well", 100);
    struct courier *c = start();
    wait_until_waiting(400);
    assert_int_equal(atomic_load(&receiver.requests), 100);
    wait_for_metric(METRIC_LOGOUTS_FAILED, failures + 1);
    courier_stop(c);
    assert_int_equal(waiting(), 400);
    assert_true(metric_read(METRIC_LOGOUTS_FAILED) - failures < 40); /* not each of them was tried */
}

static void who_is_not_to_be_told_is_forgotten(void **state)
{
    (void)state;
    queue("untold", "a", clock_now(), 0);
    struct courier *c = start();
    wait_until_waiting(0);
    courier_stop(c);
    assert_int_equal(audited("logout_given_up"), 0);
}

static void after_a_day_it_is_given_up_and_that_is_noted(void **state)
{
    (void)state;
    uint64_t before = metric_read(METRIC_LOGOUTS_GIVEN_UP);
    queue("silent", "old", clock_now() - 86400, 20);
    queue("removed", "old", clock_now() - 86400, 20);
    struct courier *c = start();
    wait_until_waiting(0);
    courier_stop(c);
    assert_int_equal(metric_read(METRIC_LOGOUTS_GIVEN_UP), before + 2);
    assert_int_equal(audited("logout_given_up"), 2);
}

static struct logout_job *job_of(const char *client, const char *sid)
{
    struct str value;
    const struct logout_job like = {.client_id = str_of(client), .sid = str_of(sid)};
    struct str id = logout_job_id(world.a, &like);
    assert_int_equal(store_get(world.store, world.a, STORE_LOGOUT, id, &value), RESULT_OK);
    struct logout_job *job = logout_job_parse(world.a, value);
    assert_non_null(job);
    return job;
}

static void a_refusal_counts_as_an_attempt_and_as_a_refusal(void **state)
{
    (void)state;
    uint64_t before = metric_read(METRIC_LOGOUTS_FAILED);
    queue("refusing", "a", clock_now(), 0);
    struct courier *c = start();
    wait_for_metric(METRIC_LOGOUTS_FAILED, before + 1);
    courier_stop(c);
    assert_int_equal(job_of("refusing", "a")->attempts, 1);
    assert_int_equal(job_of("refusing", "a")->refusals, 1);
    struct store_job jobs[4];
    size_t n;
    assert_int_equal(store_queue_due(world.store, world.a, STORE_LOGOUT, clock_now(), jobs, 4, &n),
                     RESULT_OK);
    assert_int_equal(n, 0); /* not before its pause is over */
}

static void what_is_under_way_at_a_stop_is_as_it_was_and_due(void **state)
{
    (void)state;
    struct store_job jobs[4];
    size_t n = 1;
    config.connect_ms = config.request_ms = 60000;
    queue("silent", "a", clock_now(), 2);
    struct courier *c = start();
    int64_t last = clock_monotonic_ms() + PATIENCE_MS;
    while (accept(silent, NULL, NULL) < 0 && clock_monotonic_ms() < last)
        usleep(5000);
    assert_int_equal(store_queue_due(world.store, world.a, STORE_LOGOUT, clock_now(), jobs, 4, &n),
                     RESULT_OK);
    assert_int_equal(n, 0);
    courier_stop(c);
    assert_true(clock_monotonic_ms() < last);
    assert_int_equal(job_of("silent", "a")->attempts, 2);
    assert_int_equal(store_queue_due(world.store, world.a, STORE_LOGOUT, clock_now(), jobs, 4, &n),
                     RESULT_OK);
    assert_int_equal(n, 1);
}

static void a_redis_that_was_away_is_worked_on_again(void **state)
{
    (void)state;
    queue_many("well", 5);
    redis_stop(&world.redis);
    struct courier *c = start();
    usleep(300000);
    assert_int_equal(atomic_load(&receiver.requests), 0);
    redis_run(&world.redis);
    for (int i = 0; i < 100 && store_ping(world.store) != RESULT_OK; i++, usleep(50000))
        store_beat(world.store);
    wait_until_waiting(0);
    courier_stop(c);
    assert_int_equal(atomic_load(&receiver.requests), 5);
}

static void an_authority_that_cannot_be_read_is_told_at_the_start(void **state)
{
    (void)state;
    const char *why = "";
    config.ca_file = "/nowhere/ca.pem";
    assert_null(courier_start(&provider, &config, &why));
    assert_non_null(strstr(why, "backchannel.ca_file"));
    courier_stop(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(what_waits_is_delivered_and_noted),
        TEST(two_couriers_share_the_work),
        TEST(many_for_one_that_is_silent_hold_nobody_up),
        TEST(who_is_not_to_be_told_is_forgotten),
        TEST(after_a_day_it_is_given_up_and_that_is_noted),
        TEST(a_refusal_counts_as_an_attempt_and_as_a_refusal),
        TEST(what_is_under_way_at_a_stop_is_as_it_was_and_due),
        TEST(a_redis_that_was_away_is_worked_on_again),
        TEST(an_authority_that_cannot_be_read_is_told_at_the_start),
    };
    return cmocka_run_group_tests(tests, start_all, end_all);
}
