#include "clients/redirect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void addresses_that_may_be_registered(void **state)
{
    (void)state;
    static const char *const good[] = {
        "https://app.example/cb",
        "https://app.example",
        "https://app.example:8443/cb?tenant=1&x=%2F",
        "https://xn--fiqs8s.example/%E5%9B%9E",
        "https://[2001:db8::1]:8443/cb",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:51004/cb",
        "http://[::1]:8080/",
        "http://localhost:3000/cb",
        "org.example.app:/signed-in",
        "org.example.app://signed-in/here",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const char *refusal = redirect_refusal(str_of(good[i]));
        if (refusal)
            fail_msg("%s %s", good[i], refusal);
    }
}

static void assert_refused(const char *const *bad, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!redirect_refusal(str_of(bad[i])))
            fail_msg("%s may be registered", bad[i]);
}
#define ASSERT_REFUSED(list) assert_refused(list, sizeof(list) / sizeof *(list))

static void https_addresses_that_may_lead_elsewhere(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "/cb",
        "app.example/cb",
        "//app.example/cb",
        "https:",
        "https:/app.example/cb",
        "https://",
        "https:///cb",
        "https://*.example/cb",
        "https://app.example/*",
        "https://app.example/cb#",
        "https://app.example/cb#x",
        "https://user@app.example/cb",
        "https://user:pw@app.example/cb",
        "https://app.example@evil.example/cb",
        "https://app.example\\@evil.example/cb",
        "https://app.example/a/../cb",
        "https://app.example/a/%2e%2E/cb",
        "https://app.example/.%2e",
        "https://app.example/./cb",
        "https://app.example?x=1",
        "https://app.example:0/cb",
        "https://app.example:65536/cb",
        "https://app.example:+1/cb",
        "https://app.example:/cb",
        "https://app.example/a b",
        "https://app.example/\xC3\xA4",
        "https://app.example/%",
        "https://app.example/%4",
        "https://app.example/%zz",
        "https://app.example/<script>",
        "https://app.example/\r\nSet-Cookie:x",
        "https://-app.example/",
        "https://[::1/cb",
        "https://[zz]/cb",
        "https://[::1]x/cb",
        "HTTPS://app.example/cb",
    };
    ASSERT_REFUSED(bad);
    assert_non_null(redirect_refusal(STR("https://app.example/\0cb")));
}

static void other_schemes_than_https_and_ones_own(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "http://app.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1@evil.example/cb",
        "http://127.0.0.2/cb",
        "http://localhost.evil.example/",
        "javascript:alert(1)",
        "JavaScript://app.example/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "about:blank",
        "blob:https://app.example/1",
        "ftp://app.example/",
        "myapp:/cb",
        "org.example.app:",
        "org.example.app:cb",
        "org.example.app:/cb#x",
        "org.example.app:/*",
        "org.example.app://user@host/cb",
        "org.example.app:/a/../b",
        "Org.example:/cb",
        "1org.example:/cb",
        "urn:ietf:wg:oauth:2.0:oob",
    };
    ASSERT_REFUSED(bad);
}

static void an_overlong_address_is_refused(void **state)
{
    (void)state;
    static char text[REDIRECT_MAX + 1] = "https://app.example/";
    for (size_t i = 20; i < sizeof text; i++)
        text[i] = 'a';
    assert_null(redirect_refusal((struct str){text, REDIRECT_MAX}));
    assert_non_null(redirect_refusal((struct str){text, REDIRECT_MAX + 1}));
}

static void a_link_must_be_a_web_address(void **state)
{
    (void)state;
    assert_null(page_address_refusal(STR("https://app.example/")));
    assert_non_null(page_address_refusal(STR("org.example.app:/x")));
    assert_non_null(page_address_refusal(STR("javascript:alert(1)")));
}

static void one_byte_of_difference_is_no_match(void **state)
{
    (void)state;
    struct str registered = STR("https://app.example/cb");
    static const char *const others[] = {
        "https://app.example/cB",      "https://app.example/cb/",    "https://app.example/cb?bar=foo",
        "https://app.example/c",       "https://app.example/%63b",   "https://app.example/a/../cb",
        "https://x@app.example/cb",    "https://app.example:443/cb", "https://app.example:8443/cb",
        "https://APP.example/cb",      "http://app.example/cb",      "https://app.example//cb",
        "https://app.example/cb#",     "https://app.example/cb%00",  " https://app.example/cb",
        "https://app.example.evil/cb", "https://evil.example/cb",    "",
    };
    assert_true(redirect_matches(registered, STR("https://app.example/cb"), true));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        for (int any_port = 0; any_port < 2; any_port++)
            if (redirect_matches(registered, str_of(others[i]), any_port))
                fail_msg("%s matches", others[i]);
    assert_false(redirect_matches(registered, STR("https://app.example/cb\0"), true));
}

static void only_the_port_of_a_loopback_literal_may_vary(void **state)
{
    (void)state;
    struct str four = STR("http://127.0.0.1:7000/cb"), six = STR("http://[::1]/cb");
    assert_true(redirect_matches(four, STR("http://127.0.0.1:51004/cb"), true));
    assert_true(redirect_matches(four, STR("http://127.0.0.1/cb"), true));
    assert_true(redirect_matches(six, STR("http://[::1]:51004/cb"), true));
    assert_true(redirect_matches(STR("http://127.0.0.1"), STR("http://127.0.0.1:1"), true));

    static const char *const others[] = {
        "http://127.0.0.1:51004/cb/", "http://127.0.0.1:51004/cb?x=1",
        "http://127.0.0.1:51004/",    "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",      "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:007/cb",    "http://127.0.0.1:1:2/cb",
        "http://localhost:7000/cb",   "http://[::1]:7000/cb",
        "https://127.0.0.1:51004/cb", "http://127.0.0.1:80@evil.example/cb",
        "http://x@127.0.0.1:7000/cb", "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.2:7000/cb",   "http://127.0.0.1:51004/cb#f",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (redirect_matches(four, str_of(others[i]), true))
            fail_msg("%s matches", others[i]);
    assert_false(redirect_matches(four, STR("http://127.0.0.1:51004/cb"), false));
    assert_false(redirect_matches(STR("http://localhost:1/cb"), STR("http://localhost:2/cb"), true));
    assert_false(redirect_matches(STR("https://127.0.0.1:1/cb"), STR("https://127.0.0.1:2/cb"), true));
}

static void a_resource_is_an_absolute_uri_without_fragment(void **state)
{
    (void)state;
    assert_true(is_resource_identifier(STR("https://api.example/records?x=1")));
    assert_true(is_resource_identifier(STR("urn:example:records")));
    assert_false(is_resource_identifier(STR("records")));
    assert_false(is_resource_identifier(STR("urn:")));
    assert_false(is_resource_identifier(STR("https://api.example/#x")));
    assert_false(is_resource_identifier(STR("https://api.example/a b")));
    assert_false(is_resource_identifier(STR_EMPTY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_that_may_be_registered),
        cmocka_unit_test(https_addresses_that_may_lead_elsewhere),
        cmocka_unit_test(other_schemes_than_https_and_ones_own),
        cmocka_unit_test(an_overlong_address_is_refused),
        cmocka_unit_test(a_link_must_be_a_web_address),
        cmocka_unit_test(one_byte_of_difference_is_no_match),
        cmocka_unit_test(only_the_port_of_a_loopback_literal_may_vary),
        cmocka_unit_test(a_resource_is_an_absolute_uri_without_fragment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
