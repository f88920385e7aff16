#include "server/pages/escape.h"
#include "tests/unit/server/pages/well_formed.h"

static void assert_escaped(struct str in, const char *out)
{
    struct buf b;
    buf_init(&b, 4096);
    escape_html(&b, in);
    buf_add_char(&b, '\0');
    assert_string_equal(b.p, out);
    buf_free(&b);
}

static void whatever_could_end_text_or_a_value_is_a_reference(void **state)
{
    (void)state;
    assert_escaped(STR("<script>alert('x')</script>"), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    assert_escaped(STR("\" onfocus=\"x"), "&#34; onfocus=&#34;x");
    assert_escaped(STR("a&b &amp; c"), "a&amp;b &amp;amp; c");
    assert_escaped(STR_EMPTY, "");
}

static void line_ends_stay_within_an_attribute(void **state)
{
    (void)state;
    assert_escaped(STR("a\r\nb\tc"), "a&#13;&#10;b\tc");
}

static void control_characters_and_broken_bytes_are_replaced(void **state)
{
    (void)state;
    assert_escaped(STR("a\0b"), "a\xEF\xBF\xBD"
                                "b");
    assert_escaped(STR("\x1b[0m\x7f\xc2\x85"), "\xEF\xBF\xBD[0m\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_escaped(STR("\xff<\xc0\xbc"), "\xEF\xBF\xBD&lt;\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_escaped(STR("\xe6\xb5"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void other_languages_pass_as_they_are(void **state)
{
    (void)state;
    assert_escaped(STR("李小梅 — 𠮷"), "李小梅 — 𠮷");
}

static void only_web_addresses_and_own_paths_may_be_links(void **state)
{
    (void)state;
    static const char *const fit[] = {"https://a.example",
                                      "HTTPS://A.example/x?y=1&z=2#q",
                                      "http://localhost:8080/",
                                      "http://[::1]:80/cb",
                                      "/",
                                      "/consent?t=x"};
    static const char *const unfit[] = {"",
                                        "javascript:alert(1)",
                                        "JaVaScRiPt:alert(1)",
                                        " javascript:alert(1)",
                                        "\tjavascript:alert(1)",
                                        "java\nscript:alert(1)",
                                        "data:text/html,x",
                                        "vbscript:x",
                                        "//evil.example",
                                        "/\\evil.example",
                                        "\\\\evil.example",
                                        "https:evil.example",
                                        "https:///evil.example",
                                        "https://",
                                        "https://a.example/\"onclick=x",
                                        "https://a.example/\r\nx",
                                        "mailto:a@b",
                                        "evil.example"};
    for (size_t i = 0; i < sizeof fit / sizeof *fit; i++)
        assert_true(url_is_web(str_of(fit[i])));
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
        if (url_is_web(str_of(unfit[i])))
            fail_msg("taken: %s", unfit[i]);
}

static void the_way_back_stays_on_this_server(void **state)
{
    (void)state;
    static const char *const fit[] = {"/", "/signin?t=abc",
                                      "/authorize?redirect_uri=https%3A%2F%2Fa.example"};
    static const char *const unfit[] = {"",
                                        "//a.example",
                                        "/\\a.example",
                                        "\\/a.example",
                                        "https://a.example",
                                        "a",
                                        "/a\tb",
                                        "/\t/a.example",
                                        "/a b",
                                        "/a\r\nSet-Cookie: x",
                                        "/a\x7f",
                                        "///a",
                                        "?x",
                                        "/\xe4\xb8\x80"};
    for (size_t i = 0; i < sizeof fit / sizeof *fit; i++)
        assert_true(path_is_local(str_of(fit[i])));
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
        if (path_is_local(str_of(unfit[i])))
            fail_msg("taken: %s", unfit[i]);
    char path[4096];
    memset(path, 'a', sizeof path);
    path[0] = '/';
    assert_false(path_is_local((struct str){path, sizeof path}));
}

static void an_image_is_ours_or_base64_of_a_picture(void **state)
{
    (void)state;
    assert_true(url_is_image(STR("data:image/svg+xml;base64,PHN2Zz4=")));
    assert_true(url_is_image(STR("/static/mark.svg")));
    assert_false(url_is_image(STR("data:text/html;base64,PHN2Zz4=")));
    assert_false(url_is_image(STR("data:image/svg+xml;base64,PHN2\"x")));
    assert_false(url_is_image(STR("data:image/svg+xml,<svg onload=x>")));
    assert_false(url_is_image(STR("https://track.example/x.png")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_could_end_text_or_a_value_is_a_reference),
        cmocka_unit_test(line_ends_stay_within_an_attribute),
        cmocka_unit_test(control_characters_and_broken_bytes_are_replaced),
        cmocka_unit_test(other_languages_pass_as_they_are),
        cmocka_unit_test(only_web_addresses_and_own_paths_may_be_links),
        cmocka_unit_test(the_way_back_stays_on_this_server),
        cmocka_unit_test(an_image_is_ours_or_base64_of_a_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
