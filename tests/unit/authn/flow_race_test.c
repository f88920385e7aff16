/* What happens at once in several requests happens once. */
#include "authn/session_clients.h"
#include "tests/unit/authn/flow_world.h"

/* One of several requests that come at the same moment. */
struct racer {
    struct visit visit;
    struct arena *arena;
    struct str name, secret, code;
    enum flow_outcome outcome;
    bool by_recovery;
};

static void *race_code(void *arg)
{
    struct racer *r = arg;
    struct flow_request fr = request(&r->visit);
    r->outcome = (r->by_recovery ? flow_recovery_code : flow_otp)(&world.au, r->arena, r->visit.t, &fr,
                                                                  r->code, &r->visit.grant);
    return NULL;
}

static void *race_password(void *arg)
{
    struct racer *r = arg;
    struct flow_request fr = request(&r->visit);
    r->outcome = flow_password(&world.au, r->arena, r->visit.t, &fr, r->name, r->secret, &r->visit.grant);
    return NULL;
}

enum { RACERS = 16 };

static int run_race(struct racer *racers, void *(*run)(void *), enum flow_outcome counted)
{
    pthread_t threads[RACERS];
    int n = 0;
    for (int i = 0; i < RACERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        n += racers[i].outcome == counted;
    }
    return n;
}

/* Racers that have given the right password already. */
static void line_up(struct racer *racers, const struct sample_person *c)
{
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.arena = arena_new(1 << 22)};
        struct visit *v = &racers[i].visit;
        begin(v, AUTHN_LOW, false);
        if (c)
            assert_int_equal(password(v, c->uid, c->password), FLOW_WENT_ON);
        reload(v);
    }
}

static void go_home(struct racer *racers)
{
    for (int i = 0; i < RACERS; i++)
        arena_free(racers[i].arena);
}

static void one_code_posted_in_parallel_signs_in_once(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL), code = code_at(seed, 0);
    struct racer racers[RACERS];
    world.au.config.code_failures = 100;
    line_up(racers, &c);
    for (int i = 0; i < RACERS; i++)
        racers[i].code = code;
    assert_int_equal(run_race(racers, race_code, FLOW_WENT_ON), 1);
    for (int i = 0; i < RACERS; i++)
        assert_true(racers[i].outcome == FLOW_WENT_ON || racers[i].outcome == FLOW_WRONG);
    go_home(racers);
    disenrol(&c);
}

static void one_recovery_code_posted_in_parallel_signs_in_once(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str codes[RECOVERY_CODES];
    struct racer racers[RACERS];
    (void)enrol(&c, codes);
    world.au.config.code_failures = 100;
    line_up(racers, &c);
    for (int i = 0; i < RACERS; i++) {
        racers[i].code = codes[3];
        racers[i].by_recovery = true;
    }
    assert_int_equal(run_race(racers, race_code, FLOW_WENT_ON), 1);
    go_home(racers);
    disenrol(&c);
}

static void guesses_in_parallel_are_counted_each(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct racer racers[RACERS];
    line_up(racers, NULL);
    for (int i = 0; i < RACERS; i++) {
        racers[i].name = str_of(c.uid);
        racers[i].secret = STR("guess");
    }
    assert_int_equal(run_race(racers, race_password, FLOW_BRAKED), RACERS - 10);
    go_home(racers);
}

enum { ENTERING = 400 };

struct entering {
    const struct session *session;
    atomic_bool over;
    bool entered[ENTERING];
};

/* One application after the other, until the session is over. */
static void *enter_many(void *arg)
{
    struct entering *e = arg;
    struct arena *a = arena_new(16 << 20);
    char client_id[16];
    for (int i = 0; i < ENTERING && !e->over; i++) {
        snprintf(client_id, sizeof client_id, "app-%d", i);
        enum result r = session_entered(&world.au, a, e->session, str_of(client_id));
        e->entered[i] = r == RESULT_OK;
        e->over = r == RESULT_NOT_FOUND;
    }
    arena_free(a);
    return NULL;
}

static void an_application_entered_while_its_session_is_replaced_is_inherited(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct entering e = {.session = v.session};
    pthread_t thread;
    begin(&v, AUTHN_LOW, true);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(pthread_create(&thread, NULL, enter_many, &e), 0);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    pthread_join(thread, NULL);
    for (int i = 0; i < ENTERING; i++) {
        struct str word = arena_printf(world.a, "app-%d/" STR_FMT, i, STR_ARG(e.session->sid));
        assert_true(!e.entered[i] || str_has_word(v.session->inherited, word));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(one_code_posted_in_parallel_signs_in_once),
        WORLD_TEST(one_recovery_code_posted_in_parallel_signs_in_once),
        WORLD_TEST(guesses_in_parallel_are_counted_each),
        WORLD_TEST(an_application_entered_while_its_session_is_replaced_is_inherited),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
