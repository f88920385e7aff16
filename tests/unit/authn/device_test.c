#include "authn/throttle.h"
#include "server/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct authn au = {.config.device_seconds = 1000};
static int64_t now;

static int64_t test_clock(void)
{
    return now;
}

static int setup(void **state)
{
    au.device_key = secret_copy("0123456789abcdef0123456789abcdef", 32);
    *state = arena_new(1 << 20);
    now = 1700000000;
    clock_replace(test_clock);
    return au.device_key && *state ? 0 : -1;
}

static int teardown(void **state)
{
    clock_replace(NULL);
    secret_free(au.device_key);
    arena_free(*state);
    return 0;
}

static void a_device_is_known_to_its_own_account_only(void **state)
{
    struct arena *a = *state;
    struct str cookie = device_cookie_make(&au, a, STR("u-1"));
    struct str id = device_cookie_check(&au, a, cookie, STR("u-1"));
    assert_int_equal(id.len, 22);
    assert_true(str_eq(id, device_cookie_check(&au, a, cookie, STR("u-1"))));
    assert_int_equal(device_cookie_check(&au, a, cookie, STR("u-2")).len, 0);
    assert_int_equal(device_cookie_check(&au, a, cookie, STR_EMPTY).len, 0);
    assert_int_equal(device_cookie_check(&au, a, STR_EMPTY, STR("u-1")).len, 0);
}

static void it_is_known_for_a_time(void **state)
{
    struct arena *a = *state;
    struct str cookie = device_cookie_make(&au, a, STR("u-1"));
    now += 999;
    assert_true(device_cookie_check(&au, a, cookie, STR("u-1")).len > 0);
    now += 1;
    assert_int_equal(device_cookie_check(&au, a, cookie, STR("u-1")).len, 0);
}

static void any_changed_byte_makes_it_worthless(void **state)
{
    struct arena *a = *state;
    struct str cookie = device_cookie_make(&au, a, STR("u-1"));
    for (size_t i = 0; i < cookie.len; i++) {
        struct str changed = arena_copy(a, cookie);
        char *p = memcpy(arena_alloc(a, cookie.len), changed.p, cookie.len);
        p[i] = p[i] == 'A' ? 'B' : 'A';
        assert_int_equal(device_cookie_check(&au, a, (struct str){p, cookie.len}, STR("u-1")).len, 0);
        assert_int_equal(device_cookie_check(&au, a, str_sub(cookie, 0, i), STR("u-1")).len, 0);
    }
    struct str longer[] = {cookie, STR("A")};
    assert_int_equal(device_cookie_check(&au, a, arena_join(a, longer, 2), STR("u-1")).len, 0);
}

static void the_cookie_of_another_server_is_not_ours(void **state)
{
    struct arena *a = *state;
    struct str cookie = device_cookie_make(&au, a, STR("u-1"));
    secret_free(au.device_key);
    au.device_key = secret_copy("another key of thirty-two bytes.", 32);
    assert_int_equal(device_cookie_check(&au, a, cookie, STR("u-1")).len, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_device_is_known_to_its_own_account_only),
        TEST(it_is_known_for_a_time),
        TEST(any_changed_byte_makes_it_worthless),
        TEST(the_cookie_of_another_server_is_not_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
