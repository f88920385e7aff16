#include "directory/follow/sync_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define UUID_BYTES                                                                                           \
    "\x04\x10"                                                                                               \
    "0123456789abcdef"

static struct arena *a;

static int open_arena(void **state)
{
    (void)state;
    a = arena_new(1 << 16);
    return a ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void a_request_is_written_with_and_without_a_cookie(void **state)
{
    (void)state;
    assert_true(str_eq(sync_request_value(a, STR_EMPTY), STR("\x30\x03\x0a\x01\x03")));
    assert_true(str_eq(sync_request_value(a, STR("abc")), STR("\x30\x08\x0a\x01\x03\x04\x03"
                                                              "abc")));
}

static void what_became_of_an_entry_is_read(void **state)
{
    (void)state;
    struct sync_entry e;
    assert_true(sync_entry_read(a, STR("\x30\x15\x0a\x01\x02" UUID_BYTES), &e));
    assert_int_equal(e.state, SYNC_MODIFY);
    assert_true(str_eq(e.uuid, STR("0123456789abcdef")));
    assert_false(e.has_cookie);
    assert_true(sync_entry_read(a,
                                STR("\x30\x19\x0a\x01\x03" UUID_BYTES "\x04\x02"
                                    "ck"),
                                &e));
    assert_int_equal(e.state, SYNC_DELETE);
    assert_true(e.has_cookie && str_eq(e.cookie, STR("ck")));
}

static void broken_states_are_refused(void **state)
{
    (void)state;
    static const struct str broken[] = {STR_EMPTY,
                                        STR("\x30"),
                                        STR("\x30\x15\x0a\x01\x04" UUID_BYTES),
                                        STR("\x30\x15\x0a\x01\xff" UUID_BYTES),
                                        STR("\x30\x07\x0a\x01\x01\x04\x02"
                                            "ab"),
                                        STR("\x30\x25\x0a\x01\x02" UUID_BYTES),
                                        STR("\x30\x15\x0a\x01\x02\x04\x20"
                                            "0123456789abcdef"),
                                        STR("\x04\x03"
                                            "abc")};
    struct sync_entry e;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_false(sync_entry_read(a, broken[i], &e));
}

static void each_kind_of_news_is_read(void **state)
{
    (void)state;
    struct sync_info i;
    assert_true(sync_info_read(a,
                               STR("\x80\x02"
                                   "ck"),
                               &i));
    assert_int_equal(i.kind, SYNC_NEW_COOKIE);
    assert_true(i.has_cookie && str_eq(i.cookie, STR("ck")));
    assert_true(sync_info_read(a,
                               STR("\xa1\x04\x04\x02"
                                   "ck"),
                               &i));
    assert_int_equal(i.kind, SYNC_REFRESH_DELETE);
    assert_true(i.refresh_done);
    assert_true(sync_info_read(a,
                               STR("\xa2\x07\x04\x02"
                                   "ck\x01\x01\x00"),
                               &i));
    assert_int_equal(i.kind, SYNC_REFRESH_PRESENT);
    assert_false(i.refresh_done);
    assert_true(sync_info_read(a, STR("\xa2\x00"), &i));
    assert_true(i.refresh_done && !i.has_cookie);
}

static void a_set_of_uuids_is_read(void **state)
{
    (void)state;
    struct sync_info i;
    assert_true(sync_info_read(a,
                               STR("\xa3\x2d\x04\x02"
                                   "ck\x01\x01\xff\x31\x24" UUID_BYTES UUID_BYTES),
                               &i));
    assert_int_equal(i.kind, SYNC_ID_SET);
    assert_true(i.refresh_deletes);
    assert_int_equal(i.uuid_count, 2);
    assert_true(str_eq(i.uuids[1], STR("0123456789abcdef")));
    assert_true(sync_info_read(a, STR("\xa3\x14\x31\x12" UUID_BYTES), &i));
    assert_false(i.refresh_deletes);
    assert_int_equal(i.uuid_count, 1);
    assert_true(sync_info_read(a, STR("\xa3\x02\x31\x00"), &i));
    assert_int_equal(i.uuid_count, 0);
}

static void broken_news_are_refused(void **state)
{
    (void)state;
    static const struct str broken[] = {STR_EMPTY,
                                        STR("\x84\x00"),
                                        STR("\xa4\x00"),
                                        STR("\xa3\x00"),
                                        STR("\xa3\x06\x31\x04\x04\x02"
                                            "ab"),
                                        STR("\xa1\x40\x04"),
                                        STR("\x80\x05"
                                            "a")};
    struct sync_info i;
    for (size_t n = 0; n < sizeof broken / sizeof *broken; n++)
        assert_false(sync_info_read(a, broken[n], &i));
}

static void an_arena_that_is_too_small_is_no_half_value(void **state)
{
    (void)state;
    struct arena *small = arena_new(20);
    struct sync_info i;
    assert_false(sync_info_read(small, STR("\xa3\x26\x31\x24" UUID_BYTES UUID_BYTES), &i));
    assert_int_equal(sync_request_value(small, STR("a cookie that is too long for it")).len, 0);
    arena_free(small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_written_with_and_without_a_cookie),
        TEST(what_became_of_an_entry_is_read),
        TEST(broken_states_are_refused),
        TEST(each_kind_of_news_is_read),
        TEST(a_set_of_uuids_is_read),
        TEST(broken_news_are_refused),
        TEST(an_arena_that_is_too_small_is_no_half_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
