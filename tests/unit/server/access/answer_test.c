/* Every reason is told to the administrator by its code and to the person in both languages. */
#include "server/access/answer.h"

#include "server/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static json_t *answered(const struct decision *d)
{
    struct buf b;
    buf_init(&b, 4096);
    answer_decision(&b, d);
    json_t *object = json_parse(arena, buf_str(&b));
    buf_free(&b);
    assert_non_null(object);
    return object;
}

static struct str reason(const json_t *answer, const char *whom, const char *key)
{
    return json_get_str(json_object_get(json_object_get(answer, "context"), whom), key);
}

static void yes_is_nothing_else(void **state)
{
    (void)state;
    json_t *yes = answered(&(struct decision){.reason = REASON_ALLOWED, .role = STR("approver")});
    assert_true(json_is_true(json_object_get(yes, "decision")));
    assert_int_equal(json_object_size(yes), 1);
}

static void every_no_says_why(void **state)
{
    (void)state;
    for (enum decision_reason r = REASON_ALLOWED + 1; r < REASON_COUNT; r++) {
        json_t *no = answered(&(struct decision){.reason = r});
        assert_true(json_is_false(json_object_get(no, "decision")));
        struct str admin = reason(no, "reason_admin", "403"), code = str_of(reason_code(r));
        assert_true(str_starts(admin, code) && admin.len > code.len + 8);
        assert_true(reason(no, "reason_user", "en-403").len > 10);
        struct str zh = reason(no, "reason_user", "zh-403");
        assert_true(zh.len > 10 && (unsigned char)zh.p[0] >= 0xe0);
    }
}

static void the_role_that_came_nearest_is_named(void **state)
{
    (void)state;
    json_t *no = answered(&(struct decision){.reason = REASON_SCOPE, .role = STR("approver")});
    assert_true(str_ends(reason(no, "reason_admin", "403"), STR(": approver")));
    assert_true(str_starts(reason(no, "reason_admin", "403"), STR("P-17 ")));
}

static void what_would_do_is_told(void **state)
{
    (void)state;
    json_t *no = answered(&(struct decision){.reason = REASON_ASSURANCE, .needed_level = AUTHN_SUBSTANTIAL});
    assert_true(str_eq(json_get_str(json_object_get(no, "context"), "acr_values"), STR("substantial")));
    no = answered(&(struct decision){.reason = REASON_IDENTITY, .needed_identity = 4});
    int64_t level = 0;
    assert_true(json_get_int(json_object_get(no, "context"), "identity_level", &level));
    assert_int_equal(level, 4);
    no = answered(
        &(struct decision){.reason = REASON_SCOPE, .needed_level = AUTHN_HIGH, .needed_identity = 4});
    assert_int_equal(json_object_size(json_object_get(no, "context")), 2);
}

static void a_fault_is_a_denial_with_its_message(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    answer_fault(&b, STR("evaluations[1].resource is \"missing\""));
    json_t *no = json_parse(arena, buf_str(&b));
    buf_free(&b);
    json_t *error = json_object_get(json_object_get(no, "context"), "error");
    int64_t status = 0;
    assert_true(json_is_false(json_object_get(no, "decision")));
    assert_true(json_get_int(error, "status", &status) && status == 400);
    assert_true(str_eq(json_get_str(error, "message"), STR("evaluations[1].resource is \"missing\"")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(yes_is_nothing_else),
        TEST(every_no_says_why),
        TEST(the_role_that_came_nearest_is_named),
        TEST(what_would_do_is_told),
        TEST(a_fault_is_a_denial_with_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
