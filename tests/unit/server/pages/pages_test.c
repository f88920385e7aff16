/* The real templates and catalogues: every view, in both languages, with the worst data. */
#include "server/pages/pages.h"
#include "tests/unit/server/pages/well_formed.h"

#include "server/base/buf.h"

#define EVIL "\"'><script>alert(1)</script>{{csrf}}{name}\r\n&"

static struct provider provider;
static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    const char *why = "";
    provider = (struct provider){.config = {.place_name = STR("Sample City"),
                                            .place_name_zh = STR("样例市"),
                                            .help_phone = STR("12345" EVIL)}};
    provider.pages = pages_new(&why);
    if (!provider.pages)
        fail_msg("%s", why);
    return 0;
}

static int end(void **state)
{
    (void)state;
    pages_free(provider.pages);
    return 0;
}

static int begin_test(void **state)
{
    (void)state;
    arena = arena_new(1 << 24);
    return 0;
}

static int end_test(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct str page(const char *view, const char *language, bool large, json_t *data)
{
    struct request req = {
        .arena = arena, .method = HTTP_GET, .path = STR("/signin"), .query_raw = STR("t=x&y")};
    struct response resp = {.arena = arena};
    pairs_add(&req.cookies, arena, STR(LANGUAGE_COOKIE), str_of(language));
    if (large)
        pairs_add(&req.cookies, arena, STR(TYPE_COOKIE), STR("large"));
    response_view(&resp, 200, view, data);
    pages_render(&provider, &req, &resp);
    return resp.body;
}

static const char *const members[] = {
    "t",
    "csrf",
    "application",
    "application_zh",
    "level",
    "username",
    "error",
    "policy_uri",
    "secret",
    "qr_src",
    "name",
    "action",
    "continue_uri",
    "message",
    "problem",
    "reference",
    "detail",
    "state",
    "client_id",
    "id_token_hint",
    "ui_locales",
    "post_logout_redirect_uri",
    "acting_for",
    "company",
    "for",
    "agent",
    "agent_name",
    "until",

    "self",
};

static json_t *evil_item(void)
{
    json_t *item = json_object();
    static const char *const names[] = {"name",   "value",  "uri",        "description", "level", "client_id",
                                        "who",    "kind",   "id",         "until",       "state", "company",
                                        "ticked", "marked", "permission", "new_uri"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        json_put_str(item, names[i], STR(EVIL));
    static const char *const lists[] = {"scopes", "applications", "permissions"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        json_object_set_new(item, lists[i], json_pack("[ss]", EVIL, "profile"));
    return item;
}

static json_t *evil_data(const char *error)
{
    json_t *data = json_new(arena);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_put_str(data, members[i], STR(EVIL));
    json_put_str(data, "error", str_of(error));
    json_put_int(data, "retry_minutes", 3);
    json_put_int(data, "recovery_left", 3);
    json_object_set_new(data, "has_totp", json_true());
    static const char *const lists[] = {"fields", "applications", "consents", "departments", "choices",
                                        "held",   "given",        "places",   "companies"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        json_object_set_new(data, lists[i], json_pack("[oo]", evil_item(), evil_item()));
    json_object_set_new(data, "scopes", json_pack("[ss]", EVIL, "openid"));
    json_object_set_new(data, "codes", json_pack("[ss]", EVIL, "x"));
    return data;
}

static void assert_harmless(const char *view, struct str html)
{
    if (!is_well_formed(html))
        fail_msg("%s is not well-formed: %.*s", view, STR_ARG(html));
    static const char *const never[] = {"<script>", "javascript:", " style=", " onclick",
                                        "{{",       "href=\"\"",   "\r"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (str_contains(html, never[i]) && strcmp(never[i], "{{") != 0)
            fail_msg("%s holds %s", view, never[i]);
}

static void every_view_stays_sound_with_hostile_data(void **state)
{
    (void)state;
    static const char *const languages[] = {"zh-CN", "en"}, *const errors[] = {NULL, "wrong", "braked", EVIL};
    assert_true(pages_view_count(provider.pages) >= 12);
    for (size_t v = 0; v < pages_view_count(provider.pages); v++) {
        const char *view = arena_cstr(arena, pages_view_name(provider.pages, v));
        for (size_t i = 0; i < 16; i++) {
            struct str html = page(view, languages[i & 1], (i & 2) != 0, evil_data(errors[i >> 2]));
            assert_true(html.len > 500);
            assert_harmless(view, html);
        }
    }
}

static void every_view_stands_without_any_data(void **state)
{
    (void)state;
    for (size_t v = 0; v < pages_view_count(provider.pages); v++) {
        const char *view = arena_cstr(arena, pages_view_name(provider.pages, v));
        assert_harmless(view, page(view, "en", false, json_new(arena)));
    }
}

static void the_views_of_the_contract_are_all_there(void **state)
{
    (void)state;
    static const char *const views[] = {
        "signin",     "otp",    "recovery", "enrol", "recovery_codes", "consent", "form_post", "signout",
        "signed_out", "portal", "account",  "error", "rights",         "act",     "mandates",  "mandate_new"};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        assert_true(page(views[i], "en", false, json_new(arena)).len > 0);
    assert_int_equal(page("nonsense", "en", false, json_new(arena)).len, 0);
}

static void a_page_says_its_language_and_place(void **state)
{
    (void)state;
    struct str zh = page("signin", "zh-CN", false, json_new(arena)),
               en = page("signin", "en", true, json_new(arena));
    assert_true(str_contains(zh, "<html lang=\"zh-CN\">") && str_contains(zh, "样例市"));
    assert_true(str_contains(en, "<html lang=\"en\" class=\"large\">") && str_contains(en, "Sample City"));
    assert_true(str_contains(en, "href=\"/language?set=zh-CN&amp;back=%2Fsignin%3Ft%3Dx%26y\""));
}

static void a_wrong_form_says_so_first_in_its_title_and_in_a_focused_summary(void **state)
{
    (void)state;
    static const char *const views[] = {"signin", "otp", "recovery", "enrol"};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        json_t *data = json_new(arena);
        json_put_str(data, "error", STR("wrong"));
        struct str en = page(views[i], "en", false, data);
        assert_true(str_contains(en, "<title>Error: "));
        assert_true(str_contains(en, "role=\"alert\" tabindex=\"-1\" autofocus"));
        assert_true(str_contains(en, "aria-invalid=\"true\""));
        assert_true(str_contains(page(views[i], "zh-CN", false, data), "<title>错误："));
    }
    assert_true(str_contains(page("error", "en", false, json_new(arena)), "<title>Error: "));
}

static void unknown_and_disabled_and_wrong_have_the_same_words(void **state)
{
    (void)state;
    json_t *wrong = json_new(arena);
    json_put_str(wrong, "error", STR("wrong"));
    struct str html = page("signin", "en", false, wrong);
    assert_true(str_contains(html, "The user name or the password is not right."));
    assert_false(str_contains(html, "locked") || str_contains(html, "disabled") ||
                 str_contains(html, "unknown"));
}

static void codes_shown_once_are_not_lost_to_a_language_link(void **state)
{
    (void)state;
    assert_false(str_contains(page("recovery_codes", "en", false, json_new(arena)), "/language"));
    assert_true(str_contains(page("consent", "en", false, json_new(arena)), "/language"));
}

static void a_script_link_of_an_application_leads_nowhere(void **state)
{
    (void)state;
    json_t *data = json_parse(arena, STR("{\"name\":\"x\",\"applications\":[{\"name\":\"Bad\",\"uri\":"
                                         "\"javascript:alert(1)\"}]}"));
    struct str html = page("portal", "en", false, data);
    assert_true(str_contains(html, "class=\"tile\" href=\"#\""));
}

static void after_a_post_the_language_link_leads_to_the_page_not_the_post(void **state)
{
    (void)state;
    struct request req = {.arena = arena, .method = HTTP_POST, .path = STR("/signin")};
    struct response resp = {.arena = arena};
    pairs_add(&req.form, arena, STR("t"), STR("abc"));
    pairs_add(&req.form, arena, STR("password"), STR("hunter2"));
    response_view(&resp, 200, "signin", json_new(arena));
    pages_render(&provider, &req, &resp);
    assert_true(str_contains(resp.body, "back=%2Fsignin%3Ft%3Dabc\""));
    assert_false(str_contains(resp.body, "hunter2"));
}

#define PAGE_TEST(name) cmocka_unit_test_setup_teardown(name, begin_test, end_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(every_view_stays_sound_with_hostile_data),
        PAGE_TEST(every_view_stands_without_any_data),
        PAGE_TEST(the_views_of_the_contract_are_all_there),
        PAGE_TEST(a_page_says_its_language_and_place),
        PAGE_TEST(a_wrong_form_says_so_first_in_its_title_and_in_a_focused_summary),
        PAGE_TEST(unknown_and_disabled_and_wrong_have_the_same_words),
        PAGE_TEST(codes_shown_once_are_not_lost_to_a_language_link),
        PAGE_TEST(a_script_link_of_an_application_leads_nowhere),
        PAGE_TEST(after_a_post_the_language_link_leads_to_the_page_not_the_post),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
