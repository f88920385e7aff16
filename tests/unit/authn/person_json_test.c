#include "authn/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct str groups[] = {{"cn=a,dc=city", 12}, {"cn=乙,dc=city", 14}};

static struct person somebody(void)
{
    return (struct person){.dn = STR("uid=li,dc=city"),
                           .uuid = STR("u-1"),
                           .subject = STR("s-1"),
                           .kind = STR("staff"),
                           .display_name = STR("李 \"雷\" <li>"),
                           .mail = STR("li@city.example"),
                           .groups = groups,
                           .group_count = 2,
                           .disabled = false};
}

static void a_person_comes_back_as_it_went(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20), *other = arena_new(1 << 20);
    struct person p = somebody(), back;
    struct str text = json_text(a, person_to_json(a, &p));
    assert_true(person_from_json(other, json_parse(a, text), &back));
    arena_free(a);
    assert_true(str_eq(back.dn, p.dn));
    assert_true(str_eq(back.uuid, p.uuid));
    assert_true(str_eq(back.display_name, p.display_name));
    assert_int_equal(back.mobile.len, 0);
    assert_int_equal(back.group_count, 2);
    assert_true(str_eq(back.groups[1], groups[1]));
    assert_false(back.disabled);
    arena_free(other);
}

static void nothing_is_lost_silently_on_the_way_out(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct person p = somebody();
    p.mail = STR("\xFF\xFE");
    assert_null(person_to_json(a, &p));
    p = somebody();
    p.uuid = STR_EMPTY;
    assert_null(person_to_json(a, &p));
    arena_free(a);
}

static void a_record_that_lost_something_is_no_person(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    static const char *const bad[] = {
        "{}",
        "{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\",\"disabled\":0,\"groups\":[]}",
        "{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\",\"groups\":[]}",
        "{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\",\"disabled\":0,\"identity_level\":0}",
        "{\"dn\":\"d\",\"subject\":\"s\",\"disabled\":0,\"identity_level\":0,\"groups\":[]}",
        "{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\",\"disabled\":2,\"identity_level\":0,\"groups\":[]}",
        "{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\",\"disabled\":false,\"identity_level\":0,\"groups\":[]"
        "}",
        "{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\",\"disabled\":0,\"identity_level\":0,\"groups\":[1]}",
        "{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\",\"disabled\":0,\"identity_level\":0,\"groups\":{}}",
        "{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\",\"disabled\":0,\"identity_level\":0,\"groups\":[],"
        "\"mail\":1}",
    };
    struct person p;
    assert_true(person_from_json(a,
                                 json_parse(a, STR("{\"dn\":\"d\",\"uuid\":\"u\",\"subject\":\"s\","
                                                   "\"disabled\":0,\"identity_level\":0,\"groups\":[]}")),
                                 &p));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(person_from_json(a, json_parse(a, str_of(bad[i])), &p));
    assert_false(person_from_json(a, NULL, &p));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_comes_back_as_it_went),
        cmocka_unit_test(nothing_is_lost_silently_on_the_way_out),
        cmocka_unit_test(a_record_that_lost_something_is_no_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
