/* Searches and password checks by tasks of a loop, whose thread waits for nothing. */
#include "directory/person.h"
#include "directory/registry.h"

#include "server/base/task.h"
#include "tests/unit/directory/proxy.h"
#include "tests/unit/support/slapd_tls.h"
#include "tests/unit/support/wheel.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* TURNS: a loop that never stands still makes more until a deadline; one that waits makes two or three. */
enum { DEADLINE_MS = 1000, TURNS = 20, TASKS = 32, ROUNDS = 20, BACK_MS = 10000 };

static struct slapd slapd;
static struct proxy proxy;
static struct sample_person citizen;
static char ca_file[128], proxy_uri[64];
static struct wheel wheel;
static atomic_uint handed_over; /* calls that a task left to another thread */
static const struct str citizen_dn = {"uid=n-7f3a0c51,ou=citizens," CITY,
                                      sizeof "uid=n-7f3a0c51,ou=citizens," CITY - 1};

static void *do_handed(void *arg)
{
    struct loop_post *what = arg;
    what->run(what->arg);
    return NULL;
}

static void do_elsewhere(void *arg, enum loop_wait wait, struct loop_post *what)
{
    (void)arg;
    (void)wait;
    pthread_t thread;
    atomic_fetch_add(&handed_over, 1);
    if (pthread_create(&thread, NULL, do_handed, what) != 0 || pthread_detach(thread) != 0)
        abort();
}

static int start(void **state)
{
    (void)state;
    slapd_make(&slapd);
    citizen = slapd_person(&slapd, "citizen");
    slapd_certificate(&slapd, "good", "IP:127.0.0.1");
    slapd_show(&slapd, "good");
    snprintf(ca_file, sizeof ca_file, "%s/good.crt", slapd.folder);
    slapd_run(&slapd, true);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    slapd_remove(&slapd);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    if (slapd.pid == 0)
        slapd_run(&slapd, true);
    proxy_start(&proxy, atoi(strrchr(slapd.tcp_uri, ':') + 1));
    snprintf(proxy_uri, sizeof proxy_uri, "ldap://127.0.0.1:%d", proxy.port);
    wheel.loop = loop_new();
    loop_set_elsewhere(wheel.loop, do_elsewhere, NULL);
    wheel_start(&wheel);
    return 0;
}

static int end(void **state)
{
    (void)state;
    slapd_thaw(&slapd);
    wheel_stop(&wheel);
    proxy_stop(&proxy);
    return 0;
}

static struct directory *opened(const char *uri, bool start_tls)
{
    struct directory_config c = slapd_config(&slapd);
    c.uris = str_of(uri);
    c.start_tls = start_tls;
    c.ca_file = ca_file;
    c.operation_ms = c.connect_ms = DEADLINE_MS;
    struct directory *d = directory_new(&c);
    assert_non_null(d);
    return d;
}

typedef enum result (*ask)(struct directory *d);

static enum result look_up(struct directory *d)
{
    struct arena *a = arena_new(1 << 20);
    struct person *p;
    enum result r = person_by_login(d, a, str_of(citizen.uid), &p);
    if (r == RESULT_OK && !str_eq(p->dn, citizen_dn))
        r = RESULT_INTERNAL;
    arena_free(a);
    return r;
}

static enum result check(struct directory *d)
{
    return person_check_password(d, citizen_dn, str_of(citizen.password));
}

static enum result check_wrong(struct directory *d)
{
    return person_check_password(d, citizen_dn, STR("wrong"));
}

static const ask questions[] = {directory_ping, look_up, check};
enum { QUESTIONS = sizeof questions / sizeof *questions };

/* One question by a task, and how often the loop let another one run meanwhile. */
struct asked {
    ask question;
    struct directory *d;
    enum result result;
    bool over;
    unsigned turns;
};

static void turn(void *arg)
{
    struct asked *q = arg;
    while (!q->over) {
        q->turns++;
        task_yield();
    }
}

static void ask_one(void *arg)
{
    struct asked *q = arg;
    q->result = q->question(q->d);
    q->over = true;
}

