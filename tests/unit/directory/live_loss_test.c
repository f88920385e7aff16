/* A sudden loss of people or groups is not believed. */
#include "tests/unit/directory/live_world.h"

enum { CROWD = 9 };

static void crowd(void (*act)(const char *dn))
{
    for (int i = 0; i < CROWD; i++) {
        char dn[128];
        snprintf(dn, sizeof dn, "uid=n-crowd%d,ou=citizens," CITY, i);
        act(dn);
    }
}

static void disable(const char *dn)
{
    slapd_set(&slapd, dn, "pwdAccountLockedTime", "000001010000Z");
}

static void enable(const char *dn)
{
    slapd_set(&slapd, dn, "pwdAccountLockedTime", NULL);
}

static void describe(const char *dn)
{
    slapd_set(&slapd, dn, "description", "left");
}

static void make_crowd(void)
{
    for (int i = 0; i < CROWD; i++) {
        char uid[32];
        snprintf(uid, sizeof uid, "n-crowd%d", i);
        add_person(uid);
    }
}

static size_t disabled_in_crowd(void)
{
    size_t n = 0;
    for (int i = 0; i < CROWD; i++) {
        char uid[32];
        snprintf(uid, sizeof uid, "n-crowd%d", i);
        n += knows_as_disabled(uid);
    }
    return n;
}

static void ask_for_crowd(void)
{
    for (int i = 0; i < CROWD; i++) {
        char uid[32];
        snprintf(uid, sizeof uid, "n-crowd%d", i);
        assert_false(subject_of(uid).disabled);
    }
}

static void more_leavers_than_believed_are_held_until_they_are_back(void **state)
{
    (void)state;
    make_crowd();
    begin();
    ask_for_crowd();
    crowd(disable);
    WAIT_FOR(live_state(live).loss_held);
    /* Others change as ever, but a server that starts again must hear of these again. */
    unsigned saves = read_seen(&seen.saves);
    slapd_set(&slapd, STAFF, "description", "another");
    WAIT_FOR(count_told(PERSON_CHANGED) > 0);
    assert_int_equal(disabled_in_crowd(), usual.most_leavers);
    assert_int_equal(count_told(PERSON_DISABLED), usual.most_leavers);
    assert_int_equal(read_seen(&seen.saves), saves);
    crowd(enable);
    WAIT_FOR(!live_state(live).loss_held);
    WAIT_FOR(disabled_in_crowd() == 0);
    WAIT_FOR(read_seen(&seen.saves) > saves);
    crowd(remove_entry);
}

static void held_leavers_are_told_of_once_the_loss_is_accepted(void **state)
{
    (void)state;
    make_crowd();
    begin();
    ask_for_crowd();
    crowd(remove_entry);
    WAIT_FOR(live_state(live).loss_held);
    struct subject s;
    assert_true(live_subject_known(live, a, STR("n-crowd8"), &s));
    assert_int_equal(live_tell_accept_loss(d), RESULT_OK);
    WAIT_FOR(!live_state(live).loss_held);
    WAIT_FOR(count_told(PERSON_GONE) == CROWD);
    assert_false(live_subject_known(live, a, STR("n-crowd8"), &s));
    /* The word is used up: the next loss is held again. */
    make_crowd();
    ask_for_crowd();
    crowd(remove_entry);
    WAIT_FOR(live_state(live).loss_held);
    assert_int_equal(live_tell_accept_loss(d), RESULT_OK);
    WAIT_FOR(!live_state(live).loss_held);
}

static void make_groups(int n)
{
    for (int i = 0; i < n; i++) {
        char dn[128], cn[16];
        LDAP *admin = slapd_as_admin(&slapd);
        snprintf(cn, sizeof cn, "many%d", i);
        snprintf(dn, sizeof dn, "cn=%s,ou=groups," CITY, cn);
        ldap_unbind_ext(admin, NULL, NULL);
        add(dn, "groupOfNames", "member", STAFF);
    }
}

static void drop_groups(int n)
{
    for (int i = 0; i < n; i++) {
        char dn[128];
        snprintf(dn, sizeof dn, "cn=many%d,ou=groups," CITY, i);
        remove_entry(dn);
    }
}

/* A note in their entries changes: they left long ago. */
static void what_changes_of_those_who_left_long_ago_is_no_loss(void **state)
{
    (void)state;
    make_crowd();
    crowd(disable);
    begin();
    crowd(describe);
    WAIT_FOR(count_told(PERSON_DISABLED) == CROWD);
    assert_false(live_state(live).loss_held);
    assert_int_equal(read_seen(&seen.asked), CROWD);
    crowd(remove_entry);
    WAIT_FOR(count_told(PERSON_GONE) == CROWD);
    assert_false(live_state(live).loss_held);
}

static void entries_that_are_nobody_are_no_loss_after_a_stop(void **state)
{
    (void)state;
    make_groups(CROWD);
    begin();
    slapd_set(&slapd, STAFF, "description", "a change whose cookie is remembered");
    WAIT_FOR(read_seen(&seen.saves) > 0);
    live_stop(live);
    drop_groups(CROWD);
    begin();
    unsigned saves = read_seen(&seen.saves);
    slapd_set(&slapd, STAFF, "description", "after them");
    WAIT_FOR(read_seen(&seen.saves) > saves);
    assert_false(live_state(live).loss_held);
}

static void who_holds_a_session_is_missed_though_nobody_asked_for_them(void **state)
{
    (void)state;
    seen.holds = true;
    make_crowd();
    begin();
    crowd(disable);
    WAIT_FOR(live_state(live).loss_held);
    crowd(enable);
    WAIT_FOR(!live_state(live).loss_held);
    assert_true(count_told(PERSON_DISABLED) <= usual.most_leavers);
    crowd(remove_entry);
}

/* Nobody can tell whether they have anything to lose, and it isn't asked about each of them. */
static void while_the_store_is_away_everybody_counts(void **state)
{
    (void)state;
    seen.store_away = true;
    make_crowd();
    begin();
    crowd(disable);
    WAIT_FOR(live_state(live).loss_held);
    assert_true(read_seen(&seen.asked) < CROWD);
    crowd(enable);
    WAIT_FOR(!live_state(live).loss_held);
    crowd(remove_entry);
}

static void a_loss_of_many_groups_is_not_believed_until_accepted(void **state)
{
    make_groups(40);
    close_live(state); /* what came while it looks on would not be missed yet */
    open_live(state);
    begin();
    struct subject s = subject_of("s-200145");
    size_t before = groups_there() - 40;
    drop_groups(40);
    WAIT_FOR(live_state(live).loss_held);
    assert_true(groups_there() > before);
    assert_true(is_in(&s, "cn=many39,ou=groups," CITY));
    /* What is back is no loss. */
    make_groups(40);
    WAIT_FOR(!live_state(live).loss_held);
    drop_groups(40);
    WAIT_FOR(live_state(live).loss_held);
    assert_int_equal(live_tell_accept_loss(d), RESULT_OK);
    WAIT_FOR(!live_state(live).loss_held && groups_there() == before);
    assert_false(is_in(&s, "cn=many39,ou=groups," CITY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(more_leavers_than_believed_are_held_until_they_are_back),
        TEST(held_leavers_are_told_of_once_the_loss_is_accepted),
        TEST(what_changes_of_those_who_left_long_ago_is_no_loss),
        TEST(entries_that_are_nobody_are_no_loss_after_a_stop),
        TEST(who_holds_a_session_is_missed_though_nobody_asked_for_them),
        TEST(while_the_store_is_away_everybody_counts),
        TEST(a_loss_of_many_groups_is_not_believed_until_accepted),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
