/* Reading questions: what must be there, of which kind, and how a fault is named. */
#include "server/access/question.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define WHOLE                                                                                                \
    "{\"subject\":{\"type\":\"user\",\"id\":\"s-1\"},\"action\":{\"name\":\"approve\"},"                     \
    "\"resource\":{\"type\":\"case\",\"id\":\"7\",\"properties\":{\"owner\":\"n-1\"}}}"

static struct arena *arena;
static struct question q;
static struct str fault;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    fault = STR_EMPTY;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct node *parsed(const char *text)
{
    const struct node *object = json_read(arena, str_of(text));
    assert_non_null(object);
    return object;
}

static bool read_one(const char *text, unsigned parts)
{
    return question_read(arena, parsed(text), NULL, parts, "", &q, &fault);
}

static void assert_text(struct str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.p, expected, s.len);
}

static void assert_fault(const char *text, unsigned parts, const char *expected)
{
    assert_false(read_one(text, parts));
    char z[300];
    snprintf(z, sizeof z, STR_FMT, STR_ARG(fault));
    assert_string_equal(z, expected);
}

static void a_whole_question_is_read(void **state)
{
    (void)state;
    assert_true(read_one(WHOLE, PART_ALL));
    assert_text(q.subject.type, "user");
    assert_text(q.subject.id, "s-1");
    assert_text(q.action, "approve");
    assert_text(q.resource.type, "case");
    assert_text(q.resource.id, "7");
    assert_null(q.subject.properties);
    assert_text(node_str(node_member(q.resource.properties, STR("owner"))), "n-1");
    assert_null(q.context);
}

static void unknown_members_and_null_are_passed_over(void **state)
{
    (void)state;
    assert_true(
        read_one("{\"x\":[1],\"context\":null,\"subject\":{\"type\":\"user\",\"id\":\"s-1\",\"identity\":1,"
                 "\"properties\":null},\"action\":{\"name\":\"a\",\"properties\":{\"soft\":true}},"
                 "\"resource\":{\"type\":\"t\",\"id\":\"1\",\"userID\":\"2\"}}",
                 PART_ALL));
    assert_null(q.context);
    assert_null(q.subject.properties);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"{}", "subject is missing; it must be an object"},
        {"{\"subject\":null}", "subject is missing; it must be an object"},
        {"{\"subject\":{}}", "subject.type is missing; it must be a string"},
        {"{\"subject\":{\"type\":\"user\"}}", "subject.id is missing; it must be a string"},
        {"{\"subject\":{\"type\":\"user\",\"id\":\"a\"}}", "action is missing; it must be an object"},
        {"{\"subject\":{\"type\":\"user\",\"id\":\"a\"},\"action\":{}}",
         "action.name is missing; it must be a string"},
        {"{\"subject\":{\"type\":\"user\",\"id\":\"a\"},\"action\":{\"name\":\"b\"},\"resource\":{\"id\":"
         "\"c\"}}",
         "resource.type is missing; it must be a string"},
        {"{\"subject\":{\"type\":\"user\",\"id\":\"a\"},\"action\":{\"name\":\"b\"},\"resource\":{\"type\":"
         "\"c\"}}",
         "resource.id is missing; it must be a string"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_fault(rows[i].text, PART_ALL, rows[i].fault);
}

