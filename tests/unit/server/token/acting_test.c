/* By which mandates somebody may act, for whom, and whether one still lets them. */
#include "server/token/acting.h"

#include "tests/unit/support/provider.h"

#define AGENT   "uid=s-1,ou=staff,dc=city"
#define COMPANY "o=c-1,ou=legal,dc=city"
#define CHILD   "uid=n-2,ou=citizens,dc=city"
#define UNTIL   "20401231235959Z"

static struct company company;
static struct person child;

static int begin(void **state)
{
    int r = city_begin(state);
    company = (struct company){
        .dn = STR(COMPANY), .uuid = STR("u-c-1"), .id = STR("c-1"), .name = STR("Sample Technology")};
    child = (struct person){.dn = STR(CHILD),
                            .uuid = STR("00000000-0000-0000-0000-000000000002"),
                            .subject = STR("n-2"),
                            .kind = STR("citizen"),
                            .display_name = STR("Li Xiao")};
    city->directory.company = &company;
    city->directory.other = &child;
    return r;
}

/* A mandate of the company's; `name` and `value` stand in the place of what it would have, NULL leaves out.
 */
static void write_mandate(const char *id, const char *name, const char *value)
{
    struct live_row usual[] = {{"onedoorMandateKind", "company"}, {"onedoorMandateState", "confirmed"},
                               {"onedoorRepresented", COMPANY},   {"onedoorRepresentedSub", "c-1"},
                               {"onedoorAgent", AGENT},           {"onedoorValidUntil", UNTIL}};
    struct live_row rows[COUNT(usual) + 4] = {{"objectClass", "onedoorMandate"}, {"cn", id}};
    size_t n = 2;
    for (size_t i = 0; i < COUNT(usual); i++)
        if (!name || strcmp(usual[i].name, name) != 0)
            rows[n++] = usual[i];
    if (name && value)
        rows[n++] = (struct live_row){name, value};
    rows[n] = (struct live_row){NULL, NULL};
    live_write(&city->live, city->arena, text("cn=%s,ou=mandates,ou=registry,dc=city", id), rows);
}

static void write_guardian(const char *id)
{
    LIVE_WRITE(&city->live, city->arena, text("cn=%s,ou=mandates,ou=registry,dc=city", id),
               {"objectClass", "onedoorMandate"}, {"cn", id}, {"onedoorMandateKind", "guardian"},
               {"onedoorMandateState", "confirmed"}, {"onedoorRepresented", CHILD},
               {"onedoorRepresentedSub", "n-2"}, {"onedoorAgent", AGENT}, {"onedoorValidUntil", UNTIL});
}

static enum result ask(const char *id, const char *agent, const char *sub, const char *client_id,
                       const struct mandate **md)
{
    return acting_mandate(&city->provider, city->arena, str_of(id), str_of(agent), str_of(sub),
                          str_of(client_id), md);
}

static void one_that_holds_lets_its_agent_act_and_nobody_else(void **state)
{
    (void)state;
    const struct mandate *md;
    write_mandate("m", NULL, NULL);
    assert_int_equal(ask("m", AGENT, "", "desk", &md), RESULT_OK);
    assert_int_equal(ask("m", AGENT, "c-1", "desk", &md), RESULT_OK);
    assert_int_equal(ask("m", "UID=S-1, ou=Staff, dc=city", "", "desk", &md), RESULT_OK);
    assert_int_equal(ask("m", AGENT, "c-2", "desk", &md), RESULT_NOT_FOUND);
    assert_int_equal(ask("m", CHILD, "", "desk", &md), RESULT_NOT_FOUND);
    assert_int_equal(ask("m", "", "", "desk", &md), RESULT_NOT_FOUND);
    assert_int_equal(ask("M", AGENT, "", "desk", &md), RESULT_NOT_FOUND);
    assert_int_equal(ask("m", AGENT, "", "portal", &md), RESULT_NOT_FOUND);
    assert_int_equal(ask("m", AGENT, "", "nowhere", &md), RESULT_NOT_FOUND);
}

