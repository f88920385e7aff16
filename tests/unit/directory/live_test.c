/* Both feeds together: starting, stopping, and a directory that goes away. */
#include "tests/unit/directory/live_world.h"

#include <limits.h>

static void what_was_loaded_answers_before_anything_is_followed(void **state)
{
    (void)state;
    struct subject s = subject_of("s-200145");
    assert_true(is_in(&s, APPROVER));
    assert_false(is_in(&s, CLERKS));
    assert_true(str_eq(s.organisations, STR("330102/D0412 330102/D0077")));
    const struct model *m = live_model(live, a);
    assert_non_null(model_organisation(m, STR("330102/D0412")));
    assert_false(live_state(live).following);
    assert_true(live_state(live).model_built > 0);
}

static void a_watcher_that_is_away_is_told_again(void **state)
{
    (void)state;
    begin();
    struct subject s = subject_of("s-200101");
    pthread_mutex_lock(&seen.lock);
    seen.refuse = 3;
    pthread_mutex_unlock(&seen.lock);
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "pwdAccountLockedTime", "000001010000Z");
    /* Those who ask here know at once, whatever the watcher's store does. */
    WAIT_FOR(knows_as_disabled("s-200101"));
    WAIT_FOR(was_told(PERSON_DISABLED, s.uuid));
    assert_int_equal(read_seen(&seen.refused), 3);
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "pwdAccountLockedTime", NULL);
    WAIT_FOR(was_told(PERSON_CHANGED, s.uuid));
}

/* Unix seconds; those who say so have just heard of the present. */
static bool has_told_of_now(void)
{
    return live_has_told_since(live, clock_now());
}

static void it_says_whether_all_was_told(void **state)
{
    (void)state;
    begin();
    WAIT_FOR(has_told_of_now());
    assert_false(live_has_told_since(live, live_unsure_before(live) - 1));
    (void)subject_of("s-200101");
    pthread_mutex_lock(&seen.lock);
    seen.refuse = UINT_MAX; /* as long as the store is away */
    pthread_mutex_unlock(&seen.lock);
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "mail", "new@city.example");
    WAIT_FOR(!has_told_of_now());
    WAIT_FOR(read_seen(&seen.refused) > 1);
    assert_false(has_told_of_now());
    pthread_mutex_lock(&seen.lock);
    seen.refuse = 0;
    pthread_mutex_unlock(&seen.lock);
    WAIT_FOR(has_told_of_now());
    slapd_kill(&slapd);
    WAIT_FOR(!has_told_of_now());
    slapd_run(&slapd, false);
    WAIT_FOR(has_told_of_now());
}

static void the_directory_away_stops_nothing_and_is_caught_up(void **state)
{
    (void)state;
    add_person("n-gone");
    begin();
    struct subject staff = subject_of("s-200145"), gone = subject_of("n-gone"), s;
    slapd_kill(&slapd);
    WAIT_FOR(!live_state(live).following);
    assert_int_equal(live_subject(live, a, STR("s-200145"), &s), RESULT_OK);
    assert_int_equal(live_subject(live, a, STR("s-200101"), &s), RESULT_UNAVAILABLE);
    assert_true(is_in(&staff, APPROVER));
    /* It comes back where nobody knows it, and changes. */
    char known[160];
    strcpy(known, slapd.socket_uri);
    strcat(slapd.socket_uri, ".private");
    slapd_run(&slapd, false);
    remove_entry("uid=n-gone,ou=citizens," CITY);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    modify(CLERKS, LDAP_MOD_ADD, "member", STAFF);
    slapd_end(&slapd, SIGTERM);
    strcpy(slapd.socket_uri, known);
    slapd_run(&slapd, false);
    WAIT_FOR(was_told(PERSON_GONE, gone.uuid));
    WAIT_FOR(was_told(PERSON_DISABLED, staff.uuid));
    WAIT_FOR(is_in(&staff, CLERKS));
    assert_true(knows_as_disabled("s-200145"));
    /* The server lost its log: of those whom nobody asked for, it could not say who left. */
    assert_true(live_unsure_before(live) >= clock_now() - 60);
    modify(CLERKS, LDAP_MOD_DELETE, "member", STAFF);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(!knows_as_disabled("s-200145"));
}

static bool is_disabled_now(const char *sub)
{
    struct arena *own = arena_new(1 << 16);
    struct subject s = {0};
    bool disabled = live_subject(live, own, str_of(sub), &s) == RESULT_OK && s.disabled;
    arena_free(own);
    return disabled;
}

