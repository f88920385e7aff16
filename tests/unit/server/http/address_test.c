#include "server/http/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static struct address address(const char *text)
{
    struct address a;
    assert_true(address_parse(str_of(text), &a));
    return a;
}

static void assert_text(struct address a, const char *expected)
{
    char text[ADDRESS_TEXT_SIZE];
    address_text(&a, text);
    assert_string_equal(text, expected);
}

static void both_families_are_read_and_printed(void **state)
{
    (void)state;
    assert_text(address("192.0.2.1"), "192.0.2.1");
    assert_text(address("2001:DB8::1"), "2001:db8::1");
    assert_text(address("::ffff:192.0.2.1"), "192.0.2.1");
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    struct address a;
    const struct str bad[] = {STR(""),
                              STR("192.0.2"),
                              STR("192.0.2.1:80"),
                              STR("[::1]"),
                              STR("unknown"),
                              STR("1.2.3.4\0x"),
                              STR("::1%lo"),
                              STR("1111:1111:1111:1111:1111:1111:1111:1111:1111:1111")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(address_parse(bad[i], &a));
}

static void a_socket_s_address_is_the_same_as_its_text(void **state)
{
    (void)state;
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr other = {.sa_family = AF_UNIX};
    struct address a;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(address_of_socket((struct sockaddr *)&v4, &a));
    assert_text(a, "127.0.0.1");
    assert_true(address_of_socket((struct sockaddr *)&v6, &a));
    assert_text(a, "::1");
    assert_false(address_of_socket(&other, &a));
}

static void a_subscriber_holds_one_ipv4_address_or_64_bits_of_ipv6(void **state)
{
    (void)state;
    struct address a = address("192.0.2.1"), b = address("192.0.2.2");
    struct address c = address("2001:db8:0:1::1"), d = address("2001:db8:0:1::2"),
                   e = address("2001:db8:0:2::1");
    assert_false(str_eq(address_site(&a), address_site(&b)));
    assert_true(str_eq(address_site(&c), address_site(&d)));
    assert_false(str_eq(address_site(&c), address_site(&e)));
}

static void a_list_of_proxies_is_read_whole_or_refused(void **state)
{
    (void)state;
    struct address_list list;
    struct address a = address("10.0.0.1"), b = address("10.0.0.2");
    assert_true(address_list_parse(STR(" 10.0.0.1  ::1 "), &list));
    assert_int_equal(list.n, 2);
    assert_true(address_list_has(&list, &a));
    assert_false(address_list_has(&list, &b));
    assert_true(address_list_parse(STR_EMPTY, &list));
    assert_int_equal(list.n, 0);
    assert_false(address_list_parse(STR("10.0.0.1 proxy"), &list));
}

static const char *forwarded(struct str first, struct str second)
{
    static char text[ADDRESS_TEXT_SIZE];
    struct address_list trusted;
    struct address peer = address("10.0.0.1");
    struct pair v[] = {{STR("X-Forwarded-For"), first}, {STR("x-forwarded-for"), second}};
    struct pairs headers = {.v = v, .n = second.len > 0 ? 2 : 1};
    assert_true(address_list_parse(STR("10.0.0.1 10.0.0.2"), &trusted));
    struct address a = address_forwarded(&trusted, &peer, &headers);
    address_text(&a, text);
    return text;
}

static void the_last_address_that_no_proxy_of_ours_has_is_the_sender(void **state)
{
    (void)state;
    assert_string_equal(forwarded(STR("192.0.2.7"), STR_EMPTY), "192.0.2.7");
    assert_string_equal(forwarded(STR("6.6.6.6, 192.0.2.7 ,10.0.0.2"), STR_EMPTY), "192.0.2.7");
    assert_string_equal(forwarded(STR("6.6.6.6"), STR("192.0.2.7")), "192.0.2.7");
    assert_string_equal(forwarded(STR("192.0.2.7"), STR("10.0.0.2")), "192.0.2.7");
}

static void what_can_be_forged_is_not_read(void **state)
{
    (void)state;
    assert_string_equal(forwarded(STR("6.6.6.6, unknown"), STR_EMPTY), "10.0.0.1");
    assert_string_equal(forwarded(STR("6.6.6.6, unknown, 10.0.0.2"), STR_EMPTY), "10.0.0.2");
    assert_string_equal(forwarded(STR(","), STR_EMPTY), "10.0.0.1");
    assert_string_equal(forwarded(STR(""), STR_EMPTY), "10.0.0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_families_are_read_and_printed),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(a_socket_s_address_is_the_same_as_its_text),
        cmocka_unit_test(a_subscriber_holds_one_ipv4_address_or_64_bits_of_ipv6),
        cmocka_unit_test(a_list_of_proxies_is_read_whole_or_refused),
        cmocka_unit_test(the_last_address_that_no_proxy_of_ours_has_is_the_sender),
        cmocka_unit_test(what_can_be_forged_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