static void one_that_does_not_hold_is_neither_offered_nor_taken(void **state)
{
    (void)state;
    static const struct live_row bad[] = {
        {"onedoorMandateState", "granted"},       {"onedoorMandateState", "ended"},
        {"onedoorValidUntil", "20200101000000Z"}, {"onedoorValidFrom", "20350101000000Z"},
        {"onedoorMandateClientId", "portal"},     {"onedoorAgent", CHILD},
        {"onedoorRepresentedSub", NULL},          {"onedoorMandateClientId", "onedoor"}};
    const struct application *desk = applications_find(city->provider.applications, city->arena, STR("desk"));
    const struct mandate **choices, *md;
    size_t n;
    write_mandate("good", NULL, NULL);
    for (size_t i = 0; i < COUNT(bad); i++) {
        write_mandate("bad", bad[i].name, bad[i].value);
        assert_int_equal(ask("bad", AGENT, "", "desk", &md), RESULT_NOT_FOUND);
        assert_int_equal(acting_choices(&city->provider, city->arena, STR(AGENT), desk, &choices, &n),
                         RESULT_OK);
        assert_int_equal(n, 1);
        assert_true(str_eq(choices[0]->id, STR("good")));
    }
}

static void an_application_that_takes_none_offers_none(void **state)
{
    (void)state;
    const struct application *portal =
        applications_find(city->provider.applications, city->arena, STR("portal"));
    const struct mandate **choices;
    struct mandate_place *places;
    size_t n;
    write_mandate("m", NULL, NULL);
    assert_int_equal(acting_choices(&city->provider, city->arena, STR(AGENT), portal, &choices, &n),
                     RESULT_OK);
    assert_int_equal(n, 0);
    assert_int_equal(acting_places(&city->provider, city->arena, &places, &n), RESULT_OK);
    assert_int_equal(n, 1);
    assert_true(str_eq(places[0].client_id, STR("desk")));
    assert_int_equal(places[0].permissions.n, 1);
    assert_true(str_eq(places[0].permissions.v[0], STR("case:submit")));
}

static enum result represented(const char *id, struct person *out)
{
    const struct mandate *md = model_mandate(city->live.model, str_of(id));
    assert_non_null(md);
    return acting_represented(&city->provider, city->arena, md, out);
}

static void the_represented_is_whom_dn_and_sub_both_name(void **state)
{
    (void)state;
    struct person out;
    write_mandate("company", NULL, NULL);
    write_guardian("child");
    assert_int_equal(represented("company", &out), RESULT_OK);
    assert_true(str_eq(out.kind, STR("company")) && str_eq(out.display_name, STR("Sample Technology")));
    assert_int_equal(represented("child", &out), RESULT_OK);
    assert_true(str_eq(out.display_name, STR("Li Xiao")));

    child.disabled = true;
    assert_int_equal(represented("child", &out), RESULT_NOT_FOUND);
    child.disabled = false;
    child.dn = STR("uid=n-3,ou=citizens,dc=city");
    assert_int_equal(represented("child", &out), RESULT_NOT_FOUND);
    child.subject = STR("c-1"); /* a person of the company's name */
    assert_int_equal(represented("company", &out), RESULT_NOT_FOUND);
    child.subject = STR("n-2");
    company.id = STR("c-2");
    assert_int_equal(represented("company", &out), RESULT_NOT_FOUND);
    city->directory.away = true;
    assert_int_equal(represented("company", &out), RESULT_UNAVAILABLE);
    assert_int_equal(represented("child", &out), RESULT_UNAVAILABLE);
}

static struct grant grant_by(const char *mandate, const struct person *whom)
{
    return (struct grant){.client_id = STR("desk"),
                          .subject = whom->subject,
                          .uuid = city->person.uuid,
                          .mandate = str_of(mandate),
                          .person = city->person,
                          .represented = *whom,
                          .created = clock_now()};
}

static enum result holds(struct grant *g, const char *audience)
{
    return acting_holds(&city->provider, city->arena, g, str_of(audience));
}

