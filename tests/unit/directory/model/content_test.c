#include "tests/unit/directory/model/city.h"

static enum decision_reason may(const char *uid, const char *action)
{
    struct subject s = city_person(uid, "330102");
    return city_answer(city_question(&s, action));
}

static struct str uuid_of(const char *dn)
{
    return arena_join(city_arena, (struct str[]){str_of(dn), STR("," CITY_DN)}, 2);
}

static void what_is_put_again_takes_the_place_of_what_was(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    assert_int_equal(may("clara", "file"), REASON_ALLOWED);
    city_put("cn=clerk,ou=posts\nobjectClass: groupOfNames\nmember: uid=dora,ou=staff,@\n");
    city_compile();
    assert_int_equal(may("clara", "file"), REASON_NO_ROLE);
    assert_int_equal(may("dora", "file"), REASON_ALLOWED);
}

static void what_is_dropped_is_gone_and_comes_back(void **state)
{
    (void)state;
    city_furnish();
    city_drop("cn=clerk,ou=permits,ou=roles,ou=registry");
    city_drop("cn=nothing,ou=permits,ou=roles,ou=registry");
    city_compile();
    assert_int_equal(may("clara", "file"), REASON_NO_ROLE);
    city_furnish();
    city_compile();
    assert_int_equal(may("clara", "file"), REASON_ALLOWED);
}

static void an_entry_that_changes_its_class_is_no_longer_what_it_was(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=clerk,ou=permits,ou=roles,ou=registry\nobjectClass: applicationProcess\ncn: clerk\n");
    city_compile();
    assert_int_equal(may("clara", "file"), REASON_NO_ROLE);
    city_furnish();
    city_put_as("cn=clerk,ou=posts," CITY_DN, "cn=other,ou=posts\nobjectClass: groupOfNames\n"
                                              "member: uid=clara,ou=staff,@\n");
    city_compile();
    assert_int_equal(may("clara", "file"), REASON_NO_ROLE); /* renamed: the role names the old DN */
}

static void a_model_stays_as_it_was_compiled(void **state)
{
    (void)state;
    city_furnish();
    struct model *old = content_compile(city);
    city_drop("cn=clerk,ou=permits,ou=roles,ou=registry");
    city_put("cn=clerk,ou=posts\nobjectClass: groupOfNames\nmember: uid=dora,ou=staff,@\n");
    city_compile();
    content_free(city);
    city = NULL;
    const struct role *role = model_role(old, STR("permits"), STR("clerk"));
    assert_non_null(role);
    assert_int_equal(role->assignment_count, 1);
    assert_true(str_eq(role->assignments[0].holders.v[0], STR("cn=clerk,ou=posts," CITY_DN)));
    struct subject clara = city_person("clara", "");
    struct evaluation q = city_question(&clara, "file");
    struct decision d;
    model_decide(old, &q, &d);
    assert_int_equal(d.reason, REASON_ALLOWED);
    model_free(old);
    model_free(NULL);
}

static void what_a_refresh_does_not_name_is_gone_at_its_end(void **state)
{
    (void)state;
    city_furnish();
    content_refresh_begin(city, CONTENT_GROUPS);
    content_present(city, CONTENT_GROUPS, uuid_of("cn=clerk,ou=posts"));
    content_present(city, CONTENT_GROUPS, STR("never heard of"));
    city_put("cn=approver,ou=posts\nobjectClass: groupOfNames\nmember: uid=anna,ou=staff,@\n");
    city_compile();
    assert_int_equal(model_size(city_model).groups, 3); /* not before the end */
    content_refresh_end(city, CONTENT_GROUPS);
    city_compile();
    struct model_size size = model_size(city_model);
    assert_int_equal(size.groups, 2);
    assert_int_equal(size.organisations, 0);
    assert_int_equal(size.roles, 2 + 4); /* the other source was not refreshed; four are built in */
    assert_int_equal(may("clara", "file"), REASON_ALLOWED);
}

static void a_renamed_branch_must_be_read_again(void **state)
{
    (void)state;
    city_furnish();
    city_put_as("ou=D0412,ou=330102,ou=orgs," CITY_DN,
                "ou=D0413,ou=330102,ou=orgs\nobjectClass: organizationalUnit\n");
    assert_false(content_is_stale(city, CONTENT_GROUPS)); /* nothing stands below it */
    city_put_as("ou=330102,ou=orgs," CITY_DN, "ou=330199,ou=orgs\nobjectClass: organizationalUnit\n");
    assert_true(content_is_stale(city, CONTENT_GROUPS));
    assert_false(content_is_stale(city, CONTENT_REGISTRY));
    content_refresh_begin(city, CONTENT_GROUPS);
    assert_true(content_is_stale(city, CONTENT_GROUPS));
    content_refresh_end(city, CONTENT_GROUPS);
    assert_false(content_is_stale(city, CONTENT_GROUPS));
}

