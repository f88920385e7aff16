#include "server/base/log.h"

#include "server/base/json.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int real_stderr, file;
static char text[1 << 20];

static void begin(enum log_format format)
{
    log_setup(LOG_LEVEL_INFO, format);
    assert_int_equal(ftruncate(file, 0), 0);
    dup2(file, STDERR_FILENO);
}

/* What was logged since begin, without the time. */
static const char *end(void)
{
    dup2(real_stderr, STDERR_FILENO);
    ssize_t n = pread(file, text, sizeof text - 1, 0);
    assert_true(n >= 0);
    text[n] = 0;
    const char *level = strstr(text, "level=");
    return level ? level : text;
}

static const char *logged(struct str value)
{
    begin(LOG_FORMAT_LOGFMT);
    LOG(LOG_LEVEL_INFO, "t", LOG_STR("v", value));
    const char *line = end();
    assert_memory_equal(line, "level=info event=t v=", 21);
    return line + 21;
}

static void a_line_is_logfmt(void **state)
{
    (void)state;
    begin(LOG_FORMAT_LOGFMT);
    LOG(LOG_LEVEL_WARN, "ldap.connect_failed", LOG_Z("host", "ldap.city.example"), LOG_INT("tries", -3),
        LOG_Z("why", "timed out"), LOG_Z("none", ""), LOG_Z("null", NULL));
    assert_string_equal(end(), "level=warn event=ldap.connect_failed host=ldap.city.example tries=-3 "
                               "why=\"timed out\" none=\"\" null=\"\"\n");
    assert_memory_equal(text, "time=20", 7);
    assert_memory_equal(text + 28, "Z level=", 8);
}

static void a_value_cannot_begin_a_second_line_or_field(void **state)
{
    (void)state;
    assert_string_equal(logged(STR("a\r\nlevel=info event=forged")),
                        "\"a\\u000d\\u000alevel=info event=forged\"\n");
    assert_string_equal(logged(STR("a b=c")), "\"a b=c\"\n");
    assert_string_equal(logged(STR("a=b")), "\"a=b\"\n");
    assert_string_equal(logged(STR("\" x=\"")), "\"\\\" x=\\\"\"\n");
    assert_string_equal(logged(STR("\\\"")), "\"\\\\\\\"\"\n");
}

static void a_value_cannot_command_the_terminal(void **state)
{
    (void)state;
    assert_string_equal(logged(STR("\x1B[2J")), "\"\\u001b[2J\"\n");
    assert_string_equal(logged(STR("\xC2\x9B")), "\"\\u009b\"\n");
    assert_string_equal(logged(STR("a\0b\x7F")), "\"a\\u0000b\\u007f\"\n");
    assert_string_equal(logged(STR("\xE2\x80\xAEnimda")), "\"\\u202enimda\"\n");
    assert_string_equal(logged(STR("\xF3\xA0\x81\x81")), "\"\\udb40\\udc41\"\n");
}

static void text_stays_readable_and_broken_text_harmless(void **state)
{
    (void)state;
    assert_string_equal(logged(STR("王小明")), "\"王小明\"\n");
    assert_string_equal(logged(STR("a\xFF\xC3")), "\"a\\ufffd\\ufffd\"\n");
    assert_string_equal(logged(STR("\xC0\x8A")), "\"\\ufffd\\ufffd\"\n");
}

static void identity_numbers_are_masked(void **state)
{
    (void)state;
    assert_string_equal(logged(STR("440524188001010014")), "\"******************\"\n");
    assert_string_equal(logged(STR("11010519491231002X")), "\"******************\"\n");
    assert_string_equal(logged(STR("11010519491231002x.")), "\"******************.\"\n");
    assert_string_equal(logged(STR("uid=440524188001010014,ou=x")), "\"uid=******************,ou=x\"\n");
    assert_string_equal(logged(STR("no440524188001010014no")), "\"no******************no\"\n");
    assert_string_equal(logged(STR("110105491231002")), "\"***************\"\n");
    assert_string_equal(logged(STR("99440524188001010014")), "\"********************\"\n");
    assert_string_equal(logged(STR("４４０５２４１８８００１０１００１４")), "\"******************\"\n");
    assert_string_equal(logged(STR("1101051949123100２Ｘ")), "\"******************\"\n");
}

static void shorter_numbers_are_not(void **state)
{
    (void)state;
    assert_string_equal(logged(STR("13800138000")), "13800138000\n");
    assert_string_equal(logged(STR("12345678901234")), "12345678901234\n");
    assert_string_equal(logged(STR("12345678901234X")), "12345678901234X\n");
    assert_string_equal(logged(STR("12345678-12345678")), "12345678-12345678\n");
}

static void a_number_field_is_masked_as_well(void **state)
{
    (void)state;
    for (int format = LOG_FORMAT_LOGFMT; format <= LOG_FORMAT_JSON; format++) {
        begin((enum log_format)format);
        LOG(LOG_LEVEL_INFO, "t", LOG_INT("n", 440524188001010014), LOG_INT("min", INT64_MIN));
        assert_null(strstr(end(), "4405"));
        assert_null(strstr(text, "92233720"));
    }
}

