#include "server/admin/fields.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct application_setting rows[] = {{"name", "displayName", false, ""},
                                                  {"address", "onedoorRedirectUri", true, ""},
                                                  {"contact", "onedoorContact", false, ""}};
static const struct fields fields = {rows, 3};
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

static struct str name[] = {{"Hall", 4}},
                  addresses[] = {{"https://b", 9}, {"https://a", 9}, {"https://b", 9}},
                  hash[] = {{"hash", 4}};
static struct attribute attributes[] = {
    {"displayName", name, 1}, {"onedoorRedirectUri", addresses, 3}, {"onedoorSecretHash", hash, 1}};
static const struct entry hall = {.attributes = attributes, .count = 3};

static json_t *parsed(const char *text)
{
    json_t *object = json_parse(a, str_of(text));
    assert_non_null(object);
    return object;
}

#define assert_json(object, expected) assert_string_equal(json_text(a, object).p, expected)

static void an_entry_is_told_by_its_fields_alone_and_sorted(void **state)
{
    (void)state;
    assert_json(fields_of_entry(a, &hall, fields, NULL),
                "{\"address\":[\"https://a\",\"https://b\"],\"name\":[\"Hall\"]}");
    assert_json(fields_of_entry(a, &hall, fields, parsed("{\"contact\":[\"x\"],\"name\":[\"y\"]}")),
                "{\"contact\":null,\"name\":[\"Hall\"]}");
}

static void values_that_are_no_text_do_not_vanish(void **state)
{
    (void)state;
    struct str bytes = {"\xff\xfe", 2};
    struct attribute odd = {"displayName", &bytes, 1};
    const struct entry e = {.attributes = &odd, .count = 1};
    assert_json(fields_of_entry(a, &e, fields, NULL), "{\"name\":[\"(no text)\"]}");
}

static void what_does_not_fit_the_table_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *object, *name;
    } table[] = {{"{\"name\":[\"a\"],\"address\":[\"b\",\"c\"],\"contact\":null}", ""},
                 {"{\"secret\":[\"a\"]}", "secret"},
                 {"{\"name\":[\"a\",\"b\"]}", "name"},
                 {"{\"name\":\"a\"}", "name"},
                 {"{\"name\":[]}", "name"},
                 {"{\"name\":[\"\"]}", "name"},
                 {"{\"address\":[\"a\",1]}", "address"},
                 {"{\"address\":{\"a\":\"b\"}}", "address"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_true(str_eq(fields_unfit(parsed(table[i].object), fields), str_of(table[i].name)));
}

static void objects_are_sorted_and_compared(void **state)
{
    (void)state;
    json_t *x = parsed("{\"address\":[\"c\",\"a\",\"c\"],\"name\":[\"n\"],\"contact\":null}");
    assert_true(fields_sort(x));
    assert_json(x, "{\"address\":[\"a\",\"c\"],\"contact\":null,\"name\":[\"n\"]}");
    json_t *y = parsed("{\"address\":[\"a\",\"c\"],\"name\":[\"m\"]}");
    fields_differ(x, y);
    assert_json(x, "{\"contact\":null,\"name\":[\"n\"]}");
    assert_json(y, "{\"name\":[\"m\"]}");
}

static void changes_delete_the_old_and_add_the_new(void **state)
{
    (void)state;
    struct planned_changes changes;
    assert_true(fields_changes(a, &hall, parsed("{\"name\":null,\"contact\":[\"me\"]}"), fields, &changes));
    assert_int_equal(changes.n, 2);
    assert_int_equal(changes.v[0].kind, CHANGE_DELETE);
    assert_string_equal(changes.v[0].attribute.name, "displayName");
    assert_int_equal(changes.v[1].kind, CHANGE_ADD);
    assert_string_equal(changes.v[1].attribute.name, "onedoorContact");
}

static void a_seen_entry_says_what_it_has_not(void **state)
{
    (void)state;
    struct entry seen;
    assert_true(fields_seen(a, &hall, fields, &seen));
    assert_int_equal(seen.count, 4);
    assert_string_equal(seen.attributes[3].name, "onedoorContact");
    assert_int_equal(seen.attributes[3].count, 0);
}

static void objects_become_settings(void **state)
{
    (void)state;
    size_t n;
    const struct str *texts = fields_texts(a, parsed("{\"address\":[\"x\",\"y\"],\"contact\":null}"), &n);
    assert_int_equal(n, 3);
    assert_true(str_eq(texts[0], STR("address=x")) && str_eq(texts[1], STR("address=y")));
    assert_true(str_eq(texts[2], STR("contact=")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_entry_is_told_by_its_fields_alone_and_sorted),
        TEST(values_that_are_no_text_do_not_vanish),
        TEST(what_does_not_fit_the_table_is_named),
        TEST(objects_are_sorted_and_compared),
        TEST(changes_delete_the_old_and_add_the_new),
        TEST(a_seen_entry_says_what_it_has_not),
        TEST(objects_become_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
