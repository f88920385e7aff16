/* What a caller says of resources and sign-ins, and who is believed. */
#include "tests/unit/directory/model/city.h"

#include "server/access/believed.h"
#include "server/access/party.h"

static struct application caller;
static struct provider provider;
static struct request req;
static struct inquiry in;
static struct question q;
static struct evaluation e;
static struct subject anna;

static int furnish(void **state)
{
    int bad = city_open(state);
    city_furnish();
    caller = (struct application){.client_id = STR("permits"), .trusted_properties = true};
    provider = (struct provider){.config = {.identity_levels = STR("staff=4")}};
    req = (struct request){.arena = city_arena};
    in = (struct inquiry){
        .p = &provider, .req = &req, .arena = city_arena, .caller = &caller, .model = city_compile()};
    anna = city_person("anna", "330102/D0077");
    anna.kind = STR("staff");
    e = (struct evaluation){0};
    return bad;
}

static void ask(const char *subject_properties, const char *resource, const char *context)
{
    struct str fault;
    struct str text = arena_printf(city_arena,
                                   "{\"subject\":{\"type\":\"user\",\"id\":\"anna\",\"properties\":%s},"
                                   "\"action\":{\"name\":\"read\"},\"resource\":%s,\"context\":%s}",
                                   subject_properties, resource, context);
    const struct node *body = json_read(city_arena, text);
    assert_non_null(body);
    assert_true(question_read(city_arena, body, NULL, PART_ALL, "", &q, &fault));
}

static void resource(const char *type, const char *properties)
{
    ask("{}",
        arena_printf(city_arena, "{\"type\":\"%s\",\"id\":\"1\",\"properties\":%s}", type, properties).p,
        "{}");
    e = (struct evaluation){0};
    believe_resource(&in, &q, &e);
}

static void assert_text(struct str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_true(str_eq(s, str_of(expected)));
}

static void a_resource_has_the_properties_that_its_type_names(void **state)
{
    (void)state;
    resource("case",
             "{\"applicant\":\"n-1\",\"organisation\":\"330102\",\"owner\":\"n-2\",\"applican\":\"x\"}");
    assert_text(e.owner, "n-1");
    assert_text(e.organisation, "330102");
    resource("form", "{\"owner\":\"n-2\",\"organisation\":\"330106\"}");
    assert_text(e.owner, "n-2");
    assert_text(e.organisation, "330106");
    resource("case", "{\"applicant\":[\"n-1\"],\"organisation\":7}");
    assert_text(e.owner, "");
    assert_text(e.organisation, "");
}

static struct party said(const char *properties, const char *context)
{
    ask(properties, "{\"type\":\"case\",\"id\":\"1\"}", context);
    return party_of(&in, &q, &anna);
}

static void nobody_else_is_believed(void **state)
{
    (void)state;
    caller.trusted_properties = false;
    resource("case", "{\"applicant\":\"n-1\",\"organisation\":\"330102\"}");
    assert_text(e.owner, "");
    assert_text(e.organisation, "");
    struct party who =
        said("{\"acr\":\"high\",\"authn_level\":3,\"identity_level\":5}", "{\"acr\":\"high\"}");
    assert_int_equal(who.level, AUTHN_NONE);
    assert_int_equal(who.identity_level, 4);
    anna.identity_level = 2; /* their own goes before that of their kind */
    who = said("{}", "{}");
    assert_int_equal(who.identity_level, 2);
}

static void of_several_words_the_lowest_counts(void **state)
{
    (void)state;
    static const struct {
        const char *properties, *context;
        enum authn_level level;
        int64_t identity;
    } rows[] = {
        {"{}", "{}", AUTHN_NONE, 4},
        {"{\"acr\":\"high\"}", "{}", AUTHN_HIGH, 4},
        {"{\"acr\":\"high\"}", "{\"acr\":\"low\"}", AUTHN_LOW, 4},
        {"{}", "{\"acr\":\"substantial\"}", AUTHN_SUBSTANTIAL, 4},
        {"{\"authn_level\":2}", "{}", AUTHN_SUBSTANTIAL, 4},
        {"{\"authn_level\":1,\"acr\":\"high\"}", "{}", AUTHN_LOW, 4},
        {"{\"authn_level\":4}", "{}", AUTHN_NONE, 4},
        {"{\"authn_level\":-1,\"acr\":\"high\"}", "{}", AUTHN_NONE, 4},
        {"{\"acr\":\"urn:x\"}", "{\"acr\":\"high\"}", AUTHN_NONE, 4},
        {"{\"acr\":3}", "{\"acr\":\"high\"}", AUTHN_NONE, 4},
        {"{\"identity_level\":2}", "{}", AUTHN_NONE, 2},
        {"{\"identity_level\":6}", "{}", AUTHN_NONE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct party who = said(rows[i].properties, rows[i].context);
        assert_int_equal(who.level, rows[i].level);
        assert_int_equal(who.identity_level, rows[i].identity);
        assert_ptr_equal(who.subject, &anna);
        assert_null(who.mandate);
    }
}

/* Before anything is looked up in memory even: the words beside it do not count. */
static void a_token_is_looked_up_where_that_may_be_waited_for(void **state)
{
    (void)state;
    struct party who;
    enum decision_reason why;
    ask("{\"access_token\":\"oda_x\",\"acr\":\"high\"}", "{\"type\":\"case\",\"id\":\"1\"}", "{}");
    req.place = RUN_NOW;
    assert_int_equal(party_find(&in, &q, &who, &why), RESULT_UNAVAILABLE);
    assert_int_equal(req.wanted, RUN_QUICK);
}

static void what_is_no_token_does_not_hold(void **state)
{
    (void)state;
    static const char *const tokens[] = {"\"\"", "7", "{}", "[\"a\"]"};
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        struct party who;
        enum decision_reason why;
        ask(arena_printf(city_arena, "{\"access_token\":%s}", tokens[i]).p,
            "{\"type\":\"case\",\"id\":\"1\"}", "{}");
        assert_int_equal(party_find(&in, &q, &who, &why), RESULT_NOT_FOUND);
        assert_int_equal(why, REASON_SIGN_IN);
    }
}

static void only_people_are_subjects(void **state)
{
    (void)state;
    static const char *const types[] = {"User", "robot", "group", "user ", "application"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct party who;
        enum decision_reason why;
        ask("{\"access_token\":\"oda_x\"}", "{\"type\":\"case\",\"id\":\"1\"}", "{}");
        q.subject.type = str_of(types[i]);
        assert_int_equal(party_find(&in, &q, &who, &why), RESULT_NOT_FOUND);
        assert_int_equal(why, REASON_UNKNOWN_SUBJECT);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, furnish, city_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_resource_has_the_properties_that_its_type_names),
        TEST(nobody_else_is_believed),
        TEST(of_several_words_the_lowest_counts),
        TEST(a_token_is_looked_up_where_that_may_be_waited_for),
        TEST(what_is_no_token_does_not_hold),
        TEST(only_people_are_subjects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