static void keys_and_events_are_masked_and_escaped(void **state)
{
    (void)state;
    begin(LOG_FORMAT_JSON);
    LOG(LOG_LEVEL_INFO, "t\n440524188001010014", LOG_Z("k\n440524188001010014", "v"));
    assert_null(strstr(end(), "4405"));
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

static void long_values_are_cut_and_no_number_shows_at_the_cut(void **state)
{
    (void)state;
    char value[600];
    memset(value, 'a', sizeof value);
    const char *line = logged((struct str){value, sizeof value});
    assert_int_equal(strlen(line), 512 + strlen("\"...\"\n"));

    memcpy(value + 500, "440524188001010014", 18);
    assert_null(strstr(logged((struct str){value, sizeof value}), "4405"));

    memset(value, '7', sizeof value);
    assert_null(strchr(logged((struct str){value, sizeof value}), '7'));
}

static void levels_below_the_least_are_silent(void **state)
{
    (void)state;
    begin(LOG_FORMAT_LOGFMT);
    log_setup(LOG_LEVEL_WARN, LOG_FORMAT_LOGFMT);
    LOG(LOG_LEVEL_INFO, "quiet", LOG_Z("k", "v"));
    LOG(LOG_LEVEL_ERROR, "loud", LOG_Z("k", "v"));
    log_write(LOG_LEVEL_WARN, "bare", NULL, 0);
    assert_non_null(strstr(end(), "level=error event=loud k=v\n"));
    assert_non_null(strstr(text, "level=warn event=bare\n"));
    assert_null(strstr(text, "quiet"));
}

static void the_reference_of_the_request_is_in_every_line(void **state)
{
    (void)state;
    begin(LOG_FORMAT_LOGFMT);
    log_set_reference(STR("r\n42"));
    log_write(LOG_LEVEL_INFO, "one", NULL, 0);
    log_set_reference(STR_EMPTY);
    log_write(LOG_LEVEL_INFO, "two", NULL, 0);
    assert_non_null(strstr(end(), "event=one ref=\"r\\u000a42\"\n"));
    assert_non_null(strstr(text, "event=two\n"));
}

static void a_json_line_is_one_strict_object(void **state)
{
    (void)state;
    begin(LOG_FORMAT_JSON);
    LOG(LOG_LEVEL_ERROR, "t", LOG_STR("v", STR("a\"\\\r\n\x1B\0\xFF/王<\xF3\xA0\x81\x81")), LOG_INT("n", 42));
    end();
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);

    struct arena *a = arena_new(100000);
    const char *nul = strstr(text, "\\u0000");
    assert_non_null(nul);
    memcpy(text + (nul - text), "\\u0001", 6);
    json_t *line = json_parse(a, str_of(text));
    int64_t n = 0;
    assert_non_null(line);
    assert_true(json_get_int(line, "n", &n) && n == 42);
    assert_true(str_eq(json_get_str(line, "v"), STR("a\"\\\r\n\x1B\1\xEF\xBF\xBD/王<\xF3\xA0\x81\x81")));
    assert_true(str_eq(json_get_str(line, "level"), STR("error")));
    arena_free(a);
}

static void a_line_too_long_is_reported_as_lost(void **state)
{
    (void)state;
    struct log_field fields[64];
    char value[512];
    memset(value, 1, sizeof value);
    for (size_t i = 0; i < 64; i++)
        fields[i] = LOG_STR("k", ((struct str){value, sizeof value}));
    begin(LOG_FORMAT_LOGFMT);
    log_write(LOG_LEVEL_INFO, "t", fields, 64);
    assert_string_equal(end(), "event=log.line_lost\n");
}

static void *log_often(void *name)
{
    log_set_reference(str_of(name));
    for (int i = 0; i < 500; i++)
        LOG(LOG_LEVEL_INFO, "t", LOG_Z("name", name));
    return NULL;
}

static void lines_of_threads_stay_whole(void **state)
{
    (void)state;
    char names[3][8] = {"one", "two", "three"};
    pthread_t threads[3];
    begin(LOG_FORMAT_LOGFMT);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, log_often, names[i]), 0);
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    end();

    size_t lines = 0;
    struct str rest = str_of(text), line;
    for (; str_cut(&rest, '\n', &line); lines++) {
        const char *name = names[str_has_word(line, STR("ref=one"))   ? 0
                                 : str_has_word(line, STR("ref=two")) ? 1
                                                                      : 2];
        char want[64];
        snprintf(want, sizeof want, "level=info event=t ref=%s name=%s", name, name);
        assert_true(str_eq(str_sub(line, 30, line.len), str_of(want)));
    }
    assert_int_equal(lines, 1500);
}

static int open_files(void **state)
{
    (void)state;
    char path[] = "/tmp/onedoor-log-XXXXXX";
    real_stderr = dup(STDERR_FILENO);
    int fd = mkostemp(path, 0);
    file = fd;
    unlink(path);
    /* As a service's stderr would be, so that every write goes to the end. */
    return real_stderr < 0 || fd < 0 || fcntl(fd, F_SETFL, O_APPEND) != 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_logfmt),
        cmocka_unit_test(a_value_cannot_begin_a_second_line_or_field),
        cmocka_unit_test(a_value_cannot_command_the_terminal),
        cmocka_unit_test(text_stays_readable_and_broken_text_harmless),
        cmocka_unit_test(identity_numbers_are_masked),
        cmocka_unit_test(shorter_numbers_are_not),
        cmocka_unit_test(a_number_field_is_masked_as_well),
        cmocka_unit_test(keys_and_events_are_masked_and_escaped),
        cmocka_unit_test(long_values_are_cut_and_no_number_shows_at_the_cut),
        cmocka_unit_test(levels_below_the_least_are_silent),
        cmocka_unit_test(the_reference_of_the_request_is_in_every_line),
        cmocka_unit_test(a_json_line_is_one_strict_object),
        cmocka_unit_test(a_line_too_long_is_reported_as_lost),
        cmocka_unit_test(lines_of_threads_stay_whole),
    };
    return cmocka_run_group_tests(tests, open_files, NULL);
}
