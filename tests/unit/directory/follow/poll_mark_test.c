/* Polling by a count of changes, as Active Directory keeps it: here a slapd in its clothes, counted by hand.
 */
#include "directory/follow/poll_mark.h"

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

/* The attributes, and a root DSE that has two of them. */
static void dress_up(void)
{
    slapd_shell(
        "printf 'dn: cn=count,cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: count\n"
        "olcAttributeTypes: ( 2.25.1.11 NAME \\047uSNChanged\\047 EQUALITY integerMatch ORDERING "
        "integerOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )\n"
        "olcAttributeTypes: ( 2.25.1.12 NAME \\047highestCommittedUSN\\047 EQUALITY integerMatch SYNTAX "
        "1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )\n"
        "olcAttributeTypes: ( 2.25.1.13 NAME \\047dsServiceName\\047 EQUALITY caseIgnoreMatch SYNTAX "
        "1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )\n"
        "olcObjectClasses: ( 2.25.1.14 NAME \\047counted\\047 AUXILIARY MAY uSNChanged )\n' | "
        "PATH=$PATH:/usr/sbin slapadd -n 0 -F %s/slapd.d >/dev/null 2>&1",
        slapd.folder);
    slapd_shell("printf 'dn:\nhighestCommittedUSN: 100\ndsServiceName: CN=NTDS,CN=DC1\n' >%s/root.ldif && "
                "printf 'dn: cn=config\nchangetype: modify\nadd: olcRootDSE\nolcRootDSE: %s/root.ldif\n' | "
                "PATH=$PATH:/usr/sbin slapmodify -n 0 -F %s/slapd.d >/dev/null 2>&1",
                slapd.folder, slapd.folder, slapd.folder);
}

static void count(const char *dn, const char *number)
{
    slapd_set(&slapd, dn, "uSNChanged", number);
}

static int start(void **state)
{
    (void)state;
    static const char *const posts[] = {"cn=approver," POSTS, "cn=clerk," POSTS, "cn=head," POSTS};
    slapd_make(&slapd);
    dress_up();
    slapd_run(&slapd, false);
    LDAP *admin = slapd_as_admin(&slapd);
    for (int i = 0; i < 3; i++) {
        char number[16], *class[] = {(char *)(uintptr_t) "counted", NULL}, *numbers[] = {number, NULL};
        LDAPMod mods[] = {
            {.mod_op = LDAP_MOD_ADD, .mod_type = (char *)(uintptr_t) "objectClass", .mod_values = class},
            {.mod_op = LDAP_MOD_ADD, .mod_type = (char *)(uintptr_t) "uSNChanged", .mod_values = numbers}};
        LDAPMod *all[] = {&mods[0], &mods[1], NULL};
        snprintf(number, sizeof number, "%d", 10 + i);
        if (ldap_modify_ext_s(admin, posts[i], all, NULL, NULL) != LDAP_SUCCESS)
            slapd_say(posts[i]);
    }
    ldap_unbind_ext(admin, NULL, NULL);
    struct directory_config c = slapd_config(&slapd);
    d = directory_new(&c);
    pthread_mutex_init(&r.lock, NULL);
    return d ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    directory_free(d);
    slapd_remove(&slapd);
    return 0;
}

static int end_follow(void **state)
{
    (void)state;
    follow_stop(f);
    f = NULL;
    return 0;
}

static void follow_from(const char *cookie)
{
    static const char *const attributes[] = {"cn", "description", NULL};
    const struct follow_config config = {.name = "test",
                                         .base = POSTS,
                                         .filter = "(objectClass=counted)",
                                         .attributes = attributes,
                                         .cookie = str_of(cookie),
                                         .poll_seconds = 1,
                                         .polls = true};
    const struct follower follower = recorder_follower(&r);
    f = follow_start(d, &config, &follower);
    assert_non_null(f);
    WAIT_FOR(follow_is_live(f));
}

static void changes_are_found_by_their_count(void **state)
{
    (void)state;
    follow_from("");
    char cookie[512];
    recorder_cookie(&r, cookie);
    assert_string_equal(cookie, "poll uSNChanged 12 CN=NTDS,CN=DC1");
    /* Not counted, so not seen; then counted. */
    slapd_set(&slapd, "cn=approver," POSTS, "description", "changed");
    slapd_set(&slapd, "cn=clerk," POSTS, "description", "changed");
    count("cn=clerk," POSTS, "13");
    WAIT_FOR(recorder_has(&r, "cn=clerk," POSTS, "changed"));
    assert_false(recorder_has(&r, "cn=approver," POSTS, "changed"));
    count("cn=approver," POSTS, "14");
    WAIT_FOR(recorder_has(&r, "cn=approver," POSTS, "changed"));
}

static void the_count_of_another_server_says_nothing(void **state)
{
    (void)state;
    unsigned puts = r.puts;
    follow_from("poll uSNChanged 14 CN=NTDS,CN=DC1");
    assert_true(recorder_read(&r, &r.puts) - puts <= 1);
    follow_stop(f);
    f = NULL;
    puts = r.puts;
    follow_from("poll uSNChanged 14 CN=NTDS,CN=DC2");
    assert_int_equal(recorder_read(&r, &r.puts) - puts, 3);
}

static void a_mark_goes_through_its_cookie(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct poll_mark m = {.attribute = "modifyTimestamp", .newest = 1795478400},
                     back = {.attribute = "modifyTimestamp"};
    struct str cookie = poll_mark_cookie(&m, a);
    assert_true(poll_mark_from_cookie(&back, cookie));
    assert_int_equal(back.newest, m.newest);
    static const char *const strange[] = {"",
                                          "poll",
                                          "poll ",
                                          "poll modifyTimestamp",
                                          "poll modifyTimestamp x ",
                                          "poll modifyTimestamp 1",
                                          "poll uSNChanged 5 ",
                                          "rid=000,csn=1",
                                          "poll modifyTimestamp 99999999999999999999999 ",
                                          "poll modifyTimestamp 5 DC1"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        if (poll_mark_from_cookie(&back, str_of(strange[i])) && back.newest != 1)
            fail_msg("taken: %s", strange[i]);
    arena_free(a);
}

static void times_overlap_and_their_fractions_do_not_matter(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct poll_mark m = {.attribute = "modifyTimestamp"};
    struct str values[] = {STR("20261124000000Z"), STR("20261124000005.25Z"), STR("nonsense")};
    for (size_t i = 0; i < 3; i++) {
        struct attribute at = {.name = "modifyTimestamp", .values = &values[i], .count = 1};
        const struct entry e = {.attributes = &at, .count = 1};
        poll_mark_see(&m, &e);
    }
    assert_true(
        str_eq(poll_mark_filter(&m, a, "(cn=x)"), STR("(&(cn=x)(modifyTimestamp>=20261123235955Z))")));
    m = (struct poll_mark){.attribute = "uSNChanged", .newest = 7};
    assert_true(str_eq(poll_mark_filter(&m, a, "(cn=x)"), STR("(&(cn=x)(uSNChanged>=7))")));
    m = (struct poll_mark){.attribute = "modifyTimestamp"};
    assert_true(
        str_eq(poll_mark_filter(&m, a, "(cn=x)"), STR("(&(cn=x)(modifyTimestamp>=19700101000000Z))")));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(changes_are_found_by_their_count, end_follow),
        cmocka_unit_test_teardown(the_count_of_another_server_says_nothing, end_follow),
        cmocka_unit_test(a_mark_goes_through_its_cookie),
        cmocka_unit_test(times_overlap_and_their_fractions_do_not_matter),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
