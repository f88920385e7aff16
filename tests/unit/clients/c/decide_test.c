/* Questions as they go over the wire, and what is taken for a decision. */
#include "issuer.h"

static struct onedoor_client *client;

static int begin(void **state)
{
    (void)state;
    issuer_start();
    client = issuer_client(NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    onedoor_close(client);
    issuer_stop();
    return 0;
}

static struct onedoor_question question(const char *action)
{
    return (struct onedoor_question){.size = sizeof(struct onedoor_question),
                                     .subject_id = "s-200145",
                                     .action = action,
                                     .resource_type = "case",
                                     .resource_id = "5"};
}

static enum onedoor_error decide(const char *answer, bool *allows)
{
    struct onedoor_question q = question("approve");
    struct onedoor_decision *d = (struct onedoor_decision *)&d;
    issuer_serve("/evaluation", 200, answer);
    enum onedoor_error e = onedoor_decide(client, &q, &d);
    assert_true((e == ONEDOOR_OK) == (d != NULL));
    *allows = onedoor_decision_allows(d);
    onedoor_decision_free(d);
    return e;
}

static void a_question_is_written_as_the_standard_says(void **state)
{
    (void)state;
    struct onedoor_decision *d;
    struct onedoor_question q = question("approve");
    q.resource_properties = "{\"owner\":\"n-1\"}";
    q.subject_properties = "{\"a\":1}";
    q.access_token = "t.o.k";
    q.context = "{\"acr\":\"low\"}";
    issuer_serve("/evaluation", 200, "{\"decision\":true}");
    assert_int_equal(onedoor_decide(client, &q, &d), ONEDOOR_OK);
    assert_true(onedoor_decision_allows(d));
    assert_string_equal(onedoor_decision_context(d), "{}");
    assert_null(onedoor_decision_acr(d));
    onedoor_decision_free(d);
    json_t *sent = json_loads(strstr(issuer.last, "\r\n\r\n") + 4, 0, NULL);
    json_t *wanted =
        json_loads("{\"subject\":{\"type\":\"user\",\"id\":\"s-200145\",\"properties\":{\"a\":1,\"access_"
                   "token\":\"t.o.k\"}},\"action\":{\"name\":\"approve\"},"
                   "\"resource\":{\"type\":\"case\",\"id\":\"5\",\"properties\":{\"owner\":\"n-1\"}},"
                   "\"context\":{\"acr\":\"low\"}}",
                   0, NULL);
    assert_true(json_equal(sent, wanted));
    json_decref(sent);
    json_decref(wanted);
    assert_non_null(strstr(issuer.last, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(issuer.last, "Authorization: Basic "));
}

static void a_denial_names_the_level_that_would_do(void **state)
{
    (void)state;
    struct onedoor_decision *d;
    struct onedoor_question q = question("approve");
    issuer_serve("/evaluation", 200,
                 "{\"decision\":false,\"context\":{\"acr_values\":\"substantial\",\"reason_admin\":{\"403\":"
                 "\"P-17\"}}}");
    assert_int_equal(onedoor_decide(client, &q, &d), ONEDOOR_OK);
    assert_false(onedoor_decision_allows(d));
    assert_string_equal(onedoor_decision_acr(d), "substantial");
    assert_string_equal(onedoor_decision_context(d),
                        "{\"acr_values\":\"substantial\",\"reason_admin\":{\"403\":\"P-17\"}}");
    onedoor_decision_free(d);
}

static void only_a_plain_true_allows(void **state)
{
    (void)state;
    bool allows;
    static const char *const odd[] = {"{}",
                                      "{\"decision\":\"true\"}",
                                      "{\"decision\":1}",
                                      "[true]",
                                      "true",
                                      "",
                                      "{\"decision\":true,\"decision\":false}",
                                      "{\"decision\":true,\"context\":[]}"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        assert_int_equal(decide(odd[i], &allows), ONEDOOR_PROTOCOL);
        assert_false(allows);
    }
    assert_int_equal(decide("{\"decision\":false}", &allows), ONEDOOR_OK);
    assert_false(allows);
    assert_false(onedoor_decision_allows(NULL));
    assert_string_equal(onedoor_decision_context(NULL), "{}");
    issuer_go(true);
    assert_int_equal(decide("{\"decision\":true}", &allows), ONEDOOR_UNAVAILABLE);
    assert_false(allows);
}

static void wrong_questions_are_not_asked(void **state)
{
    (void)state;
    struct onedoor_decision *d;
    struct onedoor_question good = question("approve"), bad[8];
    for (size_t i = 0; i < 8; i++)
        bad[i] = good;
    bad[0].size = 0;
    bad[1].subject_id = NULL;
    bad[2].action = "";
    bad[3].resource_type = NULL;
    bad[4].context = "[]";
    bad[5].resource_properties = "{\"a\":1,\"a\":2}";
    bad[6].subject_id = "\xff";
    bad[7].resource_id = NULL;
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(onedoor_decide(client, &bad[i], &d), ONEDOOR_ARGUMENT);
        assert_null(d);
    }
    assert_int_equal(onedoor_decide(client, NULL, &d), ONEDOOR_ARGUMENT);
    assert_int_equal(issuer_hits("/evaluation"), 0);
}

static enum onedoor_error ask_three(enum onedoor_semantic semantic, const char *answer, char out[4])
{
    struct onedoor_question questions[3] = {question("read"), question("approve"), question("close")};
    struct onedoor_decision *d[3];
    issuer_serve("/evaluations", 200, answer);
    enum onedoor_error e = onedoor_decide_many(client, questions, 3, semantic, d);
    for (size_t i = 0; i < 3; i++) {
        out[i] = !d[i] ? '-' : onedoor_decision_allows(d[i]) ? 'y' : 'n';
        onedoor_decision_free(d[i]);
    }
    out[3] = '\0';
    return e;
}

#define YES    "{\"decision\":true}"
#define NO     "{\"decision\":false}"
#define ALL(x) "{\"evaluations\":[" x "]}"

static void a_batch_keeps_the_order_and_its_semantic(void **state)
{
    (void)state;
    static const struct {
        enum onedoor_semantic semantic;
        const char *answer, *wanted;
        enum onedoor_error error;
    } rows[] = {
        {ONEDOOR_EXECUTE_ALL, ALL(YES "," NO "," YES), "yny", ONEDOOR_OK},
        {ONEDOOR_EXECUTE_ALL, ALL(YES "," NO), "---", ONEDOOR_PROTOCOL},
        {ONEDOOR_EXECUTE_ALL, ALL(YES "," NO "," YES "," YES), "---", ONEDOOR_PROTOCOL},
        {ONEDOOR_EXECUTE_ALL, ALL(YES "," NO ",{}"), "---", ONEDOOR_PROTOCOL},
        {ONEDOOR_EXECUTE_ALL, ALL(""), "---", ONEDOOR_PROTOCOL},
        {ONEDOOR_EXECUTE_ALL, YES, "---", ONEDOOR_PROTOCOL},
        {ONEDOOR_DENY_ON_FIRST_DENY, ALL(YES "," NO), "yn-", ONEDOOR_OK},
        {ONEDOOR_DENY_ON_FIRST_DENY, ALL(YES "," YES), "---", ONEDOOR_PROTOCOL},
        {ONEDOOR_PERMIT_ON_FIRST_PERMIT, ALL(YES), "y--", ONEDOOR_OK},
        {ONEDOOR_PERMIT_ON_FIRST_PERMIT, ALL(NO), "---", ONEDOOR_PROTOCOL},
    };
    char got[4];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(ask_three(rows[i].semantic, rows[i].answer, got), rows[i].error);
        assert_string_equal(got, rows[i].wanted);
    }
    assert_non_null(strstr(issuer.last, "\"evaluations_semantic\":\"permit_on_first_permit\""));
}

