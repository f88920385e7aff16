#include "server/http/address_reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_all(const char *const *texts, enum address_reach expected)
{
    for (; *texts; texts++) {
        struct address a;
        assert_true(address_parse(str_of(*texts), &a));
        if (address_reach(&a) != expected)
            fail_msg("%s is %d, not %d", *texts, (int)address_reach(&a), (int)expected);
    }
}

static void addresses_of_the_internet_are_public(void **state)
{
    (void)state;
    const char *const texts[] = {
        "1.1.1.1",         "9.255.255.255", "11.0.0.0",        "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0",     "169.253.255.255", "169.255.0.0",    "172.15.255.255",
        "172.32.0.0",      "192.0.1.0",     "192.167.0.0",     "192.169.0.0",    "198.17.255.255",
        "198.20.0.0",      "203.0.114.0",   "223.255.255.255", "::ffff:8.8.8.8", "2001:200::1",
        "2400:3200::1",    "2606:4700::1",  "3ffe::1",         "2003::1",        NULL};
    assert_all(texts, ADDRESS_PUBLIC);
}

static void those_of_a_machine_or_site_are_private(void **state)
{
    (void)state;
    const char *const texts[] = {"10.0.0.0",
                                 "10.255.255.255",
                                 "100.64.0.0",
                                 "100.127.255.255",
                                 "127.0.0.1",
                                 "127.255.255.254",
                                 "169.254.169.254",
                                 "172.16.0.1",
                                 "172.31.255.255",
                                 "192.168.1.1",
                                 "198.18.0.1",
                                 "198.19.255.255",
                                 "192.0.2.1",
                                 "198.51.100.1",
                                 "203.0.113.1",
                                 "::1",
                                 "fe80::1",
                                 "febf::1",
                                 "fc00::1",
                                 "fdff::1",
                                 "2001:db8::1",
                                 "3fff::1",
                                 NULL};
    assert_all(texts, ADDRESS_PRIVATE);
}

static void an_address_within_another_does_not_hide(void **state)
{
    (void)state;
    const char *const texts[] = {
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1",        "64:ff9b::127.0.0.1",
        "64:ff9b:1::1",     "2002:7f00:1::1",  "2001:0:1::1",      "::ffff:0:127.0.0.1", NULL};
    assert_all(texts, ADDRESS_PRIVATE);
}

static void what_is_no_single_machine_is_never_reached(void **state)
{
    (void)state;
    const char *const texts[] = {
        "0.0.0.0", "0.255.255.255", "224.0.0.1", "239.255.255.255", "255.255.255.255",  "240.0.0.1",
        "::",      "ff02::1",       "ff0e::1",   "::ffff:0.0.0.0",  "::ffff:224.0.0.1", NULL};
    assert_all(texts, ADDRESS_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_the_internet_are_public),
        cmocka_unit_test(those_of_a_machine_or_site_are_private),
        cmocka_unit_test(an_address_within_another_does_not_hide),
        cmocka_unit_test(what_is_no_single_machine_is_never_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
