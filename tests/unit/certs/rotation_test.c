/* The plan against a small model of the registry, cut off and raced at every step. */
#include "certs/rotation.h"

#include "tests/unit/certs/fixture.h"

enum { ROWS = 32, ROTATE = 86400, OVERLAP = 3600, START = 1800000000 };

static const struct keyring_config config = {.rotate_seconds = ROTATE, .overlap_seconds = OVERLAP};

struct row {
    bool there;
    enum key_state state;
    int64_t created, changed;
};
/* By algorithm and serial. */
struct model {
    struct row row[JWS_ALG_COUNT][ROWS];
};

static struct key_pair *pairs[JWS_ALG_COUNT];

static int begin(void **state)
{
    (void)state;
    for (unsigned i = 0; i < JWS_ALG_COUNT; i++)
        pairs[i] = new_pair((enum jws_alg)i);
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < JWS_ALG_COUNT; i++)
        key_unref(pairs[i]);
    return 0;
}

static struct key_set *read_model(const struct model *m)
{
    struct key_set *set = key_set_new((size_t)JWS_ALG_COUNT * ROWS);
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        for (uint64_t serial = 0; serial < ROWS; serial++) {
            const struct row *r = &m->row[alg][serial];
            struct key_record record = {pairs[alg], serial, r->state, r->created, r->changed};
            if (r->there) {
                key_ref(pairs[alg]);
                assert_true(key_set_add(set, record));
            }
        }
    }
    return set;
}

static struct rotation_step plan(const struct model *m, int64_t now)
{
    struct key_set *set = read_model(m);
    struct rotation_step step = rotation_plan(set, &config, now);
    key_set_unref(set);
    return step;
}

/* What the directory does: false where it would say that somebody was first. */
static bool apply(struct model *m, struct rotation_step step, int64_t now)
{
    assert_in_range(step.serial, 1, ROWS - 1);
    struct row *r = &m->row[step.alg][step.serial];
    bool creates = step.act == ROTATION_CREATE_ACTIVE || step.act == ROTATION_CREATE_NEXT;
    if (r->there == creates || (r->there && r->state != step.from))
        return false;
    if (creates)
        *r = (struct row){true, step.from, now, now};
    else if (step.act == ROTATION_REMOVE)
        r->there = false;
    else
        r->state = step.act == ROTATION_PROMOTE ? KEY_ACTIVE : KEY_RETIRED, r->changed = now;
    return true;
}

static int settle(struct model *m, int64_t now)
{
    int steps = 0;
    for (;; steps++) {
        struct rotation_step step = plan(m, now);
        if (step.act == ROTATION_NOTHING)
            return steps;
        assert_true(apply(m, step, now));
        assert_in_range(steps, 0, 60);
    }
}

static unsigned count(const struct model *m, enum jws_alg alg, enum key_state state)
{
    unsigned n = 0;
    for (unsigned i = 0; i < ROWS; i++)
        n += m->row[alg][i].there && m->row[alg][i].state == state;
    return n;
}

static void assert_healthy(const struct model *m)
{
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        assert_int_equal(count(m, (enum jws_alg)alg, KEY_ACTIVE), 1);
        assert_int_equal(count(m, (enum jws_alg)alg, KEY_NEXT), 1);
    }
}

static void an_empty_registry_gets_an_active_and_a_next_key_of_each(void **state)
{
    (void)state;
    struct model m = {0};
    assert_int_equal(settle(&m, START), 2 * JWS_ALG_COUNT);
    assert_healthy(&m);
    assert_int_equal(m.row[JWS_ES256][1].state, KEY_ACTIVE);
    assert_int_equal(m.row[JWS_ES256][2].state, KEY_NEXT);
    assert_int_equal(settle(&m, START + ROTATE - 1), 0);
}

static void an_old_key_is_replaced_by_the_next_and_leaves_after_the_overlap(void **state)
{
    (void)state;
    struct model m = {0};
    settle(&m, START);
    settle(&m, START + ROTATE);
    assert_healthy(&m);
    assert_int_equal(m.row[JWS_ES256][1].state, KEY_RETIRED);
    assert_int_equal(m.row[JWS_ES256][2].state, KEY_ACTIVE);
    assert_int_equal(m.row[JWS_ES256][3].state, KEY_NEXT);
    assert_int_equal(settle(&m, START + ROTATE + OVERLAP - 1), 0);
    settle(&m, START + ROTATE + OVERLAP);
    assert_false(m.row[JWS_ES256][1].there);
    assert_healthy(&m);
}

static void many_rotations_never_use_a_serial_twice(void **state)
{
    (void)state;
    struct model m = {0};
    for (int i = 0; i < 20; i++) {
        settle(&m, START + (int64_t)i * ROTATE);
        assert_healthy(&m);
        assert_int_equal(m.row[JWS_ES256][i + 1].state, KEY_ACTIVE);
    }
}