static void a_batch_has_its_limits(void **state)
{
    (void)state;
    struct onedoor_question questions[ONEDOOR_QUESTIONS_MAX + 1];
    struct onedoor_decision *d[ONEDOOR_QUESTIONS_MAX + 1];
    for (size_t i = 0; i <= ONEDOOR_QUESTIONS_MAX; i++)
        questions[i] = question("read");
    assert_int_equal(onedoor_decide_many(client, questions, 0, ONEDOOR_EXECUTE_ALL, d), ONEDOOR_ARGUMENT);
    assert_int_equal(
        onedoor_decide_many(client, questions, ONEDOOR_QUESTIONS_MAX + 1, ONEDOOR_EXECUTE_ALL, d),
        ONEDOOR_ARGUMENT);
    assert_int_equal(onedoor_decide_many(client, questions, 2, (enum onedoor_semantic)3, d),
                     ONEDOOR_ARGUMENT);
    questions[1].action = NULL;
    assert_int_equal(onedoor_decide_many(client, questions, 2, ONEDOOR_EXECUTE_ALL, d), ONEDOOR_ARGUMENT);
    assert_null(d[0]);
    char *huge = malloc(300001);
    memset(huge, 'x', 300000);
    huge[300000] = '\0';
    questions[0].resource_id = huge;
    assert_int_equal(onedoor_decide_many(client, questions, 1, ONEDOOR_EXECUTE_ALL, d), ONEDOOR_ARGUMENT);
    questions[0] = question("read");
    questions[0].access_token = huge;
    assert_int_equal(onedoor_decide_many(client, questions, 1, ONEDOOR_EXECUTE_ALL, d), ONEDOOR_ARGUMENT);
    free(huge);
    assert_int_equal(issuer_hits("/evaluations"), 0);
}

/* A question of a later header is longer: the library steps by the size that it was given. */
static void questions_of_a_longer_header_are_read(void **state)
{
    (void)state;
    struct {
        struct onedoor_question q;
        const char *later;
    } longer[2] = {{question("read"), "x"}, {question("close"), "x"}};
    struct onedoor_decision *d[2];
    longer[0].q.size = longer[1].q.size = sizeof longer[0];
    issuer_serve("/evaluations", 200, ALL(YES "," NO));
    assert_int_equal(onedoor_decide_many(client, &longer[0].q, 2, ONEDOOR_EXECUTE_ALL, d), ONEDOOR_OK);
    assert_non_null(strstr(issuer.last, "close"));
    onedoor_decision_free(d[0]);
    onedoor_decision_free(d[1]);
}

static void a_server_without_decisions_says_so(void **state)
{
    (void)state;
    bool allows;
    issuer_serve("/.well-known/authzen-configuration", 404, "");
    assert_int_equal(decide("{\"decision\":true}", &allows), ONEDOOR_UNSUPPORTED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_question_is_written_as_the_standard_says),
        TEST(a_denial_names_the_level_that_would_do),
        TEST(only_a_plain_true_allows),
        TEST(wrong_questions_are_not_asked),
        TEST(a_batch_keeps_the_order_and_its_semantic),
        TEST(a_batch_has_its_limits),
        TEST(questions_of_a_longer_header_are_read),
        TEST(a_server_without_decisions_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
