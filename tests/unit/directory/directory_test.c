/* The directory going away in every way, and coming back. */
#include "directory/person.h"
#include "directory/registry.h"

#include "server/base/clock.h"
#include "tests/unit/support/slapd.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>

#include <cmocka.h>

/* A deadline of one second here, and what a busy machine may add to it. */
enum { DEADLINE_MS = 1000, GRACE_MS = 800, BACK_MS = 5000, AT_ONCE_MS = 200 };

static struct slapd slapd;
static struct sample_person citizen;
static const struct str citizen_dn = {"uid=n-7f3a0c51,ou=citizens," CITY,
                                      sizeof "uid=n-7f3a0c51,ou=citizens," CITY - 1};

static int start(void **state)
{
    (void)state;
    slapd_start(&slapd);
    citizen = slapd_person(&slapd, "citizen");
    return 0;
}

/* Whatever became of the test before. */
static int serving(void **state)
{
    (void)state;
    if (slapd.pid == 0)
        slapd_run(&slapd, false);
    slapd_thaw(&slapd);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    slapd_remove(&slapd);
    return 0;
}

static struct directory *opened(const char *uris)
{
    struct directory_config c = slapd_config(&slapd);
    c.operation_ms = DEADLINE_MS;
    c.connect_ms = DEADLINE_MS;
    if (uris)
        c.uris = str_of(uris);
    struct directory *d = directory_new(&c);
    assert_non_null(d);
    return d;
}

static enum result look_up(struct directory *d)
{
    struct arena *a = arena_new(1 << 20);
    struct person *p;
    enum result r = person_by_login(d, a, str_of(citizen.uid), &p);
    arena_free(a);
    return r;
}

static enum result check(struct directory *d)
{
    return person_check_password(d, citizen_dn, str_of(citizen.password));
}

static enum result write_once(struct directory *d)
{
    struct str text = STR("x");
    const struct change one = {CHANGE_REPLACE, {"description", &text, 1}};
    return registry_modify(d, STR_EMPTY, &one, 1);
}

typedef enum result (*ask)(struct directory *d);

/* The result, and that it came within the time. */
static enum result within(ask question, struct directory *d, int64_t ms)
{
    int64_t began = clock_monotonic_ms();
    enum result r = question(d);
    int64_t took = clock_monotonic_ms() - began;
    if (took > ms)
        fail_msg("took %lld ms of %lld", (long long)took, (long long)ms);
    return r;
}

static void assert_back(ask question, struct directory *d)
{
    int64_t until = clock_monotonic_ms() + BACK_MS;
    while (question(d) != RESULT_OK) {
        assert_true(clock_monotonic_ms() < until);
        usleep(50000);
    }
}

static const ask questions[] = {directory_ping, look_up, check, write_once};
enum { QUESTIONS = sizeof questions / sizeof *questions };

/* Kept connections and none yet, searches and binds: a silent server is given up at the deadline. */
static void a_silent_server_is_given_up_at_the_deadline_and_found_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < QUESTIONS; i++) {
        struct directory *warm = opened(NULL), *cold = opened(NULL);
        assert_int_equal(questions[i](warm), RESULT_OK);
        slapd_freeze(&slapd);
        assert_int_equal(within(questions[i], warm, DEADLINE_MS + GRACE_MS), RESULT_UNAVAILABLE);
        assert_int_equal(within(questions[i], cold, DEADLINE_MS + GRACE_MS), RESULT_UNAVAILABLE);
        assert_int_equal(within(questions[i], cold, AT_ONCE_MS), RESULT_UNAVAILABLE);
        slapd_thaw(&slapd);
        assert_back(questions[i], warm);
        assert_back(questions[i], cold);
        directory_free(warm);
        directory_free(cold);
    }
}

static void an_outage_is_answered_at_once_and_its_end_is_found(void **state)
{
    (void)state;
    struct directory *d = opened(NULL);
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_int_equal(questions[i](d), RESULT_OK);
    slapd_kill(&slapd);
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < QUESTIONS; i++)
            assert_int_equal(within(questions[i], d, AT_ONCE_MS), RESULT_UNAVAILABLE);
    }
    slapd_run(&slapd, false);
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_back(questions[i], d);
    directory_free(d);
}

