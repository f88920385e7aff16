/* Forms speak both languages: every field has its name and its hint in each catalogue. */
#include "server/admin/form.h"
#include "server/pages/embed.h"
#include "server/pages/messages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_new(1 << 20);
    return a ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static const struct catalogue *catalogue(const char *language)
{
    struct str text, why = STR_EMPTY;
    assert_true(embedded_find(STR("messages/"), str_of(language), STR(".ini"), &text));
    const struct catalogue *c = catalogue_parse(a, text, &why);
    assert_non_null(c);
    return c;
}

static void assert_words(const struct catalogue *c, const char *start, const char *prefix, const char *name)
{
    struct str key = arena_printf(a, "%s%s%s", start, prefix, name);
    if (catalogue_text(c, key).len == 0)
        fail_msg("no words for " STR_FMT, STR_ARG(key));
}

static void every_field_has_its_name_and_its_hint_in_both_languages(void **state)
{
    (void)state;
    static const char *const languages[] = {"en", "zh-CN"};
    for (size_t l = 0; l < 2; l++) {
        const struct catalogue *c = catalogue(languages[l]);
        for (size_t i = 0; i < form_count; i++) {
            struct fields f = forms[i].fields();
            assert_words(c, "admin.accepted.", forms[i].prefix, forms[i].id.name);
            assert_words(c, "admin.field.", "", forms[i].id.name);
            for (size_t j = 0; j < f.n; j++) {
                assert_words(c, "admin.accepted.", forms[i].prefix, f.rows[j].name);
                assert_words(c, "admin.field.", "", f.rows[j].name);
            }
        }
    }
}

static void every_reason_of_a_refusal_has_words_in_both_languages(void **state)
{
    (void)state;
    const struct catalogue *en = catalogue("en"), *zh = catalogue("zh-CN");
    for (unsigned w = WHY_NONE + 1; w < WHY_COUNT; w++) {
        assert_words(en, "admin.why.", "", why_name((enum why)w));
        assert_words(zh, "admin.why.", "", why_name((enum why)w));
    }
}

static const char *blamed(const char *kind, const char *detail)
{
    const struct application_setting *s = form_blamed(form_of_kind(kind), str_of(detail));
    return s ? s->name : "";
}

static void a_refusal_names_its_field(void **state)
{
    (void)state;
    assert_string_equal(blamed("application.set", "name-zh (displayName;lang-zh): 2 values"), "name-zh");
    assert_string_equal(blamed("application.add", "onedoorClientId: not accepted"), "client-id");
    assert_string_equal(blamed("role.set", "permission: x:y is not declared"), "permission");
    assert_string_equal(blamed("role.add", "name: 1 to 64 letters"), "name");
    assert_string_equal(blamed("role.set", "description"), "description");
    assert_string_equal(blamed("role.assign", "from, until: a time"), "from");
    assert_string_equal(blamed("role.assign", "permission: of no field here"), "");
    assert_string_equal(blamed("role.set", ""), "");
    assert_null(form_of_kind("mandate.end"));
    assert_null(form_of_kind(NULL));
}

static void flags_are_told_as_yes_and_no_and_nothing_else_is(void **state)
{
    (void)state;
    assert_true(form_is_flag("disabled") && form_is_flag("delegated"));
    assert_false(form_is_flag("name") || form_is_flag("nonsense"));
    assert_true(str_eq(form_choice(STR("TRUE")), STR("yes")));
    assert_true(str_eq(form_choice(STR("FALSE")), STR("no")));
    assert_true(str_eq(form_choice(STR("ES256")), STR("ES256")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_field_has_its_name_and_its_hint_in_both_languages, begin, end),
        cmocka_unit_test_setup_teardown(every_reason_of_a_refusal_has_words_in_both_languages, begin, end),
        cmocka_unit_test_setup_teardown(a_refusal_names_its_field, begin, end),
        cmocka_unit_test_setup_teardown(flags_are_told_as_yes_and_no_and_nothing_else_is, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