static void a_unit_that_is_no_organisation_is_noticed_when_renamed(void **state)
{
    (void)state;
    city_furnish();
    city_put_as("posts", "ou=posts\nobjectClass: organizationalUnit\n");
    city_put_as("staff", "ou=staff\nobjectClass: organizationalUnit\n");
    assert_false(content_take_renamed(city));
    city_put_as("staff", "ou=officials\nobjectClass: organizationalUnit\n");
    assert_false(content_is_stale(city, CONTENT_GROUPS)); /* people are none of the content */
    assert_true(content_take_renamed(city));
    assert_false(content_take_renamed(city));
    city_put_as("posts", "ou=offices\nobjectClass: organizationalUnit\n");
    assert_true(content_is_stale(city, CONTENT_GROUPS));
    content_refresh_end(city, CONTENT_GROUPS);
    assert_false(content_is_stale(city, CONTENT_GROUPS));
}

static void the_two_sources_have_uuids_of_their_own(void **state)
{
    (void)state;
    city_put_as("1", "cn=a,ou=posts\nobjectClass: groupOfNames\nmember: uid=a,ou=staff,@\n");
    city_put_as("1", "onedoorClientId=x,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
                     "onedoorClientId: x\n");
    content_drop(city, CONTENT_REGISTRY, STR("1"));
    city_compile();
    assert_int_equal(model_size(city_model).groups, 1);
}

static void entries_are_believed_only_where_they_belong(void **state)
{
    (void)state;
    struct entry e = city_entry("cn=x,ou=permits,ou=roles\nobjectClass: onedoorRole\ncn: x\n"
                                "onedoorClientId: permits\nonedoorPermission: case:approve\n"
                                "member: uid=mallory,ou=staff,@\n");
    city_furnish();
    assert_int_equal(content_put(city, CONTENT_GROUPS, STR("x"), &e), RESULT_OK);
    city_compile();
    assert_int_equal(may("mallory", "approve"), REASON_NO_ROLE);
    assert_null(model_role(city_model, STR("permits"), STR("x")));
}

static void put_posts(int n)
{
    for (int i = 0; i < n; i++)
        city_put(arena_printf(city_arena,
                              "cn=p%d,ou=posts\nobjectClass: groupOfNames\nmember: uid=a,ou=staff,@\n", i)
                     .p);
}

/* Posts that have stood since the beginning, as far as losses are concerned. */
static void furnish_posts(int n)
{
    put_posts(n);
    city_compile();
}

static void drop_posts(int from, int to)
{
    for (int i = from; i < to; i++)
        city_drop(arena_printf(city_arena, "cn=p%d,ou=posts", i).p);
}

static void a_sudden_loss_is_not_believed_until_somebody_says_so(void **state)
{
    (void)state;
    struct str why;
    put_posts(60);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_OK);
    city_compile();
    drop_posts(0, 18); /* 30% of 60 */
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_OK);
    drop_posts(18, 19);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_REFUSED);
    assert_true(str_starts(why, STR("19 of 60 entries of the class group")));
    put_posts(60); /* they are back */
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_OK);
    drop_posts(0, 59);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_REFUSED);
    content_accept_loss(city);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_OK);
}

static void a_handful_may_go_whatever_its_share(void **state)
{
    (void)state;
    struct str why;
    put_posts(12);
    city_compile();
    drop_posts(0, 12);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_OK);
}

static void a_loss_in_small_steps_is_one_loss(void **state)
{
    (void)state;
    struct str why;
    put_posts(20);
    city_compile();
    drop_posts(0, 10);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_OK);
    city_compile();
    drop_posts(10, 15);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_REFUSED);
}

static void what_just_came_may_go_again(void **state)
{
    (void)state;
    struct str why;
    furnish_posts(20);
    put_posts(80);
    city_compile();
    drop_posts(20, 80);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_OK);
    city_compile();
    drop_posts(0, 15);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_REFUSED);
    assert_true(str_starts(why, STR("15 of 20 ")));
}

/* Access rules that suddenly hide the members lose a city as surely as a delete does. */
static void members_that_can_no_longer_be_read_are_a_loss(void **state)
{
    (void)state;
    struct str why;
    put_posts(20);
    city_compile();
    for (int i = 0; i < 20; i++)
        city_put(arena_printf(city_arena, "cn=p%d,ou=posts\nobjectClass: groupOfNames\ncn: p\n", i).p);
    assert_int_equal(content_judge(city, city_arena, &why), RESULT_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(what_is_put_again_takes_the_place_of_what_was),
        CITY_TEST(what_is_dropped_is_gone_and_comes_back),
        CITY_TEST(an_entry_that_changes_its_class_is_no_longer_what_it_was),
        CITY_TEST(a_model_stays_as_it_was_compiled),
        CITY_TEST(what_a_refresh_does_not_name_is_gone_at_its_end),
        CITY_TEST(a_renamed_branch_must_be_read_again),
        CITY_TEST(a_unit_that_is_no_organisation_is_noticed_when_renamed),
        CITY_TEST(the_two_sources_have_uuids_of_their_own),
        CITY_TEST(entries_are_believed_only_where_they_belong),
        CITY_TEST(a_sudden_loss_is_not_believed_until_somebody_says_so),
        CITY_TEST(a_handful_may_go_whatever_its_share),
        CITY_TEST(a_loss_in_small_steps_is_one_loss),
        CITY_TEST(what_just_came_may_go_again),
        CITY_TEST(members_that_can_no_longer_be_read_are_a_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
