#include "tests/unit/server/pages/template_setting.h"

static void a_broken_template_is_an_error_that_names_its_line(void **state)
{
    (void)state;
    assert_null(compile("<p>\n\n{{name</p>"));
    assert_true(str_contains(setting.why, "template page, line 3"));
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "{{#if a}}x",
        "{{#each a}}x{{/if}}",
        "{{#each a}}x{{else}}y{{/each}}",
        "{{/if}}",
        "{{else}}",
        "{{}}",
        "{{ name }}",
        "{{{name}}}",
        "{{&name}}",
        "{{#if }}x{{/if}}",
        "{{#unless a}}x{{/unless}}",
        "{{#each a=b}}x{{/each}}",
        "{{>absent}}",
        "{{t:absent}}",
        "{{t:absent.[name]}}",
        "{{t:}}",
        "<p",
        "<p class=\"a",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (compile(broken[i]))
            fail_msg("taken: %s", broken[i]);
}

static void no_value_stands_where_escaping_could_not_help(void **state)
{
    (void)state;
    static const char *const unsafe[] = {
        "<script>{{x}}</script>",
        "<script>let a = 1;</script>",
        "<style>p{}</style>",
        "<!-- {{x}} -->",
        "<p {{x}}>",
        "<{{x}}>",
        "<p class={{x}}>",
        "<p class='{{x}}'>",
        "<p style=\"{{x}}\">",
        "<p style=\"color:red\">",
        "<p onclick=\"x\">",
        "<p data-x{{x}}=\"1\">",
        "<script src=\"{{x}}\"></script>",
        "<iframe srcdoc=\"{{x}}\">",
        "<meta content=\"{{x}}\">",
        "<a href=\"/x/{{x}}\">",
        "<a href=\"java{{x}}\">",
        "<a href=\"{{x}}{{y}}\">",
        "<a href=\"{{x}}/y\">",
        "<a href=\"{{t:hello}}\">",
        "<a href=\"/x?y={{t:hello}}\">",
        "<P>",
    };
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
        if (compile(unsafe[i]))
            fail_msg("taken: %s", unsafe[i]);
}

static void both_ways_through_an_if_leave_the_html_at_the_same_place(void **state)
{
    (void)state;
    assert_null(compile("<p{{#if a}} class=\"{{/if}}x\">"));
    assert_null(compile("{{#if a}}<p {{else}}<p>{{/if}}"));
    assert_null(compile("{{#each a}}<p {{/each}}"));
    assert_null(compile("<a href=\"{{#if a}}/x?{{/if}}{{b}}\">"));
    assert_non_null(
        compile("<p class=\"y\"{{#if a}} id=\"{{a}}\"{{/if}}>{{#if a}}<b>{{a}}</b>{{else}}-{{/if}}</p>"));
}

static void a_template_that_includes_itself_is_refused(void **state)
{
    (void)state;
    setting.part = "<p>{{>part}}</p>";
    assert_null(compile("{{>part}}"));
    assert_true(str_contains(setting.why, "nested too deeply"));
}

static void what_is_wrong_in_a_part_is_found_there(void **state)
{
    (void)state;
    setting.part = "\n{{t:absent}}";
    assert_null(compile("{{>part}}"));
    assert_true(str_contains(setting.why, "template part, line 2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEMPLATE_TEST(a_broken_template_is_an_error_that_names_its_line),
        TEMPLATE_TEST(what_is_wrong_is_refused),
        TEMPLATE_TEST(no_value_stands_where_escaping_could_not_help),
        TEMPLATE_TEST(both_ways_through_an_if_leave_the_html_at_the_same_place),
        TEMPLATE_TEST(a_template_that_includes_itself_is_refused),
        TEMPLATE_TEST(what_is_wrong_in_a_part_is_found_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
