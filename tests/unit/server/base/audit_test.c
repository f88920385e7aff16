#include "server/base/audit.h"

#include "server/base/clock.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/onedoor-audit-XXXXXX";
static char path[64], moved[64], text[65536];

static const struct audit_entry ann = {.subject = {"ann", 3}};
#define ANN_LINE "{\"time\":\"2026-11-24T08:00:00.000Z\",\"event\":\"sign_in\",\"subject\":\"ann\"}\n"

static int64_t fixed_time(void)
{
    return 1795507200;
}

static const char *content(const char *file)
{
    int fd = open(file, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    assert_true(n >= 0);
    text[n] = 0;
    return text;
}

static void put(const char *s)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(fd, s, strlen(s)), strlen(s));
    close(fd);
}

static struct audit *opened(void)
{
    const char *why = NULL;
    struct audit *a = audit_open(path, &why);
    assert_non_null(a);
    return a;
}

static void events_are_appended_as_json_lines(void **state)
{
    (void)state;
    struct audit *a = opened();
    const struct audit_entry full = {.subject = STR("ann"),
                                     .client_id = STR("portal"),
                                     .sid = STR("s1"),
                                     .source = STR("192.0.2.1"),
                                     .reference = STR("r1"),
                                     .detail = STR("totp")};
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    assert_string_equal(content(path), ANN_LINE);
    assert_int_equal(audit_write(a, AUDIT_SECOND_FACTOR_REFUSED, &full), RESULT_OK);
    assert_int_equal(audit_write(a, AUDIT_SERVER_STOPPED, &(struct audit_entry){0}), RESULT_OK);
    audit_close(a);
    audit_close(NULL);
    assert_string_equal(
        content(path),
        ANN_LINE "{\"time\":\"2026-11-24T08:00:00.000Z\",\"event\":\"second_factor_refused\","
                 "\"subject\":\"ann\",\"client_id\":\"portal\",\"sid\":\"s1\",\"source\":\"192.0.2.1\","
                 "\"reference\":\"r1\",\"detail\":\"totp\"}\n"
                 "{\"time\":\"2026-11-24T08:00:00.000Z\",\"event\":\"server_stopped\"}\n");
}

static void a_new_start_keeps_what_was_written(void **state)
{
    (void)state;
    put("old\n");
    struct audit *a = opened();
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    audit_close(a);
    assert_string_equal(content(path), "old\n" ANN_LINE);
}

static void the_file_is_private(void **state)
{
    (void)state;
    struct stat st;
    mode_t old = umask(0);
    audit_close(opened());
    umask(old);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

static void a_field_cannot_forge_a_line_or_show_an_identity_number(void **state)
{
    (void)state;
    struct audit *a = opened();
    const struct audit_entry e = {.subject = STR("a\"}\n{\"event\":\"x"),
                                  .detail = STR("440524188001010014")};
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &e), RESULT_OK);
    audit_close(a);
    content(path);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    assert_non_null(strstr(text, "\"subject\":\"a\\\"}\\u000a{\\\"event\\\":\\\"x\""));
    assert_null(strstr(text, "4405"));
}

static void a_line_left_half_by_a_killed_server_is_ended(void **state)
{
    (void)state;
    put("old\n{\"time\":\"20");
    struct audit *a = opened();
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    audit_close(a);
    assert_string_equal(content(path), "old\n{\"time\":\"20\n" ANN_LINE ANN_LINE);
}

