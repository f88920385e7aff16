#include "server/base/secret.h"

#include "server/base/random.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/onedoor-secret-XXXXXX";

static void write_file(const void *p, size_t len, mode_t mode)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, p, len), len);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void assert_file_refused(void)
{
    const char *why = NULL;
    assert_null(secret_read_file(path, &why));
    assert_non_null(why);
}

static void secrets_are_equal_only_as_a_whole(void **state)
{
    (void)state;
    struct secret *s = secret_copy("a\0secret", 8);
    assert_true(secret_equal(s, "a\0secret", 8));
    assert_false(secret_equal(s, "a\0secreT", 8));
    assert_false(secret_equal(s, "a", 1));
    assert_false(secret_equal(s, NULL, 0));
    assert_int_equal(secret_len(s), 8);
    assert_true(str_eq(secret_str(s), STR("a\0secret")));
    assert_memory_equal(secret_bytes(s), "a\0secret", 8);
    secret_free(s);
    secret_free(NULL);
}

static void constant_time_equality_tells_the_truth(void **state)
{
    (void)state;
    assert_true(equal_constant_time(STR("abc"), STR("abc")));
    assert_false(equal_constant_time(STR("abc"), STR("abd")));
    assert_false(equal_constant_time(STR("abc"), STR("ab")));
    assert_true(equal_constant_time(STR_EMPTY, STR("")));
}

static void random_secrets_differ(void **state)
{
    (void)state;
    struct secret *a = secret_random(32), *b = secret_random(32);
    assert_int_equal(secret_len(a), 32);
    assert_false(secret_equal(a, secret_bytes(b), 32));
    secret_free(a);
    secret_free(b);
}

static bool broken(void *p, size_t len)
{
    memset(p, 'r', len);
    return false;
}

static void without_randomness_there_is_no_secret(void **state)
{
    (void)state;
    random_replace(broken);
    assert_null(secret_random(32));
    random_replace(NULL);
}

static void a_private_file_is_read_without_its_newline(void **state)
{
    (void)state;
    const char *why = "unset";
    write_file("pass\nword\n\n", 11, 0600);
    struct secret *s = secret_read_file(path, &why);
    assert_non_null(s);
    assert_null(why);
    assert_true(secret_equal(s, "pass\nword\n", 10));
    secret_free(s);

    write_file("\0\1", 2, 0400);
    s = secret_read_file(path, &why);
    assert_true(secret_equal(s, "\0\1", 2));
    secret_free(s);
}

static void a_file_that_others_may_read_is_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0610, 0644};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        write_file("password", 8, modes[i]);
        assert_file_refused();
    }
}

static void a_file_without_a_secret_is_refused(void **state)
{
    (void)state;
    write_file("", 0, 0600);
    assert_file_refused();
    write_file("\n", 1, 0600);
    assert_file_refused();
    unlink(path);
    assert_file_refused();
    assert_int_equal(mkdir(path, 0700), 0);
    assert_file_refused();
    rmdir(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_file_refused();
}

static void a_file_has_a_greatest_length(void **state)
{
    (void)state;
    char *big = calloc(1, 65537);
    write_file(big, 65537, 0600);
    assert_file_refused();
    write_file(big, 65536, 0600);
    const char *why;
    struct secret *s = secret_read_file(path, &why);
    assert_int_equal(secret_len(s), 65536);
    secret_free(s);
    free(big);
}

static void wiped_memory_is_zero(void **state)
{
    (void)state;
    char p[] = "secret";
    wipe(p, sizeof p);
    for (size_t i = 0; i < sizeof p; i++)
        assert_int_equal(p[i], 0);
    wipe(NULL, 0);
}

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_equal_only_as_a_whole),
        cmocka_unit_test(constant_time_equality_tells_the_truth),
        cmocka_unit_test(random_secrets_differ),
        cmocka_unit_test(without_randomness_there_is_no_secret),
        cmocka_unit_test(a_private_file_is_read_without_its_newline),
        cmocka_unit_test(a_file_that_others_may_read_is_refused),
        cmocka_unit_test(a_file_without_a_secret_is_refused),
        cmocka_unit_test(a_file_has_a_greatest_length),
        cmocka_unit_test(wiped_memory_is_zero),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