static void what_is_of_the_wrong_kind_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"{\"subject\":\"alice\"}", "subject must be an object"},
        {"{\"subject\":[\"alice\"]}", "subject must be an object"},
        {"{\"subject\":{\"type\":1}}", "subject.type must be a string"},
        {"{\"subject\":{\"type\":\"\"}}", "subject.type must be a string of 1 to 512 bytes"},
        {"{\"subject\":{\"type\":\"user\",\"id\":{}}}", "subject.id must be a string"},
        {"{\"subject\":{\"type\":\"user\",\"id\":\"a\"},\"action\":{\"name\":123}}",
         "action.name must be a string"},
        {"{\"subject\":{\"type\":\"user\",\"id\":\"a\",\"properties\":[]},\"action\":{\"name\":\"b\"},"
         "\"resource\":{\"type\":\"c\",\"id\":\"1\"}}",
         "subject.properties must be an object"},
        {"{\"subject\":{\"type\":\"user\",\"id\":\"a\"},\"action\":{\"name\":\"b\",\"properties\":true},"
         "\"resource\":{\"type\":\"c\",\"id\":\"1\"}}",
         "action.properties must be an object"},
        {"{\"subject\":{\"type\":\"user\",\"id\":\"a\"},\"action\":{\"name\":\"b\"},"
         "\"resource\":{\"type\":\"c\",\"id\":\"1\"},\"context\":\"x\"}",
         "context must be an object"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_fault(rows[i].text, PART_ALL, rows[i].fault);
}

static void a_text_has_an_end(void **state)
{
    (void)state;
    char text[700];
    snprintf(text, sizeof text, "{\"subject\":{\"type\":\"user\",\"id\":\"%0512d\"}}", 0);
    assert_true(read_one(text, PART_SUBJECT_TYPE | PART_SUBJECT_ID));
    snprintf(text, sizeof text, "{\"subject\":{\"type\":\"user\",\"id\":\"%0513d\"}}", 0);
    assert_fault(text, PART_SUBJECT_ID, "subject.id must be a string of 1 to 512 bytes");
}

/* Section 8: the id of what is searched for is ignored, whatever it is. */
static void what_is_not_asked_for_is_not_looked_at(void **state)
{
    (void)state;
    const char *text = "{\"subject\":{\"type\":\"user\",\"id\":7},\"action\":{\"name\":\"a\"},"
                       "\"resource\":{\"type\":\"t\",\"id\":\"1\"}}";
    assert_true(read_one(text, PART_ALL & ~(unsigned)PART_SUBJECT_ID));
    assert_int_equal(q.subject.id.len, 0);
    assert_true(read_one("{\"subject\":{\"type\":\"user\",\"id\":\"a\"},\"action\":8,"
                         "\"resource\":{\"type\":\"t\",\"id\":\"1\"}}",
                         PART_ALL & ~(unsigned)PART_ACTION));
}

/* Section 7.1.1: a member replaces its default as a whole. */
static void defaults_fill_what_is_missing_and_are_not_mixed(void **state)
{
    (void)state;
    const struct node *defaults = parsed(WHOLE);
    assert_true(question_read(arena, parsed("{}"), defaults, PART_ALL, "", &q, &fault));
    assert_text(q.resource.id, "7");
    assert_true(question_read(arena, parsed("{\"resource\":{\"type\":\"case\",\"id\":\"8\"}}"), defaults,
                              PART_ALL, "", &q, &fault));
    assert_text(q.resource.id, "8");
    assert_null(q.resource.properties);
    assert_false(question_read(arena, parsed("{\"resource\":{\"id\":\"8\"}}"), defaults, PART_ALL,
                               "evaluations[4].", &q, &fault));
    assert_text(fault, "evaluations[4].resource.type is missing; it must be a string");
}

static void defaults_are_whole_themselves(void **state)
{
    (void)state;
    assert_true(question_check(arena, parsed("{\"evaluations\":[1]}"), &fault));
    assert_true(question_check(arena, parsed(WHOLE), &fault));
    assert_false(question_check(arena, parsed("{\"subject\":{\"type\":\"user\"}}"), &fault));
    assert_text(fault, "subject.id is missing; it must be a string");
    assert_false(question_check(arena, parsed("{\"context\":[]}"), &fault));
    assert_text(fault, "context must be an object");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_question_is_read),
        TEST(unknown_members_and_null_are_passed_over),
        TEST(what_is_missing_is_named),
        TEST(what_is_of_the_wrong_kind_is_named),
        TEST(a_text_has_an_end),
        TEST(what_is_not_asked_for_is_not_looked_at),
        TEST(defaults_fill_what_is_missing_and_are_not_mixed),
        TEST(defaults_are_whole_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