/* A server that dies after any number of steps leaves a registry where one can sign, and that heals. */
static void a_rotation_cut_off_anywhere_goes_on(void **state)
{
    (void)state;
    for (int survived = 0; survived < 8; survived++) {
        struct model m = {0};
        settle(&m, START);
        for (int i = 0; i < survived; i++) {
            struct rotation_step step = plan(&m, START + ROTATE);
            if (step.act != ROTATION_NOTHING)
                assert_true(apply(&m, step, START + ROTATE));
            struct key_set *set = read_model(&m);
            assert_true(key_set_can_sign(set));
            key_set_unref(set);
        }
        settle(&m, START + ROTATE + 1);
        assert_healthy(&m);
        assert_int_equal(m.row[JWS_ES256][2].state, KEY_ACTIVE);
        assert_true(m.row[JWS_ES256][3].there);
        assert_false(m.row[JWS_ES256][4].there);
    }
}

/* Two servers whose steps interleave in every way: one plans, the other acts in between. */
static void two_servers_at_once_rotate_once(void **state)
{
    (void)state;
    for (unsigned order = 0; order < 1U << 14; order++) {
        struct model m = {0};
        settle(&m, START);
        struct rotation_step planned[2] = {{0}};
        bool has_plan[2] = {false, false};
        for (int turn = 0; turn < 14; turn++) {
            unsigned who = order >> turn & 1;
            if (has_plan[who] && planned[who].act != ROTATION_NOTHING)
                (void)apply(&m, planned[who], START + ROTATE);
            else
                planned[who] = plan(&m, START + ROTATE);
            has_plan[who] = !has_plan[who];
        }
        settle(&m, START + ROTATE);
        assert_healthy(&m);
        assert_int_equal(m.row[JWS_ES256][2].state, KEY_ACTIVE);
        assert_false(m.row[JWS_ES256][4].there);
        assert_int_equal(m.row[JWS_RS256][2].state, KEY_ACTIVE);
        if (order % 997)
            order += 36; /* a sample that reaches every turn */
    }
}

static void a_lost_key_is_made_anew_behind_the_others(void **state)
{
    (void)state;
    struct model m = {0};
    settle(&m, START);
    m.row[JWS_ES256][1].there = false; /* no active */
    settle(&m, START + 1);
    assert_healthy(&m);
    assert_int_equal(m.row[JWS_ES256][2].state, KEY_ACTIVE);
    m.row[JWS_ES256][3].there = false; /* no next */
    settle(&m, START + 2);
    assert_healthy(&m);
    m.row[JWS_ES256][2].state = KEY_RETIRED;
    m.row[JWS_ES256][3].there = false; /* neither */
    settle(&m, START + 3);
    assert_healthy(&m);
    assert_int_equal(m.row[JWS_ES256][3].state, KEY_ACTIVE);
}

static void of_two_active_keys_the_older_retires(void **state)
{
    (void)state;
    struct model m = {0};
    settle(&m, START);
    m.row[JWS_ES256][2].state = KEY_ACTIVE;
    settle(&m, START + 1);
    assert_healthy(&m);
    assert_int_equal(m.row[JWS_ES256][1].state, KEY_RETIRED);
    assert_int_equal(m.row[JWS_ES256][2].state, KEY_ACTIVE);
}

/* An overdue rotation waits until a next key that was just made has been published for a while. */
static void age_alone_does_not_make_an_unpublished_key_sign(void **state)
{
    (void)state;
    struct model m = {0};
    settle(&m, START);
    m.row[JWS_ES256][2].there = false;
    settle(&m, START + ROTATE);
    assert_int_equal(m.row[JWS_ES256][1].state, KEY_ACTIVE);
    assert_int_equal(settle(&m, START + ROTATE + 299), 0);
    settle(&m, START + ROTATE + 300);
    assert_int_equal(m.row[JWS_ES256][2].state, KEY_ACTIVE);
}

static void a_clock_that_went_back_changes_nothing(void **state)
{
    (void)state;
    struct model m = {0};
    settle(&m, START);
    assert_int_equal(settle(&m, START - 100 * (int64_t)ROTATE), 0);
}

static void without_a_rotation_age_keys_stay(void **state)
{
    (void)state;
    struct model m = {0};
    settle(&m, START);
    struct keyring_config never = {.rotate_seconds = 0, .overlap_seconds = OVERLAP};
    struct key_set *set = read_model(&m);
    assert_int_equal(rotation_plan(set, &never, START + 1000 * (int64_t)ROTATE).act, ROTATION_NOTHING);
    key_set_unref(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_registry_gets_an_active_and_a_next_key_of_each),
        cmocka_unit_test(an_old_key_is_replaced_by_the_next_and_leaves_after_the_overlap),
        cmocka_unit_test(many_rotations_never_use_a_serial_twice),
        cmocka_unit_test(a_rotation_cut_off_anywhere_goes_on),
        cmocka_unit_test(two_servers_at_once_rotate_once),
        cmocka_unit_test(a_lost_key_is_made_anew_behind_the_others),
        cmocka_unit_test(of_two_active_keys_the_older_retires),
        cmocka_unit_test(age_alone_does_not_make_an_unpublished_key_sign),
        cmocka_unit_test(a_clock_that_went_back_changes_nothing),
        cmocka_unit_test(without_a_rotation_age_keys_stay),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