static void a_grant_holds_as_long_as_its_mandate(void **state)
{
    (void)state;
    write_guardian("child");
    struct grant g = grant_by("child", &child);
    assert_int_equal(holds(&g, "desk"), RESULT_OK);
    assert_int_equal(holds(&g, RECORDS), RESULT_NOT_FOUND);
    assert_int_equal(holds(&g, "https://nowhere.example/"), RESULT_NOT_FOUND);
    g.subject = STR("c-1");
    assert_int_equal(holds(&g, "desk"), RESULT_NOT_FOUND);
    g = grant_by("child", &child);
    g.person.dn = STR("uid=s-9,ou=staff,dc=city");
    assert_int_equal(holds(&g, "desk"), RESULT_NOT_FOUND);
    g = grant_by("child", &child);
    live_erase(&city->live, "cn=child,ou=mandates,ou=registry,dc=city");
    assert_int_equal(holds(&g, "desk"), RESULT_NOT_FOUND);
    g.mandate = STR_EMPTY;
    assert_int_equal(holds(&g, "desk"), RESULT_OK);
}

static void a_represented_who_leaves_ends_it(void **state)
{
    (void)state;
    write_guardian("child");
    struct grant g = grant_by("child", &child);
    child.disabled = true;
    assert_int_equal(notice_person(&city->provider.authn, city->arena, &child), RESULT_OK);
    assert_int_equal(holds(&g, "desk"), RESULT_NOT_FOUND);
    /* Enabled again, what was given before stays ended. */
    child.disabled = false;
    fixture_time += 5;
    assert_int_equal(notice_person(&city->provider.authn, city->arena, &child), RESULT_OK);
    assert_int_equal(holds(&g, "desk"), RESULT_NOT_FOUND);
    fixture_time += 5;
    g.created = clock_now();
    assert_int_equal(holds(&g, "desk"), RESULT_OK);
    city->store.away_after = 0;
    assert_int_equal(holds(&g, "desk"), RESULT_UNAVAILABLE);
}

static void rights_are_those_of_the_represented(void **state)
{
    (void)state;
    struct rights_question q;
    write_guardian("child");
    write_mandate("company", NULL, NULL);
    struct grant g = grant_by("child", &child);
    assert_int_equal(acting_question(&city->provider, city->arena, &g, &city->person, STR("desk"), &q),
                     RESULT_OK);
    assert_true(q.person == &g.represented && q.mandate);
    assert_true(acting_subject(&g, &city->person) == &g.represented);
    struct person legal = {
        .dn = company.dn, .uuid = company.uuid, .subject = company.id, .kind = STR("company")};
    g = grant_by("company", &legal);
    assert_int_equal(acting_question(&city->provider, city->arena, &g, &city->person, STR("desk"), &q),
                     RESULT_OK);
    assert_true(!q.person && q.mandate);
    g.mandate = STR_EMPTY;
    assert_int_equal(acting_question(&city->provider, city->arena, &g, &city->person, STR("desk"), &q),
                     RESULT_OK);
    assert_true(q.person == &city->person && !q.mandate);
}

static void who_acts_stands_beside_for_whom(void **state)
{
    (void)state;
    json_t *out = json_new(city->arena);
    assert_true(acting_put(out, STR_EMPTY, STR("s-1")));
    assert_int_equal(json_object_size(out), 0);
    assert_true(acting_put(out, STR("m"), STR("s-1")));
    assert_true(str_eq(json_text(city->arena, out), STR("{\"act\":{\"sub\":\"s-1\"},\"mandate\":\"m\"}")));
    assert_false(acting_put(out, STR("m"), STR_EMPTY));
    assert_true(str_eq(acting_scope(city->arena, STR("openid email profile phone")), STR("openid profile")));
    assert_int_equal(acting_scope(city->arena, STR("email")).len, 0);
}

#define CITY_TEST(name) cmocka_unit_test_setup_teardown(name, begin, city_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(one_that_holds_lets_its_agent_act_and_nobody_else),
        CITY_TEST(one_that_does_not_hold_is_neither_offered_nor_taken),
        CITY_TEST(an_application_that_takes_none_offers_none),
        CITY_TEST(the_represented_is_whom_dn_and_sub_both_name),
        CITY_TEST(a_grant_holds_as_long_as_its_mandate),
        CITY_TEST(a_represented_who_leaves_ends_it),
        CITY_TEST(rights_are_those_of_the_represented),
        CITY_TEST(who_acts_stands_beside_for_whom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
