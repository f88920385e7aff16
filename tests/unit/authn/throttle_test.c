#include "tests/unit/authn/world.h"

/* The attempt made last. */
static struct attempt last;

static enum result enter(const char *account, const char *source, const char *device)
{
    last = (struct attempt){.account = str_of(account), .source = str_of(source), .device = str_of(device)};
    int64_t retry_after = 0;
    enum result r = throttle_enter(&world.au, world.a, &last, &retry_after);
    assert_true((r == RESULT_REFUSED) == (retry_after > 0));
    return r;
}

static void an_account_is_braked_wherever_the_guesses_come_from(void **state)
{
    (void)state;
    char source[32];
    for (int i = 0; i < 10; i++) {
        snprintf(source, sizeof source, "192.0.2.%d", i);
        assert_int_equal(enter("u-1", source, ""), RESULT_OK);
    }
    assert_int_equal(enter("u-1", "198.51.100.1", ""), RESULT_REFUSED);
    assert_int_equal(enter("u-2", "198.51.100.1", ""), RESULT_OK);
}

static void one_password_over_a_thousand_accounts_is_braked_by_source(void **state)
{
    (void)state;
    char account[32];
    int let_through = 0;
    for (int i = 0; i < 200; i++) {
        snprintf(account, sizeof account, "u-%d", i);
        let_through += enter(account, "192.0.2.1", "") == RESULT_OK;
    }
    assert_int_equal(let_through, 50);
    assert_int_equal(enter("u-0", "192.0.2.2", ""), RESULT_OK);
}

static void all_addresses_of_one_ipv6_network_are_one_source(void **state)
{
    (void)state;
    char account[32], source[64];
    int let_through = 0;
    for (int i = 0; i < 60; i++) {
        snprintf(account, sizeof account, "u-%d", i);
        snprintf(source, sizeof source, "2001:db8:1:2:%x::%x", i, i);
        let_through += enter(account, source, "") == RESULT_OK;
    }
    assert_int_equal(let_through, 50);
    assert_int_equal(enter("u-0", "2001:db8:1:3::1", ""), RESULT_OK);
    assert_int_equal(enter("u-0", "::ffff:192.0.2.1", ""), RESULT_OK);
}

static void all_of_them_together_are_braked(void **state)
{
    (void)state;
    char account[32];
    world.au.config.overall_failures = 20;
    for (int i = 0; i < 21; i++) {
        snprintf(account, sizeof account, "u-%d", i);
        assert_int_equal(enter(account, account, ""), i < 20 ? RESULT_OK : RESULT_REFUSED);
    }
    assert_int_equal(enter("u-0", "192.0.2.1", "known"), RESULT_OK);
}

static void who_hammers_at_one_account_uses_up_nothing_of_all_others(void **state)
{
    (void)state;
    char source[32], account[32];
    world.au.config.overall_failures = 20;
    for (int i = 0; i < 60; i++) {
        snprintf(source, sizeof source, "198.51.100.%d", i);
        assert_int_equal(enter("victim", source, ""), i < 10 ? RESULT_OK : RESULT_REFUSED);
    }
    for (int i = 0; i < 10; i++) {
        snprintf(account, sizeof account, "u-%d", i);
        assert_int_equal(enter(account, account, ""), RESULT_OK);
    }
}

static void who_is_braked_by_source_locks_nobody_out(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++)
        assert_int_equal(enter(i % 2 ? "a" : "b", "192.0.2.1", ""), i < 20 ? RESULT_OK : RESULT_REFUSED);
    for (int i = 0; i < 40; i++)
        assert_int_equal(enter("victim", "192.0.2.1", ""), RESULT_REFUSED);
    assert_int_equal(enter("victim", "198.51.100.1", ""), RESULT_OK);
}

