#include "authn/record.h"
#include "authn/session.h"
#include "server/base/packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct person somebody(void)
{
    return (struct person){.dn = STR("uid=li,dc=city"),
                           .uuid = STR("u-1"),
                           .subject = STR("s-1"),
                           .kind = STR("staff"),
                           .display_name = STR("李 \"雷\" <li>"),
                           .mail = STR("li@city.example"),
                           .disabled = false};
}

static struct str packed(struct arena *a, const struct person *p)
{
    struct buf out;
    record_begin(&out, 1);
    bool whole = person_pack(&out, a, p);
    return record_end(&out, a, whole);
}

static bool unpacked(struct arena *a, struct str record, struct person *out)
{
    struct str rest;
    return record_open(record, 1, &rest) && person_unpack(a, &rest, out) && rest.len == 0;
}

static void a_person_comes_back_as_it_went(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct person p = somebody(), back;
    assert_true(unpacked(a, packed(a, &p), &back));
    assert_true(str_eq(back.dn, p.dn));
    assert_true(str_eq(back.uuid, p.uuid));
    assert_true(str_eq(back.display_name, p.display_name));
    assert_int_equal(back.mobile.len, 0);
    assert_false(back.disabled);
    arena_free(a);
}

static void nothing_is_lost_silently_on_the_way_out(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct str bad[] = {STR("\xFF\xFE")};
    struct person p = somebody();
    p.mail = bad[0];
    assert_int_equal(packed(a, &p).len, 0);
    p = somebody();
    p.uuid = STR_EMPTY;
    assert_int_equal(packed(a, &p).len, 0);
    arena_free(a);
}

static void a_record_that_lost_something_is_no_person(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct person p = somebody(), back;
    struct str record = packed(a, &p);
    for (size_t len = 0; len < record.len; len++)
        assert_false(unpacked(a, str_sub(record, 0, len), &back));
    assert_false(unpacked(a, arena_join(a, (struct str[]){record, STR("x")}, 2), &back));
    assert_false(unpacked(a, STR("{}"), &back));
    assert_false(arena_failed(a));
    arena_free(a);
}

static void groups_of_an_older_record_are_read_over(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct person p = somebody(), back;
    struct buf out;
    struct str record = packed(a, &p);
    buf_init(&out, 1000);
    buf_add(&out, str_sub(record, 0, record.len - 1));
    pack_number(&out, 2);
    pack_text(&out, a, STR("cn=a,dc=city"));
    pack_text(&out, a, STR("cn=乙,dc=city"));
    assert_true(unpacked(a, buf_str(&out), &back));
    assert_true(str_eq(back.uuid, p.uuid));
    buf_free(&out);
    arena_free(a);
}

/* A count that no text follows, and one below zero. */
static void so_many_groups_are_not_believed(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    const int64_t bad[] = {1, 1000000, -1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct person p = somebody(), back;
        struct buf out;
        struct str record = packed(a, &p);
        buf_init(&out, 1000);
        buf_add(&out, str_sub(record, 0, record.len - 1));
        pack_number(&out, bad[i]);
        assert_false(unpacked(a, buf_str(&out), &back));
        buf_free(&out);
    }
    assert_false(arena_failed(a));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_comes_back_as_it_went),
        cmocka_unit_test(nothing_is_lost_silently_on_the_way_out),
        cmocka_unit_test(a_record_that_lost_something_is_no_person),
        cmocka_unit_test(groups_of_an_older_record_are_read_over),
        cmocka_unit_test(so_many_groups_are_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