/* Connections that died while nobody looked are replaced without a word. */
static void a_restart_between_two_questions_goes_unnoticed(void **state)
{
    (void)state;
    struct directory *d = opened(NULL);
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_int_equal(questions[i](d), RESULT_OK);
    slapd_end(&slapd, SIGTERM);
    slapd_run(&slapd, false);
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_int_equal(questions[i](d), RESULT_OK);
    directory_free(d);
}

/* Listens without ever answering: the kernel takes the connection, and nobody speaks. */
static int silent_listener(int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 16), 0);
    return fd;
}

static void the_second_server_serves_when_the_first_is_dead(void **state)
{
    (void)state;
    char uris[256];
    snprintf(uris, sizeof uris, "ldap://127.0.0.1:%d %s", free_port(), slapd.socket_uri);
    struct directory *d = opened(uris);
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_int_equal(within(questions[i], d, DEADLINE_MS), RESULT_OK);
    directory_free(d);
}

static void the_second_server_serves_when_the_first_is_silent(void **state)
{
    (void)state;
    char uris[256];
    int port = free_port(), fd = silent_listener(port);
    for (size_t i = 0; i < QUESTIONS; i++) {
        snprintf(uris, sizeof uris, "ldap://127.0.0.1:%d %s", port, slapd.socket_uri);
        struct directory *d = opened(uris);
        assert_int_equal(within(questions[i], d, DEADLINE_MS + GRACE_MS), RESULT_OK);
        directory_free(d);
    }
    close(fd);
}

static void the_first_server_is_used_while_it_serves(void **state)
{
    (void)state;
    char uris[256];
    int port = free_port(), fd = silent_listener(port);
    snprintf(uris, sizeof uris, "%s ldap://127.0.0.1:%d", slapd.socket_uri, port);
    struct directory *d = opened(uris);
    for (size_t i = 0; i < QUESTIONS; i++)
        assert_int_equal(within(questions[i], d, DEADLINE_MS), RESULT_OK);
    directory_free(d);
    close(fd);
}

struct crowd {
    struct directory *d;
    atomic_int wrong;
};

static void *ask_many(void *arg)
{
    struct crowd *crowd = arg;
    for (int i = 0; i < 40; i++) {
        if (look_up(crowd->d) != RESULT_OK || check(crowd->d) != RESULT_OK)
            atomic_fetch_add(&crowd->wrong, 1);
    }
    return NULL;
}

/* Sixteen threads over four places of each kind. */
static void many_threads_share_a_few_connections(void **state)
{
    (void)state;
    struct crowd crowd = {.d = opened(NULL)};
    pthread_t threads[16];
    for (int i = 0; i < 16; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_many, &crowd), 0);
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crowd.wrong), 0);
    directory_free(crowd.d);
}

static void *ask_once(void *arg)
{
    struct crowd *crowd = arg;
    if (within(look_up, crowd->d, DEADLINE_MS + GRACE_MS) != RESULT_UNAVAILABLE)
        atomic_fetch_add(&crowd->wrong, 1);
    return NULL;
}

/* Those who wait for a place wait no longer than those who have one. */
static void a_crowd_before_a_silent_server_is_answered_by_the_deadline(void **state)
{
    (void)state;
    struct crowd crowd = {.d = opened(NULL)};
    assert_int_equal(look_up(crowd.d), RESULT_OK);
    slapd_freeze(&slapd);
    pthread_t threads[16];
    for (int i = 0; i < 16; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_once, &crowd), 0);
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    slapd_thaw(&slapd);
    assert_int_equal(atomic_load(&crowd.wrong), 0);
    assert_back(look_up, crowd.d);
    directory_free(crowd.d);
}

static void uris_that_are_none_make_no_directory(void **state)
{
    (void)state;
    struct directory_config c = slapd_config(&slapd);
    c.uris = STR("http://127.0.0.1");
    assert_null(directory_new(&c));
}

#define TEST(name) cmocka_unit_test_setup(name, serving)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_silent_server_is_given_up_at_the_deadline_and_found_again),
        TEST(an_outage_is_answered_at_once_and_its_end_is_found),
        TEST(a_restart_between_two_questions_goes_unnoticed),
        TEST(the_second_server_serves_when_the_first_is_dead),
        TEST(the_second_server_serves_when_the_first_is_silent),
        TEST(the_first_server_is_used_while_it_serves),
        TEST(many_threads_share_a_few_connections),
        TEST(a_crowd_before_a_silent_server_is_answered_by_the_deadline),
        TEST(uris_that_are_none_make_no_directory),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
