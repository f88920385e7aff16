#include "server/pages/language.h"
#include "tests/unit/server/pages/well_formed.h"

enum { ZH = LANGUAGE_ZH_CN, EN = LANGUAGE_EN, NONE = LANGUAGE_COUNT };

static void the_greatest_weight_wins_and_the_first_of_equals(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int language;
    } rows[] = {
        {"en", EN},
        {"zh-CN", ZH},
        {"ZH-hans-cn", ZH},
        {"zh-TW;q=0.5, en-GB;q=0.8", EN},
        {"en;q=0.8,zh;q=0.80", EN},
        {"fr, de;q=0.9, en;q=0.1", EN},
        {"en;q=0, zh;q=0.001", ZH},
        {"en;q=0", NONE},
        {"*", ZH},
        {"*;q=0.1, en;q=0.2", EN},
        {"fr, *;q=0.5", ZH},
        {"", NONE},
        {",,;;,", NONE},
        {"en;q=2, zh;q=0.1", ZH},
        {"en;q=1.001, zh;q=0.1", ZH},
        {"en;q=.9, zh;q=0.1", ZH},
        {"en;q=0.1234, zh;q=0.1", ZH},
        {"en;q=-1, zh;q=0.1", ZH},
        {"en;level=1, zh;q=0.1", ZH},
        {" zh ; q=0.3 ,\ten ;q=0.4", EN},
        {"english", NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((int)language_from_header(str_of(rows[i].header)) != rows[i].language)
            fail_msg("wrong for: %s", rows[i].header);
}

static void ui_locales_name_the_first_that_we_have(void **state)
{
    (void)state;
    assert_int_equal(language_from_list(STR("fr-CA en zh")), EN);
    assert_int_equal(language_from_list(STR("  zh-Hant  en")), ZH);
    assert_int_equal(language_from_list(STR("fr")), NONE);
    assert_int_equal(language_from_list(STR_EMPTY), NONE);
}

static enum language choose(const char *cookie, const char *ui_locales, const char *accept)
{
    struct arena *a = arena_new(1 << 16);
    struct request req = {.arena = a};
    if (cookie)
        pairs_add(&req.cookies, a, STR(LANGUAGE_COOKIE), str_of(cookie));
    if (accept)
        pairs_add(&req.headers, a, STR("Accept-Language"), str_of(accept));
    enum language l = language_of_request(&req, str_of(ui_locales));
    arena_free(a);
    return l;
}

static void the_persons_choice_comes_before_the_applications_and_the_browsers(void **state)
{
    (void)state;
    assert_int_equal(choose("en", "zh-CN", "zh-CN"), EN);
    assert_int_equal(choose(NULL, "en", "zh-CN"), EN);
    assert_int_equal(choose("klingon", "", "en"), EN);
    assert_int_equal(choose(NULL, "fr", "en"), EN);
    assert_int_equal(choose(NULL, "", "fr"), ZH);
    assert_int_equal(choose(NULL, NULL, NULL), ZH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_greatest_weight_wins_and_the_first_of_equals),
        cmocka_unit_test(ui_locales_name_the_first_that_we_have),
        cmocka_unit_test(the_persons_choice_comes_before_the_applications_and_the_browsers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
