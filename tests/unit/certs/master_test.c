#include "certs/master.h"

#include "server/base/random.h"
#include "tests/unit/certs/fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[128];

static int begin(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/onedoor-master-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/master.key", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when a temporary file was left behind */
}

static void write_file(const char *text, mode_t mode)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, mode);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void a_created_file_is_private_and_readable(void **state)
{
    (void)state;
    const char *why = NULL;
    struct stat st;
    assert_true(master_create(path, &why));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 65);
    assert_int_equal(st.st_nlink, 1);
    struct master *m = master_read(path, &why);
    assert_non_null(m);
    master_free(m);
}

static void an_existing_file_is_never_overwritten(void **state)
{
    (void)state;
    const char *why = NULL;
    struct stat st;
    write_file("precious\n", 0600);
    assert_false(master_create(path, &why));
    assert_non_null(why);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 9);
}

static bool no_randomness(void *p, size_t len)
{
    memset(p, 0, len);
    return false;
}

static void without_randomness_no_file_is_made(void **state)
{
    (void)state;
    const char *why = NULL;
    random_replace(no_randomness);
    bool made = master_create(path, &why);
    random_replace(NULL);
    assert_false(made);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_file_that_others_may_read_is_refused(void **state)
{
    (void)state;
    static const mode_t open_modes[] = {0644, 0640, 0604, 0660};
    const char *why = NULL;
    for (size_t i = 0; i < COUNT(open_modes); i++) {
        write_file(DIGITS "\n", open_modes[i]);
        assert_null(master_read(path, &why));
        assert_non_null(why);
    }
    write_file(DIGITS "\n", 0400);
    struct master *m = master_read(path, &why);
    assert_non_null(m);
    master_free(m);
}

static void a_file_with_anything_but_64_digits_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "\n",
                                        "00",
                                        DIGITS "00",
                                        DIGITS "\n\n",
                                        (" " DIGITS),
                                        "g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"};
    const char *why = NULL;
    for (size_t i = 0; i < COUNT(texts); i++) {
        write_file(texts[i], 0600);
        why = NULL;
        assert_null(master_read(path, &why));
        assert_non_null(why);
    }
    unlink(path);
    assert_null(master_read(path, &why));
}

static void each_purpose_has_its_own_key_and_keeps_it(void **state)
{
    (void)state;
    const char *why = NULL;
    write_file(DIGITS "\n", 0600);
    struct master *m = master_read(path, &why), *again = master_read(path, &why);
    struct secret *store = master_derive(m, "store"), *registry = master_derive(m, "registry");
    struct secret *same = master_derive(again, "store");
    assert_int_equal(secret_len(store), 32);
    assert_false(secret_equal(store, secret_bytes(registry), 32));
    assert_true(secret_equal(store, secret_bytes(same), 32));
    secret_free(store);
    secret_free(registry);
    secret_free(same);
    master_free(m);
    master_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_created_file_is_private_and_readable, begin, end),
        cmocka_unit_test_setup_teardown(an_existing_file_is_never_overwritten, begin, end),
        cmocka_unit_test_setup_teardown(a_file_that_others_may_read_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(each_purpose_has_its_own_key_and_keeps_it, begin, end),
        cmocka_unit_test_setup_teardown(a_file_with_anything_but_64_digits_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(without_randomness_no_file_is_made, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
