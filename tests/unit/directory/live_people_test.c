/* What is known of people follows the directory. */
#include "tests/unit/directory/live_world.h"

static void a_disabled_person_is_known_and_told_of(void **state)
{
    (void)state;
    begin();
    struct subject s = subject_of("s-200145");
    assert_false(s.disabled);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    WAIT_FOR(knows_as_disabled("s-200145"));
    WAIT_FOR(was_told(PERSON_DISABLED, s.uuid));
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(!knows_as_disabled("s-200145"));
    WAIT_FOR(was_told(PERSON_CHANGED, s.uuid));
    struct subject again;
    assert_true(live_subject_known(live, a, STR("s-200145"), &again));
    WAIT_FOR(read_seen(&seen.saves) > 0);
}

static void a_person_who_is_deleted_is_gone(void **state)
{
    (void)state;
    add_person("n-gone");
    begin();
    struct subject s = subject_of("n-gone"), none;
    remove_entry("uid=n-gone,ou=citizens," CITY);
    WAIT_FOR(was_told(PERSON_GONE, s.uuid));
    assert_false(live_subject_known(live, a, STR("n-gone"), &none));
    assert_int_equal(live_subject(live, a, STR("n-gone"), &none), RESULT_NOT_FOUND);
}

static void a_person_who_moved_is_in_another_department(void **state)
{
    (void)state;
    begin();
    struct subject s = subject_of("s-200101"), now;
    assert_true(str_eq(s.organisations, STR("330102/D0077")));
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "departmentNumber", "330106/D0501");
    WAIT_FOR(live_subject_known(live, a, STR("s-200101"), &now) &&
             str_eq(now.organisations, STR("330106/D0501")));
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "departmentNumber", "330102/D0077");
    WAIT_FOR(live_subject_known(live, a, STR("s-200101"), &now) &&
             str_eq(now.organisations, STR("330102/D0077")));
}

static bool stands_at(const char *sub, const char *dn)
{
    struct dn_key key;
    struct subject s = subject_of(sub);
    return dn_key_of(str_of(dn), &key) && dn_key_eq(&s.dn, &key);
}

static void people_have_new_names_when_their_branch_is_renamed(void **state)
{
    (void)state;
    begin();
    assert_true(stands_at("s-200145", STAFF));
    rename_entry("ou=staff," CITY, "ou=officials");
    WAIT_FOR(stands_at("s-200145", "uid=s-200145,ou=officials," CITY));
    rename_entry("ou=officials," CITY, "ou=staff");
    WAIT_FOR(stands_at("s-200145", STAFF));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_disabled_person_is_known_and_told_of),
        TEST(a_person_who_is_deleted_is_gone),
        TEST(a_person_who_moved_is_in_another_department),
        TEST(people_have_new_names_when_their_branch_is_renamed),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