static void a_known_device_has_a_counter_of_its_own_and_a_limit_too(void **state)
{
    (void)state;
    for (int i = 0; i < 11; i++)
        (void)enter("u-1", "192.0.2.1", "");
    assert_int_equal(enter("u-1", "192.0.2.1", ""), RESULT_REFUSED);
    for (int i = 0; i < 10; i++)
        assert_int_equal(enter("u-1", "192.0.2.1", "known"), RESULT_OK);
    assert_int_equal(enter("u-1", "192.0.2.1", "known"), RESULT_REFUSED);
}

static void success_takes_its_own_count_back_and_no_other(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++)
        assert_int_equal(enter("u-1", "192.0.2.1", ""), RESULT_OK);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(enter("u-1", "192.0.2.1", ""), RESULT_OK);
        if (i % 2 == 0) {
            throttle_succeeded(&world.au, &last);
            continue;
        }
        struct store_steps steps = {.n = 0};
        assert_true(throttle_succeeding(&last, &steps));
        assert_int_equal(store_together(world.au.store, world.a, &steps), RESULT_OK);
    }
    assert_int_equal(enter("u-1", "192.0.2.1", ""), RESULT_OK);
    assert_int_equal(enter("u-1", "192.0.2.1", ""), RESULT_REFUSED);
}

static void the_brake_is_released_when_its_window_is_over(void **state)
{
    (void)state;
    world.au.config.account_window = 1;
    for (int i = 0; i < 11; i++)
        (void)enter("u-1", "192.0.2.1", "");
    assert_int_equal(enter("u-1", "192.0.2.1", ""), RESULT_REFUSED);
    usleep(1200000);
    assert_int_equal(enter("u-1", "192.0.2.1", ""), RESULT_OK);
}

static void codes_are_counted_by_account_alone(void **state)
{
    (void)state;
    int64_t retry_after = 0;
    for (int i = 0; i < 5; i++)
        assert_int_equal(throttle_enter_code(&world.au, world.a, STR("u-1"), &retry_after), RESULT_OK);
    assert_int_equal(throttle_enter_code(&world.au, world.a, STR("u-1"), &retry_after), RESULT_REFUSED);
    assert_in_range(retry_after, 1, 300);
    assert_int_equal(throttle_enter_code(&world.au, world.a, STR("u-2"), &retry_after), RESULT_OK);
    assert_int_equal(enter("u-1", "192.0.2.1", ""), RESULT_OK);
    throttle_code_succeeded(&world.au, world.a, STR("u-1"));
    throttle_code_succeeded(&world.au, world.a, STR("u-1"));
    assert_int_equal(throttle_enter_code(&world.au, world.a, STR("u-1"), &retry_after), RESULT_OK);
}

static void without_the_store_nobody_is_let_through(void **state)
{
    (void)state;
    int64_t retry_after = 0;
    struct attempt at = {.account = STR("u-1"), .source = STR("192.0.2.1")};
    redis_kill(&world.redis);
    assert_int_equal(throttle_enter(&world.au, world.a, &at, &retry_after), RESULT_UNAVAILABLE);
    assert_int_equal(throttle_enter_code(&world.au, world.a, STR("u-1"), &retry_after), RESULT_UNAVAILABLE);
    throttle_succeeded(&world.au, &at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_account_is_braked_wherever_the_guesses_come_from),
        WORLD_TEST(one_password_over_a_thousand_accounts_is_braked_by_source),
        WORLD_TEST(all_addresses_of_one_ipv6_network_are_one_source),
        WORLD_TEST(all_of_them_together_are_braked),
        WORLD_TEST(who_hammers_at_one_account_uses_up_nothing_of_all_others),
        WORLD_TEST(who_is_braked_by_source_locks_nobody_out),
        WORLD_TEST(a_known_device_has_a_counter_of_its_own_and_a_limit_too),
        WORLD_TEST(success_takes_its_own_count_back_and_no_other),
        WORLD_TEST(the_brake_is_released_when_its_window_is_over),
        WORLD_TEST(codes_are_counted_by_account_alone),
        WORLD_TEST(without_the_store_nobody_is_let_through),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
