#include "directory/follow/follow.h"

#include "tests/unit/directory/follow/recorder.h"
#include "tests/unit/support/slapd.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define POSTS "ou=posts," CITY

static struct slapd slapd;
static struct directory *d;
static struct recorder r;
static struct follow *f;
static const char *const attributes[] = {"cn", "description", "member", NULL};

static struct follow_config config_of(void)
{
    return (struct follow_config){.name = "test",
                                  .base = CITY,
                                  .filter = "(objectClass=groupOfNames)",
                                  .attributes = attributes,
                                  .without = "OU=Groups, " CITY,
                                  .poll_seconds = 1};
}

static int start(void **state)
{
    (void)state;
    slapd_start(&slapd);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    slapd_remove(&slapd);
    return 0;
}

static int open_directory(void **state)
{
    (void)state;
    static char uris[160];
    strcpy(uris, slapd.socket_uri);
    struct directory_config c = slapd_config(&slapd);
    memset(&r, 0, sizeof r);
    pthread_mutex_init(&r.lock, NULL);
    d = directory_new(&c);
    return d ? 0 : -1;
}

static int close_directory(void **state)
{
    (void)state;
    follow_stop(f);
    f = NULL;
    directory_free(d);
    pthread_mutex_destroy(&r.lock);
    return 0;
}

static void follow_with(const struct follow_config *config)
{
    const struct follower follower = recorder_follower(&r);
    f = follow_start(d, config, &follower);
    assert_non_null(f);
    WAIT_FOR(follow_is_live(f));
}

static void follow_all(void)
{
    struct follow_config config = config_of();
    follow_with(&config);
}

/* As an administrator with ldapmodify would; the LDAP code. */
static int add_group_at(const char *dn, const char *cn, const char *description)
{
    LDAP *admin = slapd_as_admin(&slapd);
    char *class[] = {(char *)"groupOfNames", NULL}, *names[] = {(char *)cn, NULL},
         *members[] = {(char *)"uid=s-200145,ou=staff," CITY, NULL}, *texts[] = {(char *)description, NULL};
    LDAPMod mods[] = {{.mod_op = LDAP_MOD_ADD, .mod_type = (char *)"objectClass", .mod_values = class},
                      {.mod_op = LDAP_MOD_ADD, .mod_type = (char *)"cn", .mod_values = names},
                      {.mod_op = LDAP_MOD_ADD, .mod_type = (char *)"member", .mod_values = members},
                      {.mod_op = LDAP_MOD_ADD, .mod_type = (char *)"description", .mod_values = texts}};
    LDAPMod *all[] = {&mods[0], &mods[1], &mods[2], &mods[3], NULL};
    int code = ldap_add_ext_s(admin, dn, all, NULL, NULL);
    ldap_unbind_ext(admin, NULL, NULL);
    return code;
}

static int add_group(const char *cn, const char *description)
{
    char dn[128];
    snprintf(dn, sizeof dn, "cn=%s," POSTS, cn);
    return add_group_at(dn, cn, description);
}