static void ask_while_turning(void *arg)
{
    if (!loop_spawn(loop_current(), turn, arg))
        abort();
    ask_one(arg);
    task_yield(); /* `turn` ends */
}

static enum result in_task(ask question, struct directory *d)
{
    struct asked q = {.question = question, .d = d};
    wheel_do(&wheel, ask_one, &q);
    return q.result;
}

static void assert_back(ask question, struct directory *d)
{
    enum result r = RESULT_UNAVAILABLE;
    for (int i = 0; i < BACK_MS / 20 && r != RESULT_OK; i++, usleep(20000))
        r = in_task(question, d);
    assert_int_equal(r, RESULT_OK);
}

/* As many calls as it takes until there is a connection for each question. */
static void warm(struct directory *d)
{
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_int_equal(in_task(questions[i], d), RESULT_OK);
    atomic_store(&handed_over, 0);
}

static void a_kept_connection_is_used_without_another_thread(void **state)
{
    (void)state;
    char plain[] = "ldap://127.0.0.1:65535";
    snprintf(plain, sizeof plain, "ldap://127.0.0.1:%d", proxy.to_port);
    const struct {
        const char *uri;
        bool start_tls;
    } ways[] = {{slapd.socket_uri, false}, {plain, false}, {plain, true}, {slapd.tls_uri, false}};
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        struct directory *d = opened(ways[way].uri, ways[way].start_tls);
        warm(d);
        for (size_t i = 0; i < 10 * QUESTIONS; i++)
            assert_int_equal(in_task(questions[i % QUESTIONS], d), RESULT_OK);
        assert_int_equal(in_task(check_wrong, d), RESULT_REFUSED);
        assert_int_equal(atomic_load(&handed_over), 0);
        /* A thread that may wait uses the same connections. */
        for (size_t i = 0; i < QUESTIONS; i++)
            assert_int_equal(questions[i](d), RESULT_OK);
        directory_free(d);
    }
}

struct crowd {
    struct directory *d;
    unsigned wrong, unavailable, left;
    bool may_fail;
};

static void note(struct crowd *c, enum result got, enum result right)
{
    if (got == RESULT_UNAVAILABLE && c->may_fail)
        c->unavailable++;
    else if (got != right)
        c->wrong++;
}

static void ask_many(void *arg)
{
    struct crowd *c = arg;
    for (int i = 0; i < ROUNDS; i++) {
        note(c, look_up(c->d), RESULT_OK);
        note(c, i % 2 ? check(c->d) : check_wrong(c->d), i % 2 ? RESULT_OK : RESULT_REFUSED);
    }
    c->left--;
}

static void come_together(void *arg)
{
    struct crowd *c = arg;
    for (c->left = 0; c->left < TASKS; c->left++)
        if (!loop_spawn(loop_current(), ask_many, c))
            abort();
    while (c->left > 0)
        task_yield();
}

/* Four places of each kind, and threads that wait for them as well. */
static void many_tasks_share_a_few_connections(void **state)
{
    (void)state;
    struct directory_config config = slapd_config(&slapd);
    config.operation_ms = 20000; /* nobody is to be late on a busy machine */
    struct crowd c = {.d = directory_new(&config)};
    wheel_do(&wheel, come_together, &c);
    assert_int_equal(c.wrong, 0);
    directory_free(c.d);
}

static atomic_bool enough;

static void *come_again(void *crowd)
{
    while (!atomic_load(&enough))
        wheel_do(&wheel, come_together, crowd);
    return NULL;
}

/* It is never taken for a wrong password, nor for a person who does not exist. */
static void a_server_that_dies_in_the_middle_is_unavailable(void **state)
{
    (void)state;
    struct crowd c = {.d = opened(slapd.socket_uri, false), .may_fail = true};
    pthread_t thread;
    warm(c.d);
    atomic_store(&enough, false);
    assert_int_equal(pthread_create(&thread, NULL, come_again, &c), 0);
    for (int i = 0; i < 3; i++) {
        usleep(20000);
        slapd_kill(&slapd);
        slapd_run(&slapd, true);
    }
    atomic_store(&enough, true);
    pthread_join(thread, NULL);
    assert_int_equal(c.wrong, 0);
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_back(questions[i], c.d);
    directory_free(c.d);
}