/* RLIMIT_FSIZE cuts a write short just as a disk that fills up does. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_disk_that_fills_up_within_a_line_refuses_and_recovers(void **state)
{
    (void)state;
    struct audit *a = opened();
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    limit_files(strlen(ANN_LINE) + 10);
    enum result half = audit_write(a, AUDIT_SIGN_IN, &ann);
    enum result none = audit_write(a, AUDIT_SIGN_IN, &ann);
    limit_files(RLIM_INFINITY);
    assert_int_equal(half, RESULT_UNAVAILABLE);
    assert_int_equal(none, RESULT_UNAVAILABLE);
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    audit_close(a);
    assert_string_equal(content(path), ANN_LINE "{\"time\":\"2\n" ANN_LINE);
}

static void a_newline_that_alone_found_room_is_not_repeated(void **state)
{
    (void)state;
    put("half");
    struct audit *a = opened();
    limit_files(5);
    enum result r = audit_write(a, AUDIT_SIGN_IN, &ann);
    limit_files(RLIM_INFINITY);
    assert_int_equal(r, RESULT_UNAVAILABLE);
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    audit_close(a);
    assert_string_equal(content(path), "half\n" ANN_LINE);
}

static void a_full_disk_is_unavailable(void **state)
{
    (void)state;
    const char *why;
    struct audit *a = audit_open("/dev/full", &why);
    assert_non_null(a);
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_UNAVAILABLE);
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_UNAVAILABLE);
    audit_close(a);
}

static void a_file_that_cannot_be_opened_says_why(void **state)
{
    (void)state;
    const char *why = NULL;
    assert_null(audit_open("/nonexistent/audit.log", &why));
    assert_non_null(why);
    why = NULL;
    assert_null(audit_open(folder, &why));
    assert_non_null(why);
}

static void after_rotation_events_go_to_the_new_file(void **state)
{
    (void)state;
    struct audit *a = opened();
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(audit_write(a, AUDIT_SIGN_OUT, &ann), RESULT_OK);
    audit_reopen(a);
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    audit_close(a);
    assert_string_equal(content(path), ANN_LINE);
    assert_non_null(strstr(content(moved), "sign_out"));
}

static void a_rotation_that_fails_keeps_the_old_file(void **state)
{
    (void)state;
    struct audit *a = opened();
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    audit_reopen(a);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    audit_close(a);
    assert_string_equal(content(moved), ANN_LINE);
}

static struct str tail(struct audit *a, struct arena *arena, size_t max)
{
    struct str out;
    assert_int_equal(audit_tail(a, arena, max, &out), RESULT_OK);
    return out;
}

static void the_end_is_read_in_whole_lines(void **state)
{
    (void)state;
    struct audit *a = opened();
    struct arena *arena = arena_new(1 << 20);
    assert_int_equal(tail(a, arena, 4096).len, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(audit_write(a, AUDIT_SIGN_IN, &ann), RESULT_OK);
    size_t line = strlen(ANN_LINE);
    assert_int_equal(tail(a, arena, 4096).len, 3 * line);
    assert_int_equal(tail(a, arena, 3 * line).len, 3 * line);
    assert_int_equal(tail(a, arena, 2 * line + 5).len, 2 * line);
    assert_int_equal(tail(a, arena, line - 1).len, 0);
    assert_true(str_eq(tail(a, arena, line + 1), STR(ANN_LINE)));
    /* What is read is what was written since the rotation. */
    assert_int_equal(rename(path, moved), 0);
    audit_reopen(a);
    assert_int_equal(tail(a, arena, 4096).len, 0);
    arena_free(arena);
    audit_close(a);
}

static int make_folder(void **state)
{
    (void)state;
    clock_replace(fixed_time);
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/audit.log", folder);
    snprintf(moved, sizeof moved, "%s/audit.log.1", folder);
    return 0;
}

static int empty_folder(void **state)
{
    (void)state;
    unlink(path);
    unlink(moved);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    clock_replace(NULL);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(events_are_appended_as_json_lines, empty_folder),
        cmocka_unit_test_teardown(a_new_start_keeps_what_was_written, empty_folder),
        cmocka_unit_test_teardown(the_file_is_private, empty_folder),
        cmocka_unit_test_teardown(a_field_cannot_forge_a_line_or_show_an_identity_number, empty_folder),
        cmocka_unit_test_teardown(a_line_left_half_by_a_killed_server_is_ended, empty_folder),
        cmocka_unit_test_teardown(a_disk_that_fills_up_within_a_line_refuses_and_recovers, empty_folder),
        cmocka_unit_test_teardown(a_newline_that_alone_found_room_is_not_repeated, empty_folder),
        cmocka_unit_test_teardown(a_full_disk_is_unavailable, empty_folder),
        cmocka_unit_test_teardown(a_file_that_cannot_be_opened_says_why, empty_folder),
        cmocka_unit_test_teardown(after_rotation_events_go_to_the_new_file, empty_folder),
        cmocka_unit_test_teardown(the_end_is_read_in_whole_lines, empty_folder),
        cmocka_unit_test_teardown(a_rotation_that_fails_keeps_the_old_file, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
