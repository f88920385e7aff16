#include "tests/unit/server/pages/template_setting.h"

static void a_value_is_text_wherever_it_stands(void **state)
{
    (void)state;
    const char *evil = "{\"x\":\"\\\"><script>alert('1')</script>\"}";
    assert_string_equal(render("<p title=\"{{x}}\">{{x}}</p>", evil),
                        "<p title=\"&#34;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\">"
                        "&#34;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;</p>");
}

static void a_value_is_never_read_as_a_template(void **state)
{
    (void)state;
    assert_string_equal(render("{{x}}", "{\"x\":\"{{y}}{name}\",\"y\":\"no\"}"), "{{y}}{name}");
    assert_string_equal(render("{{t:hello}}", "{\"name\":\"{name}{x}\",\"x\":\"no\"}"),
                        "Hello, {name}{x} &amp; all!");
}

static void an_address_leads_to_the_web_or_nowhere(void **state)
{
    (void)state;
    assert_string_equal(render("<a href=\"{{u}}\">", "{\"u\":\"https://a.example/?x=1&y=2\"}"),
                        "<a href=\"https://a.example/?x=1&amp;y=2\">");
    assert_string_equal(render("<a href=\"{{u}}\">", "{\"u\":\"javascript:alert(1)\"}"), "<a href=\"#\">");
    assert_string_equal(render("<form action=\"{{u}}\">", "{\"u\":\"data:text/html,x\"}"),
                        "<form action=\"#\">");
    assert_string_equal(render("<a href=\"{{u}}\">", "{}"), "<a href=\"#\">");
    assert_string_equal(render("<img src=\"{{u}}\">", "{\"u\":\"https://a.example/x.png\"}"),
                        "<img src=\"#\">");
}

static void a_value_in_a_query_cannot_add_a_parameter(void **state)
{
    (void)state;
    assert_string_equal(render("<a href=\"/x?back={{u}}\">", "{\"u\":\"/y?a=1&b=\\\"#\"}"),
                        "<a href=\"/x?back=%2Fy%3Fa%3D1%26b%3D%22%23\">");
}

static void what_is_absent_writes_nothing(void **state)
{
    (void)state;
    assert_string_equal(render("[{{x}}{{y}}{{z}}]", "{\"y\":null,\"z\":[1]}"), "[]");
    assert_string_equal(render("{{#each x}}a{{/each}}", "{\"x\":\"text\"}"), "");
}

static void an_if_holds_for_what_says_something(void **state)
{
    (void)state;
    const char *data = "{\"a\":\"x\",\"b\":\"\",\"c\":0,\"d\":3,\"e\":false,\"f\":true,\"g\":[],\"h\":[1]}";
    const char *t = "{{#if a}}a{{/if}}{{#if b}}b{{/if}}{{#if c}}c{{/if}}{{#if d}}d{{/if}}{{#if e}}e{{/if}}"
                    "{{#if f}}f{{/if}}{{#if g}}g{{/if}}{{#if h}}h{{/if}}{{#if i}}i{{else}}-{{/if}}";
    assert_string_equal(render(t, data), "adfh-");
    assert_string_equal(render("{{#if a=x}}1{{/if}}{{#if a=y}}2{{else}}3{{/if}}{{#if d=3}}4{{/if}}", data),
                        "134");
}

static void an_each_looks_inside_first_and_outside_then(void **state)
{
    (void)state;
    assert_string_equal(render("{{#each v}}{{n}}{{m}}{{#each w}}({{.}}{{n}}){{/each}};{{/each}}",
                               "{\"n\":\"out\",\"m\":\"M\",\"v\":[{\"n\":\"<1>\",\"w\":[\"a\",\"b\"]},{}]}"),
                        "&lt;1&gt;M(a&lt;1&gt;)(b&lt;1&gt;);outM;");
}

static void a_message_is_escaped_with_what_fills_it(void **state)
{
    (void)state;
    assert_string_equal(render("{{t:hello}}", "{\"name\":\"<b>\"}"), "Hello, &lt;b&gt; &amp; all!");
}

static void a_message_by_value_falls_back_to_other(void **state)
{
    (void)state;
    assert_string_equal(render("{{t:level.[l]}}", "{\"l\":\"low\"}"), "low one");
    assert_string_equal(render("{{t:level.[l]}}", "{\"l\":\"../x\"}"), "other one");
    assert_string_equal(render("{{t:level.[l]}}", "{}"), "other one");
}

static void a_part_is_rendered_in_its_place(void **state)
{
    (void)state;
    setting.part = "<b>{{.}}</b>";
    assert_string_equal(render("{{#each v}}{{>part}}{{/each}}", "{\"v\":[\"a\",\"<\"]}"),
                        "<b>a</b><b>&lt;</b>");
}

static void a_page_over_its_ceiling_fails_and_does_not_grow(void **state)
{
    (void)state;
    struct template *t = compile("{{#each v}}{{x}}{{/each}}");
    json_t *data = json_parse(setting.arena, STR("{\"x\":\"0123456789\",\"v\":[1,1,1,1,1,1,1,1,1,1,1]}"));
    struct buf small;
    buf_init(&small, 100);
    template_render(t, &(struct template_input){.data = data, .message = setting_message}, &small);
    assert_true(small.failed);
    assert_true(small.cap <= 101);
    buf_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEMPLATE_TEST(a_value_is_text_wherever_it_stands),
        TEMPLATE_TEST(a_value_is_never_read_as_a_template),
        TEMPLATE_TEST(an_address_leads_to_the_web_or_nowhere),
        TEMPLATE_TEST(a_value_in_a_query_cannot_add_a_parameter),
        TEMPLATE_TEST(what_is_absent_writes_nothing),
        TEMPLATE_TEST(an_if_holds_for_what_says_something),
        TEMPLATE_TEST(an_each_looks_inside_first_and_outside_then),
        TEMPLATE_TEST(a_message_is_escaped_with_what_fills_it),
        TEMPLATE_TEST(a_message_by_value_falls_back_to_other),
        TEMPLATE_TEST(a_part_is_rendered_in_its_place),
        TEMPLATE_TEST(a_page_over_its_ceiling_fails_and_does_not_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