static void a_silent_server_is_given_up_while_the_loop_turns(void **state)
{
    (void)state;
    for (size_t i = 0; i < QUESTIONS; i++) {
        struct directory *d = opened(slapd.socket_uri, false);
        warm(d);
        slapd_freeze(&slapd);
        struct asked q = {.question = questions[i], .d = d};
        wheel_do(&wheel, ask_while_turning, &q);
        slapd_thaw(&slapd);
        assert_int_equal(q.result, RESULT_UNAVAILABLE);
        assert_true(q.turns > TURNS);
        assert_int_equal(atomic_load(&handed_over), 0);
        assert_back(questions[i], d);
        directory_free(d);
    }
}

static void an_answer_that_comes_byte_by_byte_holds_nobody_up(void **state)
{
    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        struct directory *d = opened(proxy_uri, tls);
        warm(d);
        atomic_store(&proxy.way, PROXY_TRICKLE);
        for (size_t i = 0; i < QUESTIONS; i++) {
            struct asked q = {.question = questions[i], .d = d};
            wheel_do(&wheel, ask_while_turning, &q);
            assert_int_equal(q.result, RESULT_OK);
            assert_true(q.turns > TURNS);
        }
        assert_int_equal(atomic_load(&handed_over), 0);
        atomic_store(&proxy.way, PROXY_WHOLE);
        directory_free(d);
    }
}

static void an_answer_that_stops_in_the_middle_is_given_up_while_the_loop_turns(void **state)
{
    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        for (size_t i = 0; i < QUESTIONS; i++) {
            struct directory *d = opened(proxy_uri, tls);
            warm(d);
            atomic_store(&proxy.way, PROXY_HALT);
            struct asked q = {.question = questions[i], .d = d};
            wheel_do(&wheel, ask_while_turning, &q);
            assert_int_equal(q.result, RESULT_UNAVAILABLE);
            assert_true(q.turns > TURNS);
            assert_int_equal(atomic_load(&handed_over), 0);
            atomic_store(&proxy.way, PROXY_WHOLE);
            assert_int_equal(in_task(questions[i], d), RESULT_OK);
            directory_free(d);
        }
    }
}

/* By a thread that may wait for a new one. */
static void a_connection_that_dies_when_asked_is_replaced(void **state)
{
    (void)state;
    char uris[256];
    snprintf(uris, sizeof uris, "%s %s", proxy_uri, slapd.socket_uri);
    for (size_t i = 0; i < QUESTIONS; i++) {
        struct directory *d = opened(uris, false);
        warm(d);
        unsigned before = atomic_load(&proxy.questions);
        atomic_store(&proxy.way, PROXY_CUT);
        assert_int_equal(in_task(questions[i], d), RESULT_OK);
        assert_true(atomic_load(&proxy.questions) > before);
        assert_int_equal(atomic_load(&handed_over), 1);
        atomic_store(&proxy.way, PROXY_WHOLE);
        directory_free(d);
    }
}

/* TLS 1.2 lets the server ask for a handshake, to whose end libldap waits: that is no wait for a loop. */
static void an_older_tls_is_left_to_other_threads(void **state)
{
    (void)state;
    slapd_kill(&slapd);
    slapd_setting(&slapd, "olcTLSCipherSuite", "NORMAL:-VERS-TLS1.3");
    slapd_run(&slapd, true);
    struct directory *d = opened(slapd.tls_uri, false);
    warm(d);
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_int_equal(in_task(questions[i], d), RESULT_OK);
    assert_int_equal(atomic_load(&handed_over), QUESTIONS);
    directory_free(d);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kept_connection_is_used_without_another_thread),
        TEST(many_tasks_share_a_few_connections),
        TEST(a_server_that_dies_in_the_middle_is_unavailable),
        TEST(a_silent_server_is_given_up_while_the_loop_turns),
        TEST(an_answer_that_comes_byte_by_byte_holds_nobody_up),
        TEST(an_answer_that_stops_in_the_middle_is_given_up_while_the_loop_turns),
        TEST(a_connection_that_dies_when_asked_is_replaced),
        TEST(an_older_tls_is_left_to_other_threads),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
