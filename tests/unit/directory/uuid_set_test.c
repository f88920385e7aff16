#include "directory/uuid_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The i-th uuid of a row that a directory counts up. */
static struct str uuid(unsigned i)
{
    static unsigned char b[UUID_SIZE];
    memset(b, 0xab, sizeof b);
    memcpy(b, &i, sizeof i);
    return (struct str){(const char *)b, sizeof b};
}

static void what_is_added_is_there_until_it_is_removed(void **state)
{
    (void)state;
    enum { N = 50000 };
    struct uuid_set s = {0};
    assert_false(uuid_set_has(&s, uuid(1)));
    assert_false(uuid_set_remove(&s, uuid(1)));
    for (unsigned i = 0; i < N; i++)
        assert_true(uuid_set_add(&s, uuid(i)));
    assert_true(uuid_set_add(&s, uuid(7)));
    assert_int_equal(s.n, N);
    for (unsigned i = 0; i < N; i += 2)
        assert_true(uuid_set_remove(&s, uuid(i)));
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(uuid_set_has(&s, uuid(i)), i % 2 == 1);
    assert_int_equal(s.n, N / 2);
    uuid_set_free(&s);
    assert_int_equal(s.n, 0);
}

static void adding_and_removing_for_ever_takes_no_more_room(void **state)
{
    (void)state;
    struct uuid_set s = {0};
    for (unsigned i = 0; i < 100000; i++) {
        assert_true(uuid_set_add(&s, uuid(i)));
        assert_true(uuid_set_remove(&s, uuid(i)));
    }
    assert_true(s.places <= 128);
    assert_int_equal(s.n, 0);
    uuid_set_free(&s);
}

static void each_is_given_once(void **state)
{
    (void)state;
    struct uuid_set s = {0}, seen = {0};
    struct str one;
    size_t at = 0;
    for (unsigned i = 0; i < 1000; i++)
        assert_true(uuid_set_add(&s, uuid(i)));
    while (uuid_set_next(&s, &at, &one)) {
        assert_false(uuid_set_has(&seen, one));
        assert_true(uuid_set_add(&seen, one));
    }
    assert_int_equal(seen.n, 1000);
    uuid_set_free(&s);
    uuid_set_free(&seen);
}

static void only_sixteen_bytes_are_a_uuid(void **state)
{
    (void)state;
    struct uuid_set s = {0};
    assert_false(uuid_set_add(&s, STR("short")));
    assert_false(uuid_set_has(&s, STR_EMPTY));
    uuid_set_free(&s);
}

static void text_of_any_directory_is_read(void **state)
{
    (void)state;
    static const char *const good[] = {
        "01234567-89ab-cdef-fedc-ba9876543210", "01234567-89abcdef-fedcba98-76543210",
        "0123456789abcdeffedcba9876543210", "0123456789ABCDEFFEDCBA9876543210"};
    static const char *const bad[] = {"",
                                      "0123",
                                      "0123456789abcdeffedcba987654321",
                                      "0123456789abcdeffedcba98765432100",
                                      "0123456789abcdeffedcba987654321g",
                                      " 123456789abcdeffedcba9876543210"};
    unsigned char b[UUID_SIZE];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(uuid_of_text(str_of(good[i]), b));
        assert_memory_equal(b, "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10", UUID_SIZE);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(uuid_of_text(str_of(bad[i]), b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_is_there_until_it_is_removed),
        cmocka_unit_test(adding_and_removing_for_ever_takes_no_more_room),
        cmocka_unit_test(each_is_given_once),
        cmocka_unit_test(only_sixteen_bytes_are_a_uuid),
        cmocka_unit_test(text_of_any_directory_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