/* Here the feed cannot begin, as its cookie is not to be had. */
static void without_a_feed_a_directory_that_answers_is_asked(void **state)
{
    (void)state;
    seen.cookie_away = true;
    assert_true(live_start(live, &watcher));
    assert_false(subject_of("s-200145").disabled);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    WAIT_FOR(is_disabled_now("s-200145"));
    /* Once asked, it is asked until it answers no more. */
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(!is_disabled_now("s-200145"));
    slapd_kill(&slapd);
    assert_false(subject_of("s-200145").disabled);
    struct subject s;
    assert_int_equal(live_subject(live, a, STR("s-200101"), &s), RESULT_UNAVAILABLE);
    slapd_run(&slapd, false);
    pthread_mutex_lock(&seen.lock);
    seen.cookie_away = false;
    pthread_mutex_unlock(&seen.lock);
    WAIT_FOR(live_state(live).following);
}

static void a_server_that_starts_again_goes_on_from_its_cookie(void **state)
{
    (void)state;
    add_person("n-gone");
    begin();
    struct subject gone = subject_of("n-gone"), staff = subject_of("s-200145");
    slapd_set(&slapd, STAFF, "description", "a change whose cookie is remembered");
    WAIT_FOR(read_seen(&seen.saves) > 0);
    live_stop(live);
    live_free(live);
    live = NULL;
    remove_entry("uid=n-gone,ou=citizens," CITY);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    live = live_new(d, &usual);
    assert_int_equal(live_load(live, NULL), RESULT_OK);
    begin();
    WAIT_FOR(was_told(PERSON_GONE, gone.uuid));
    WAIT_FOR(was_told(PERSON_DISABLED, staff.uuid));
    assert_int_equal(live_unsure_before(live), 0);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(was_told(PERSON_CHANGED, staff.uuid));
}

static void it_may_be_stopped_and_started_again(void **state)
{
    (void)state;
    struct subject s = subject_of("s-200145");
    for (int i = 0; i < 3; i++) {
        begin();
        modify(CLERKS, LDAP_MOD_ADD, "member", STAFF);
        WAIT_FOR(is_in(&s, CLERKS));
        live_stop(live);
        modify(CLERKS, LDAP_MOD_DELETE, "member", STAFF);
        begin();
        WAIT_FOR(!is_in(&s, CLERKS));
        live_stop(live);
    }
}

static void polling_sees_groups_and_people(void **state)
{
    (void)state;
    struct live_config config = usual;
    live_free(live);
    directory_free(d);
    config.polls = true;
    open_with(&config);
    add_person("n-gone");
    begin();
    struct subject s = subject_of("s-200145"), gone = subject_of("n-gone");
    modify(CLERKS, LDAP_MOD_ADD, "member", STAFF);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    remove_entry("uid=n-gone,ou=citizens," CITY);
    WAIT_FOR(is_in(&s, CLERKS));
    WAIT_FOR(knows_as_disabled("s-200145") && was_told(PERSON_DISABLED, s.uuid));
    WAIT_FOR(was_told(PERSON_GONE, gone.uuid));
    modify(CLERKS, LDAP_MOD_DELETE, "member", STAFF);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(!is_in(&s, CLERKS) && !knows_as_disabled("s-200145"));
    /* What changed since it asked, nobody knows. */
    assert_false(live_has_told_since(live, clock_now()));
}

static void loading_says_when_the_directory_or_a_base_is_away(void **state)
{
    (void)state;
    struct directory_config c = slapd_config(&slapd);
    c.registry_base = "ou=nowhere," CITY;
    struct directory *other = directory_new(&c);
    struct live *l = live_new(other, &usual);
    assert_int_equal(live_load(l, NULL), RESULT_UNAVAILABLE);
    assert_null(live_model(l, a));
    live_free(l);
    directory_free(other);
    slapd_kill(&slapd);
    assert_int_equal(live_load(live, NULL), RESULT_UNAVAILABLE);
    assert_non_null(live_model(live, a));
    slapd_run(&slapd, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_loaded_answers_before_anything_is_followed),
        TEST(a_watcher_that_is_away_is_told_again),
        TEST(it_says_whether_all_was_told),
        TEST(the_directory_away_stops_nothing_and_is_caught_up),
        TEST(without_a_feed_a_directory_that_answers_is_asked),
        TEST(a_server_that_starts_again_goes_on_from_its_cookie),
        TEST(it_may_be_stopped_and_started_again),
        TEST(polling_sees_groups_and_people),
        TEST(loading_says_when_the_directory_or_a_base_is_away),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