static void delete_entry(const char *dn)
{
    LDAP *admin = slapd_as_admin(&slapd);
    assert_int_equal(ldap_delete_ext_s(admin, dn, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

static void rename_entry(const char *dn, const char *rdn, const char *parent)
{
    LDAP *admin = slapd_as_admin(&slapd);
    assert_int_equal(ldap_rename_s(admin, dn, rdn, parent, 1, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

/* In good order: killed at once, it would forget what it had done last. */
static void restart(void)
{
    slapd_end(&slapd, SIGTERM);
    WAIT_FOR(!follow_is_live(f));
    slapd_run(&slapd, false);
}

static void what_is_there_is_told_and_what_is_left_out_is_not(void **state)
{
    (void)state;
    follow_all();
    assert_true(recorder_has(&r, "cn=approver," POSTS, "审批人"));
    assert_true(recorder_has(&r, "cn=head," POSTS, NULL));
    assert_false(recorder_has(&r, "cn=all-staff,ou=groups," CITY, NULL));
    assert_int_equal(recorder_read(&r, &r.complete), 1);
    char cookie[512];
    recorder_cookie(&r, cookie);
    assert_true(strncmp(cookie, "rid=", 4) == 0);
}

static void an_entry_added_changed_renamed_and_deleted_is_told_at_once(void **state)
{
    (void)state;
    follow_all();
    assert_int_equal(add_group("new", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=new," POSTS, "one"));
    slapd_set(&slapd, "cn=new," POSTS, "description", "two");
    WAIT_FOR(recorder_has(&r, "cn=new," POSTS, "two"));
    rename_entry("cn=new," POSTS, "cn=newer", NULL);
    WAIT_FOR(recorder_has(&r, "cn=newer," POSTS, "two"));
    assert_false(recorder_has(&r, "cn=new," POSTS, NULL));
    delete_entry("cn=newer," POSTS);
    WAIT_FOR(!recorder_has(&r, "cn=newer," POSTS, NULL));
}

static void an_entry_moved_where_it_is_left_out_is_gone_and_comes_back(void **state)
{
    (void)state;
    follow_all();
    assert_int_equal(add_group("mover", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=mover," POSTS, NULL));
    rename_entry("cn=mover," POSTS, "cn=mover", "ou=groups," CITY);
    WAIT_FOR(!recorder_has(&r, "cn=mover," POSTS, NULL));
    rename_entry("cn=mover,ou=groups," CITY, "cn=mover", POSTS);
    WAIT_FOR(recorder_has(&r, "cn=mover," POSTS, NULL));
    delete_entry("cn=mover," POSTS);
}

static void thousands_of_changes_end_at_the_last_one(void **state)
{
    (void)state;
    enum { CHANGES = 3000 };
    follow_all();
    assert_int_equal(add_group("busy", "0"), LDAP_SUCCESS);
    LDAP *admin = slapd_as_admin(&slapd);
    char value[16];
    for (int i = 1; i <= CHANGES; i++) {
        char *values[] = {value, NULL};
        LDAPMod mod = {.mod_op = LDAP_MOD_REPLACE, .mod_type = (char *)"description", .mod_values = values};
        LDAPMod *mods[] = {&mod, NULL};
        snprintf(value, sizeof value, "%d", i);
        assert_int_equal(ldap_modify_ext_s(admin, "cn=busy," POSTS, mods, NULL, NULL), LDAP_SUCCESS);
    }
    ldap_unbind_ext(admin, NULL, NULL);
    WAIT_FOR(recorder_has(&r, "cn=busy," POSTS, "3000"));
    delete_entry("cn=busy," POSTS);
}

static void what_happened_while_the_directory_was_down_is_caught_up(void **state)
{
    (void)state;
    follow_all();
    assert_int_equal(add_group("stays", "one"), LDAP_SUCCESS);
    assert_int_equal(add_group("goes", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=goes," POSTS, NULL) && recorder_has(&r, "cn=stays," POSTS, NULL));
    size_t before = recorder_count(&r);
    slapd_kill(&slapd);
    WAIT_FOR(recorder_read(&r, &r.losses) > 0);
    assert_false(follow_is_live(f));
    /* On a socket that the follow does not know. */
    char known[160];
    strcpy(known, slapd.socket_uri);
    strcat(slapd.socket_uri, ".private");
    slapd_run(&slapd, false);
    delete_entry("cn=goes," POSTS);
    slapd_set(&slapd, "cn=stays," POSTS, "description", "two");
    slapd_kill(&slapd);
    strcpy(slapd.socket_uri, known);
    slapd_run(&slapd, false);
    WAIT_FOR(follow_is_live(f));
    assert_true(recorder_has(&r, "cn=stays," POSTS, "two"));
    assert_false(recorder_has(&r, "cn=goes," POSTS, NULL));
    assert_int_equal(recorder_count(&r), before - 1);
    delete_entry("cn=stays," POSTS);
}

static void a_remembered_cookie_gives_only_what_changed_since(void **state)
{
    (void)state;
    follow_all();
    assert_int_equal(add_group("stays", "one"), LDAP_SUCCESS);
    assert_int_equal(add_group("goes", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=goes," POSTS, NULL) && recorder_has(&r, "cn=stays," POSTS, NULL));
    WAIT_FOR(recorder_read(&r, &r.settles) > 1);
    follow_stop(f);
    unsigned puts = r.puts;
    delete_entry("cn=goes," POSTS);
    slapd_set(&slapd, "cn=stays," POSTS, "description", "two");
    struct follow_config config = config_of();
    char cookie[512];
    strcpy(cookie, r.cookie);
    config.cookie = str_of(cookie);
    follow_with(&config);
    assert_true(recorder_has(&r, "cn=stays," POSTS, "two"));
    assert_false(recorder_has(&r, "cn=goes," POSTS, NULL));
    /* The session log knows what was deleted: nothing was read anew. */
    assert_int_equal(recorder_read(&r, &r.complete), 1);
    assert_true(recorder_read(&r, &r.puts) - puts <= 2);
    delete_entry("cn=stays," POSTS);
}

static void from_now_nothing_is_read(void **state)
{
    (void)state;
    struct follow_config config = config_of();
    config.from_now = true;
    follow_with(&config);
    assert_int_equal(recorder_read(&r, &r.nows), 1);
    assert_int_equal(recorder_read(&r, &r.puts), 0);
    assert_int_equal(add_group("new", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=new," POSTS, "one"));
    /* The server has lost its session log: it names all that are there. */
    restart();
    WAIT_FOR(follow_is_live(f));
    assert_int_equal(recorder_read(&r, &r.nows), 1);
    delete_entry("cn=new," POSTS);
    WAIT_FOR(!recorder_has(&r, "cn=new," POSTS, NULL));
}

static void a_cookie_that_the_server_cannot_take_begins_anew(void **state)
{
    (void)state;
    static const char *const cookies[] = {"nonsense", "rid=000", "rid=000,csn=nonsense",
                                          "poll 20260101000000Z",
                                          "rid=000,csn=20991231235959.000000Z#000000#000#000000"};
    for (size_t i = 0; i < sizeof cookies / sizeof *cookies; i++) {
        struct follow_config config = config_of();
        config.cookie = str_of(cookies[i]);
        follow_with(&config);
        assert_true(recorder_has(&r, "cn=approver," POSTS, NULL));
        follow_stop(f);
        f = NULL;
        r.n = 0;
    }
}

static void what_was_not_taken_comes_again(void **state)
{
    (void)state;
    follow_all();
    pthread_mutex_lock(&r.lock);
    r.refuse = 2;
    pthread_mutex_unlock(&r.lock);
    assert_int_equal(add_group("stubborn", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=stubborn," POSTS, "one"));
    assert_int_equal(recorder_read(&r, &r.losses), 2);
    delete_entry("cn=stubborn," POSTS);
    WAIT_FOR(!recorder_has(&r, "cn=stubborn," POSTS, NULL));
}

static void a_server_that_says_nothing_any_more_is_noticed(void **state)
{
    (void)state;
    follow_all();
    slapd_freeze(&slapd);
    WAIT_FOR(recorder_read(&r, &r.losses) > 0);
    assert_false(follow_is_live(f));
    slapd_thaw(&slapd);
    WAIT_FOR(follow_is_live(f));
}

static void it_stops_at_once_whatever_the_server_does(void **state)
{
    (void)state;
    follow_all();
    follow_stop(f);
    follow_all();
    slapd_freeze(&slapd);
    follow_stop(f);
    slapd_thaw(&slapd);
    slapd_kill(&slapd);
    struct follow_config config = config_of();
    const struct follower follower = recorder_follower(&r);
    f = follow_start(d, &config, &follower);
    follow_stop(f);
    f = NULL;
    slapd_run(&slapd, false);
}

static void reading_once_gives_a_cookie_to_go_on_from(void **state)
{
    (void)state;
    struct follow_config config = config_of();
    const struct follower follower = recorder_follower(&r);
    assert_int_equal(follow_read(d, &config, &follower), RESULT_OK);
    assert_true(recorder_has(&r, "cn=approver," POSTS, "审批人"));
    assert_false(recorder_has(&r, "cn=all-staff,ou=groups," CITY, NULL));
    char cookie[512];
    strcpy(cookie, r.cookie);
    assert_true(strncmp(cookie, "rid=000,csn=", 12) == 0);
    unsigned puts = r.puts;
    size_t count = recorder_count(&r);
    config.cookie = str_of(cookie);
    follow_with(&config);
    assert_true(recorder_read(&r, &r.puts) - puts <= 1);
    assert_int_equal(recorder_count(&r), count);
    assert_int_equal(add_group("new", "one"), LDAP_SUCCESS);
    /* The entry has the same uuid either way. */
    slapd_set(&slapd, "cn=approver," POSTS, "description", "changed");
    WAIT_FOR(recorder_has(&r, "cn=approver," POSTS, "changed"));
    slapd_set(&slapd, "cn=approver," POSTS, "description", "审批人");
    delete_entry("cn=new," POSTS);
    WAIT_FOR(recorder_count(&r) == count);
}

static void reading_what_is_not_there_says_why(void **state)
{
    (void)state;
    struct follow_config config = config_of();
    const struct follower follower = recorder_follower(&r);
    config.base = "ou=nowhere," CITY;
    assert_int_equal(follow_read(d, &config, &follower), RESULT_NOT_FOUND);
    slapd_kill(&slapd);
    assert_int_equal(follow_read(d, &config, &follower), RESULT_UNAVAILABLE);
    slapd_run(&slapd, false);
}

static void poll_all(bool from_now)
{
    struct follow_config config = config_of();
    config.polls = true;
    config.from_now = from_now;
    follow_with(&config);
}

static void polling_sees_what_is_added_changed_renamed_and_deleted(void **state)
{
    (void)state;
    poll_all(false);
    assert_true(recorder_has(&r, "cn=approver," POSTS, "审批人"));
    assert_false(recorder_has(&r, "cn=all-staff,ou=groups," CITY, NULL));
    unsigned puts = recorder_read(&r, &r.puts);
    assert_int_equal(add_group("new", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=new," POSTS, "one"));
    /* Twice within the second by which changes are dated. */
    slapd_set(&slapd, "cn=new," POSTS, "description", "two");
    WAIT_FOR(recorder_has(&r, "cn=new," POSTS, "two"));
    slapd_set(&slapd, "cn=new," POSTS, "description", "three");
    rename_entry("cn=new," POSTS, "cn=newer", NULL);
    WAIT_FOR(recorder_has(&r, "cn=newer," POSTS, "three"));
    delete_entry("cn=newer," POSTS);
    WAIT_FOR(!recorder_has(&r, "cn=newer," POSTS, NULL));
    /* What did not change is not told again, though the questions overlap. */
    assert_true(recorder_read(&r, &r.puts) - puts <= 4);
}

static void polling_from_now_reads_nothing_and_sees_who_leaves(void **state)
{
    (void)state;
    assert_int_equal(add_group("leaver", "one"), LDAP_SUCCESS);
    poll_all(true);
    assert_int_equal(recorder_read(&r, &r.nows), 1);
    assert_int_equal(recorder_read(&r, &r.puts), 0);
    delete_entry("cn=leaver," POSTS);
    WAIT_FOR(recorder_read(&r, &r.gones) == 1);
    assert_int_equal(add_group("new", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=new," POSTS, "one"));
    delete_entry("cn=new," POSTS);
    WAIT_FOR(!recorder_has(&r, "cn=new," POSTS, NULL));
}

static void polling_goes_on_from_its_cookie_and_names_who_is_there(void **state)
{
    (void)state;
    assert_int_equal(add_group("stays", "one"), LDAP_SUCCESS);
    assert_int_equal(add_group("goes", "one"), LDAP_SUCCESS);
    poll_all(false);
    follow_stop(f);
    assert_true(strncmp(r.cookie, "poll modifyTimestamp ", 21) == 0);
    delete_entry("cn=goes," POSTS);
    slapd_set(&slapd, "cn=stays," POSTS, "description", "two");
    char cookie[512];
    strcpy(cookie, r.cookie);
    struct follow_config config = config_of();
    config.polls = true;
    config.cookie = str_of(cookie);
    follow_with(&config);
    assert_true(recorder_read(&r, &r.presents) > 0);
    assert_true(recorder_has(&r, "cn=stays," POSTS, "two"));
    assert_true(recorder_has(&r, "cn=approver," POSTS, NULL));
    assert_false(recorder_has(&r, "cn=goes," POSTS, NULL));
    delete_entry("cn=stays," POSTS);
}

/* As when a branch is moved here: the entry comes to match without a change of its own, and keeps its date.
 */
static void polling_sees_an_entry_that_comes_without_a_change(void **state)
{
    (void)state;
    struct follow_config config = config_of();
    config.polls = true;
    config.filter = "(&(objectClass=organizationalUnit)(hasSubordinates=TRUE))";
    follow_with(&config);
    assert_true(recorder_has(&r, "ou=330102,ou=orgs," CITY, NULL));
    assert_false(recorder_has(&r, "ou=D0412,ou=330102,ou=orgs," CITY, NULL));
    assert_int_equal(add_group_at("cn=child,ou=D0412,ou=330102,ou=orgs," CITY, "child", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "ou=D0412,ou=330102,ou=orgs," CITY, NULL));
    delete_entry("cn=child,ou=D0412,ou=330102,ou=orgs," CITY);
    WAIT_FOR(!recorder_has(&r, "ou=D0412,ou=330102,ou=orgs," CITY, NULL));
}

static void polling_survives_the_directory(void **state)
{
    (void)state;
    poll_all(false);
    assert_int_equal(add_group("goes", "one"), LDAP_SUCCESS);
    WAIT_FOR(recorder_has(&r, "cn=goes," POSTS, NULL));
    slapd_kill(&slapd);
    WAIT_FOR(recorder_read(&r, &r.losses) > 0);
    slapd_run(&slapd, false);
    delete_entry("cn=goes," POSTS);
    WAIT_FOR(!recorder_has(&r, "cn=goes," POSTS, NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_directory, close_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_there_is_told_and_what_is_left_out_is_not),
        TEST(an_entry_added_changed_renamed_and_deleted_is_told_at_once),
        TEST(an_entry_moved_where_it_is_left_out_is_gone_and_comes_back),
        TEST(thousands_of_changes_end_at_the_last_one),
        TEST(what_happened_while_the_directory_was_down_is_caught_up),
        TEST(a_remembered_cookie_gives_only_what_changed_since),
        TEST(from_now_nothing_is_read),
        TEST(a_cookie_that_the_server_cannot_take_begins_anew),
        TEST(what_was_not_taken_comes_again),
        TEST(a_server_that_says_nothing_any_more_is_noticed),
        TEST(it_stops_at_once_whatever_the_server_does),
        TEST(reading_once_gives_a_cookie_to_go_on_from),
        TEST(reading_what_is_not_there_says_why),
        TEST(polling_sees_what_is_added_changed_renamed_and_deleted),
        TEST(polling_from_now_reads_nothing_and_sees_who_leaves),
        TEST(polling_goes_on_from_its_cookie_and_names_who_is_there),
        TEST(polling_sees_an_entry_that_comes_without_a_change),
        TEST(polling_survives_the_directory),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
