#include "server/http/framing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct pair headers[6];
static struct pairs list;
static struct framing framing;

static int set_up(void **state)
{
    (void)state;
    headers[0] = (struct pair){STR("Host"), STR("sso.city.example")};
    list = (struct pairs){.v = headers, .n = 1};
    framing = (struct framing){.version = STR("HTTP/1.1"), .target = STR("/token?a=b"), .headers = &list};
    return 0;
}

static void with(struct str name, struct str value)
{
    headers[list.n++] = (struct pair){name, value};
}

#define assert_sound()     assert_null(framing_fault(&framing))
#define assert_fault(text) assert_string_equal(framing_fault(&framing), text)

static void a_plain_request_is_sound(void **state)
{
    (void)state;
    assert_sound();
    with(STR("Content-Length"), STR("12"));
    with(STR("User-Agent"), STR("M\xc3\xbcller\t(x)"));
    assert_sound();
}

static void a_chunked_request_is_sound(void **state)
{
    (void)state;
    with(STR("transfer-encoding"), STR("Chunked"));
    assert_sound();
}

static void two_lengths_are_refused_even_when_they_agree(void **state)
{
    (void)state;
    with(STR("Content-Length"), STR("5"));
    with(STR("content-length"), STR("5"));
    assert_fault("two Content-Length");
}

static void a_length_that_is_no_number_is_refused(void **state)
{
    const struct str bad[] = {STR("+5"),  STR("-1"),  STR(""),   STR("5 "),
                              STR("0x5"), STR("5,5"), STR("05"), STR("99999999999999999999")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        set_up(state);
        with(STR("Content-Length"), bad[i]);
        assert_fault("Content-Length is no number");
    }
}

static void a_length_beside_an_encoding_is_refused(void **state)
{
    (void)state;
    with(STR("Transfer-Encoding"), STR("chunked"));
    with(STR("Content-Length"), STR("5"));
    assert_fault("Content-Length beside Transfer-Encoding");
}

static void every_encoding_but_chunked_is_refused(void **state)
{
    const struct str bad[] = {STR("gzip, chunked"), STR("chunked, chunked"), STR("identity"), STR("chunked "),
                              STR("\tchunked"),     STR("xchunked"),         STR("")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        set_up(state);
        with(STR("Transfer-Encoding"), bad[i]);
        assert_fault("Transfer-Encoding is not chunked");
    }
}

static void two_encodings_are_refused(void **state)
{
    (void)state;
    with(STR("Transfer-Encoding"), STR("chunked"));
    with(STR("Transfer-Encoding"), STR("chunked"));
    assert_fault("Transfer-Encoding is not chunked");
}

static void http_1_0_has_no_chunks_and_needs_no_host(void **state)
{
    (void)state;
    framing.version = STR("HTTP/1.0");
    list.n = 0;
    assert_sound();
    with(STR("Transfer-Encoding"), STR("chunked"));
    assert_fault("Transfer-Encoding is not chunked");
}

static void exactly_one_host_is_wanted(void **state)
{
    (void)state;
    list.n = 0;
    assert_fault("not exactly one Host");
    with(STR("Host"), STR("a"));
    with(STR("host"), STR("a"));
    assert_fault("not exactly one Host");
}

static void names_that_are_no_tokens_are_refused(void **state)
{
    const struct str bad[] = {
        STR("Content-Length "), STR(" X"), STR("X\tY"), STR(""), STR("X(Y)"), STR("X\0Y"), STR("\xc3\xa4")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        set_up(state);
        with(bad[i], STR("1"));
        assert_fault("a header name is no token");
    }
}

static void control_characters_in_values_are_refused(void **state)
{
    const struct str bad[] = {STR("a\rb"), STR("a\nb"), STR("a\0b"), STR("a\x0b"), STR("\x7f")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        set_up(state);
        with(STR("X"), bad[i]);
        assert_fault("a control character in a header");
    }
}

static void targets_that_are_no_paths_are_refused(void **state)
{
    const struct str bad[] = {
        STR(""),      STR("*"),    STR("http://evil.example/"), STR("evil.example:443"), STR("/a b"),
        STR("/a\rb"), STR("/a#b"), STR("/\xe4\xb8\x80"),        STR("/a\x7f"),           STR("\\a")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        set_up(state);
        framing.target = bad[i];
        assert_fault("the target is no path");
    }
}

static void bytes_between_headers_are_refused(void **state)
{
    (void)state;
    framing.gaps = true;
    assert_fault("stray bytes in the header block");
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_plain_request_is_sound),
        TEST(a_chunked_request_is_sound),
        TEST(two_lengths_are_refused_even_when_they_agree),
        TEST(a_length_that_is_no_number_is_refused),
        TEST(a_length_beside_an_encoding_is_refused),
        TEST(every_encoding_but_chunked_is_refused),
        TEST(two_encodings_are_refused),
        TEST(http_1_0_has_no_chunks_and_needs_no_host),
        TEST(exactly_one_host_is_wanted),
        TEST(names_that_are_no_tokens_are_refused),
        TEST(control_characters_in_values_are_refused),
        TEST(targets_that_are_no_paths_are_refused),
        TEST(bytes_between_headers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
