/* What is noted of people, and what it ends. */
#include "authn/notice.h"

#include "tests/unit/authn/world.h"

static const struct person li = {.dn = STR("uid=s-1,ou=staff"),
                                 .uuid = STR("2b1c7a2e-0000-103f-8000-000000000001"),
                                 .subject = STR("s-1"),
                                 .kind = STR("staff"),
                                 .mail = STR("li@city.example"),
                                 .organisation = STR("330102/D0412"),
                                 .organisations = STR("330102/D0412 330102/D0077")};

static int setup_empty(void **state)
{
    int r = setup(state);
    struct str tag = person_tag(world.a, li.uuid);
    struct store_key keys[NOTICE_RECORDS];
    assert_true(notice_keys(world.a, tag, keys));
    for (int i = 0; i < NOTICE_RECORDS; i++)
        assert_int_equal(store_delete(world.store, world.a, STORE_NOTICE, keys[i].id), RESULT_OK);
    return r;
}

static struct notice found(void)
{
    struct notice n;
    assert_int_equal(notice_find(&world.au, world.a, li.uuid, &n), RESULT_OK);
    return n;
}

static void note(bool disabled)
{
    struct person p = li;
    p.disabled = disabled;
    assert_int_equal(notice_person(&world.au, world.a, &p), RESULT_OK);
}

static void a_tag_is_the_same_for_a_person_and_tells_nothing(void **state)
{
    (void)state;
    struct str tag = person_tag(world.a, li.uuid);
    assert_int_equal(tag.len, PERSON_TAG);
    assert_true(str_eq(tag, person_tag(world.a, li.uuid)));
    assert_false(str_eq(tag, person_tag(world.a, STR("2b1c7a2e-0000-103f-8000-000000000002"))));
}

static void without_a_notice_nothing_is_ended_or_renewed(void **state)
{
    (void)state;
    struct notice n = found();
    struct person p = {.organisation = STR("old")};
    int64_t read = 0;
    assert_false(notice_ends(&n, 0));
    notice_renew(&n, &p, &read);
    assert_true(str_eq(p.organisation, STR("old")));
}

static void a_change_ends_nothing_and_renews_what_was_read_before(void **state)
{
    (void)state;
    struct person p = {.organisation = STR("old"), .display_name = STR("Li")};
    int64_t read = clock_now() - 60, now = clock_now();
    note(false);
    struct notice n = found();
    assert_false(notice_ends(&n, read));
    notice_renew(&n, &p, &read);
    assert_true(str_eq(p.organisation, li.organisation) && str_eq(p.mail, li.mail));
    assert_true(str_eq(p.organisations, li.organisations));
    assert_true(str_eq(p.dn, li.dn) && str_eq(p.kind, li.kind) && str_eq(p.subject, li.subject));
    assert_true(str_eq(p.display_name, STR("Li")));
    assert_true(read >= now);
}

static void what_was_read_long_after_it_is_left_alone(void **state)
{
    (void)state;
    struct person p = {.organisation = STR("new")};
    note(false);
    int64_t read = clock_now() + 60, same = read;
    struct notice n = found();
    notice_renew(&n, &p, &read);
    assert_true(str_eq(p.organisation, STR("new")));
    assert_int_equal(read, same);
}

/* Their old `sub` may be given to somebody else. */
static void who_has_another_name_now_is_not_who_was_meant(void **state)
{
    (void)state;
    struct person p = li;
    int64_t read = clock_now();
    note(false);
    struct notice n = found();
    assert_true(notice_renew(&n, &p, &read));
    p.subject = STR("s-old");
    assert_false(notice_renew(&n, &p, &read));
}

static void who_is_disabled_has_nothing_left(void **state)
{
    (void)state;
    int64_t now = clock_now();
    note(true);
    struct notice n = found();
    assert_true(n.disabled);
    assert_true(notice_ends(&n, now));
    assert_true(notice_ends(&n, now + 100)); /* as long as they are disabled */
}

static void enabled_again_what_was_before_stays_dead(void **state)
{
    (void)state;
    int64_t before = clock_now();
    note(true);
    later(100);
    int64_t meanwhile = clock_now() - 50;
    note(false);
    struct notice n = found();
    assert_false(n.disabled);
    assert_true(notice_ends(&n, before));
    assert_true(notice_ends(&n, meanwhile));
    assert_false(notice_ends(&n, clock_now()));
    later(10);
    note(false);
    n = found();
    assert_true(notice_ends(&n, meanwhile));
    assert_false(notice_ends(&n, clock_now() - 10));
}

static void who_is_gone_has_nothing_left_for_ever(void **state)
{
    (void)state;
    note(false);
    assert_int_equal(notice_gone(&world.au, world.a, li.uuid), RESULT_OK);
    struct notice n = found();
    assert_true(notice_ends(&n, clock_now()));
    later(90 * 86400);
    n = found();
    assert_true(notice_ends(&n, clock_now() - 90 * 86400));
}

/* A server that hears of an older change only now overwrites facts, never the end. */
static void that_it_ended_is_never_taken_back(void **state)
{
    (void)state;
    note(true);
    int64_t ended = found().ended;
    atomic_fetch_sub(&clock_offset, 30); /* another server's clock */
    note(true);
    assert_int_equal(found().ended, ended);
    note(false);
    assert_int_equal(found().ended, ended);
    atomic_fetch_add(&clock_offset, 30);
}

static void a_record_that_cannot_be_read_is_no_answer_and_is_written_anew(void **state)
{
    (void)state;
    struct store_key keys[NOTICE_RECORDS];
    struct notice n;
    assert_true(notice_keys(world.a, person_tag(world.a, li.uuid), keys));
    for (int i = 0; i < NOTICE_RECORDS; i++) {
        assert_int_equal(store_put(world.store, world.a, STORE_NOTICE, keys[i].id, STR("{}"), 60), RESULT_OK);
        assert_int_equal(notice_find(&world.au, world.a, li.uuid, &n), RESULT_INTERNAL);
        note(true);
        n = found();
        assert_true(notice_ends(&n, clock_now()));
    }
}

static void without_redis_nothing_is_known(void **state)
{
    (void)state;
    struct notice n;
    redis_kill(&world.redis);
    assert_int_equal(notice_find(&world.au, world.a, li.uuid, &n), RESULT_UNAVAILABLE);
    assert_int_equal(notice_person(&world.au, world.a, &li), RESULT_UNAVAILABLE);
    assert_int_equal(notice_gone(&world.au, world.a, li.uuid), RESULT_UNAVAILABLE);
}

int main(void)
{
#define NOTICE_TEST(name) cmocka_unit_test_setup_teardown(name, setup_empty, teardown)
    const struct CMUnitTest tests[] = {
        NOTICE_TEST(a_tag_is_the_same_for_a_person_and_tells_nothing),
        NOTICE_TEST(without_a_notice_nothing_is_ended_or_renewed),
        NOTICE_TEST(a_change_ends_nothing_and_renews_what_was_read_before),
        NOTICE_TEST(what_was_read_long_after_it_is_left_alone),
        NOTICE_TEST(who_has_another_name_now_is_not_who_was_meant),
        NOTICE_TEST(who_is_disabled_has_nothing_left),
        NOTICE_TEST(enabled_again_what_was_before_stays_dead),
        NOTICE_TEST(who_is_gone_has_nothing_left_for_ever),
        NOTICE_TEST(that_it_ended_is_never_taken_back),
        NOTICE_TEST(a_record_that_cannot_be_read_is_no_answer_and_is_written_anew),
        NOTICE_TEST(without_redis_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
