#include "authn/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_uri_is_what_apps_read_with_its_parts_encoded(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct str uri = totp_uri(a, STR("一扇门 & co"), STR("a?b@c.example"), STR("12345678901234567890"));
    assert_true(
        str_eq(uri, STR("otpauth://totp/%E4%B8%80%E6%89%87%E9%97%A8%20%26%20co:a%3Fb%40c.example"
                        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                        "&issuer=%E4%B8%80%E6%89%87%E9%97%A8%20%26%20co&algorithm=SHA1&digits=6&period=30")));
    arena_free(a);
}

static void the_qr_code_is_svg_with_a_quiet_zone_and_nothing_that_a_policy_forbids(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct str svg = totp_qr_svg(a, totp_uri(a, STR("Onedoor"), STR("li"), STR("12345678901234567890")));
    assert_true(str_starts(svg, STR("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")));
    assert_true(str_ends(svg, STR("</svg>")));
    assert_non_null(strstr(svg.p, "M4 4h7"));
    assert_null(strstr(svg.p, "style"));
    assert_null(strstr(svg.p, "script"));
    assert_null(strstr(svg.p, "GEZDGNBV"));
    arena_free(a);
}

static void what_cannot_be_drawn_gives_nothing(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    static char endless[5000];
    memset(endless, 'a', sizeof endless);
    assert_int_equal(totp_qr_svg(a, STR_EMPTY).len, 0);
    assert_int_equal(totp_qr_svg(a, (struct str){endless, sizeof endless}).len, 0);
    assert_int_equal(totp_uri(a, STR("x"), (struct str){endless, sizeof endless}, STR("1234567890")).len, 0);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_uri_is_what_apps_read_with_its_parts_encoded),
        cmocka_unit_test(the_qr_code_is_svg_with_a_quiet_zone_and_nothing_that_a_policy_forbids),
        cmocka_unit_test(what_cannot_be_drawn_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
