#include "directory/person.h"

#include "directory/registry.h"
#include "server/base/metric.h"
#include "tests/unit/support/slapd.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct slapd slapd;
static struct sample_person citizen;
static struct directory *d;

static const struct str citizen_dn = {"uid=n-7f3a0c51,ou=citizens," CITY,
                                      sizeof "uid=n-7f3a0c51,ou=citizens," CITY - 1};

static int start(void **state)
{
    (void)state;
    slapd_start(&slapd);
    citizen = slapd_person(&slapd, "citizen");
    struct directory_config c = slapd_config(&slapd);
    d = directory_new(&c);
    return d && registry_prepare(d) == RESULT_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    directory_free(d);
    slapd_remove(&slapd);
    return 0;
}

static void the_right_password_passes_and_no_other(void **state)
{
    (void)state;
    assert_int_equal(person_check_password(d, citizen_dn, str_of(citizen.password)), RESULT_OK);
    struct sample_person other = slapd_person(&slapd, "citizen2");
    assert_int_equal(person_check_password(d, citizen_dn, str_of(other.password)), RESULT_REFUSED);
    assert_int_equal(person_check_password(d, citizen_dn, STR("x")), RESULT_REFUSED);
    assert_int_equal(person_check_password(d, citizen_dn, STR(" ")), RESULT_REFUSED);
}

static void an_empty_password_or_one_with_nul_is_refused(void **state)
{
    (void)state;
    char bytes[64];
    size_t n = strlen(citizen.password);
    assert_int_equal(person_check_password(d, citizen_dn, STR_EMPTY), RESULT_REFUSED);
    assert_int_equal(person_check_password(d, citizen_dn, STR("\0")), RESULT_REFUSED);
    memcpy(bytes, citizen.password, n + 1);
    assert_int_equal(person_check_password(d, citizen_dn, (struct str){bytes, n + 1}), RESULT_REFUSED);
    bytes[0] = '\0';
    memcpy(bytes + 1, citizen.password, n);
    assert_int_equal(person_check_password(d, citizen_dn, (struct str){bytes, n + 1}), RESULT_REFUSED);
    assert_int_equal(person_check_password(d, STR_EMPTY, str_of(citizen.password)), RESULT_REFUSED);
    assert_int_equal(person_check_decoy(d, STR_EMPTY), RESULT_REFUSED);
}

/* They never reach the wire: the answer is the same where nobody could have given one. */
static void such_passwords_are_refused_without_a_server(void **state)
{
    (void)state;
    struct directory_config c = slapd_config(&slapd);
    char closed[64];
    snprintf(closed, sizeof closed, "ldap://127.0.0.1:%d", free_port());
    c.uris = str_of(closed);
    struct directory *away = directory_new(&c);
    static char endless[100000];
    memset(endless, 'a', sizeof endless);
    assert_int_equal(person_check_password(away, citizen_dn, STR_EMPTY), RESULT_REFUSED);
    assert_int_equal(person_check_password(away, citizen_dn, STR("\0x")), RESULT_REFUSED);
    assert_int_equal(person_check_password(away, citizen_dn, (struct str){endless, sizeof endless}),
                     RESULT_REFUSED);
    uint64_t before = metric_read(METRIC_DIRECTORY_UNAVAILABLE);
    assert_int_equal(person_check_password(away, citizen_dn, STR("x")), RESULT_UNAVAILABLE);
    assert_int_equal(metric_read(METRIC_DIRECTORY_UNAVAILABLE), before + 1);
    directory_free(away);
}

static void an_entry_without_a_password_or_no_entry_at_all_is_refused(void **state)
{
    (void)state;
    assert_int_equal(person_check_password(d, STR("ou=citizens," CITY), STR("x")), RESULT_REFUSED);
    assert_int_equal(person_check_password(d, STR("uid=nobody,ou=citizens," CITY), STR("x")), RESULT_REFUSED);
}

static void a_disabled_person_is_refused_with_the_right_password(void **state)
{
    (void)state;
    struct sample_person disabled = slapd_person(&slapd, "disabled");
    char dn[128];
    snprintf(dn, sizeof dn, "uid=%s,ou=staff," CITY, disabled.uid);
    assert_int_equal(person_check_password(d, str_of(dn), str_of(disabled.password)), RESULT_REFUSED);
    slapd_set(&slapd, dn, "pwdAccountLockedTime", NULL);
    assert_int_equal(person_check_password(d, str_of(dn), str_of(disabled.password)), RESULT_OK);
}

/* A referral leads to a server that nobody configured: it is neither followed nor taken for an answer. */
static void a_bind_that_is_referred_elsewhere_is_no_sign_in(void **state)
{
    (void)state;
    int port = free_port();
    slapd_shell(
        "printf 'dn: cn=away,ou=citizens,%s\\nobjectClass: referral\\nobjectClass: extensibleObject\\n"
        "cn: away\\nref: ldap://127.0.0.1:%d/%s\\n' | ldapadd -M -x -H %s -D cn=admin,%s -y "
        "%s/admin.password >/dev/null",
        CITY, port, CITY, slapd.socket_uri, CITY, slapd.folder);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);

    enum result r = person_check_password(d, STR("cn=away,ou=citizens," CITY), STR("x"));
    assert_true(r == RESULT_UNAVAILABLE || r == RESULT_REFUSED);
    struct arena *a = arena_new(1 << 16);
    struct person *p;
    assert_int_equal(person_by_login(d, a, STR("away"), &p), RESULT_NOT_FOUND);
    assert_int_equal(person_by_login(d, a, str_of(citizen.uid), &p), RESULT_OK);
    arena_free(a);
    assert_int_equal(accept(listener, NULL, NULL), -1);
    close(listener);
}

/* The citizen may read nobody: were the search to run as them, it would find nothing. */
static void a_person_never_lends_their_identity_to_a_search(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    for (int i = 0; i < 20; i++) {
        struct person *p;
        assert_int_equal(person_check_password(d, citizen_dn, str_of(citizen.password)), RESULT_OK);
        assert_int_equal(person_by_login(d, a, str_of(citizen.mail), &p), RESULT_OK);
        assert_int_equal(person_check_password(d, citizen_dn, STR("wrong")), RESULT_REFUSED);
        assert_int_equal(person_by_login(d, a, str_of(citizen.mail), &p), RESULT_OK);
    }
    arena_free(a);
}

static void the_decoy_is_nobody_and_costs_what_a_person_costs(void **state)
{
    (void)state;
    char hash[128], of_person[128];
    assert_int_equal(person_check_decoy(d, STR("x")), RESULT_REFUSED);
    LDAP *admin = slapd_as_admin(&slapd);
    assert_true(slapd_get(admin, "cn=decoy," REGISTRY, "userPassword", hash, sizeof hash));
    assert_true(slapd_get(admin, citizen_dn.p, "userPassword", of_person, sizeof of_person));
    ldap_unbind_ext(admin, NULL, NULL);
    assert_memory_equal(hash, of_person, strlen("{SSHA}"));

    slapd_set(&slapd, "cn=decoy," REGISTRY, "userPassword", "known");
    assert_int_equal(person_check_password(d, STR("cn=decoy," REGISTRY), STR("known")), RESULT_OK);
    assert_int_equal(person_check_decoy(d, STR("known")), RESULT_REFUSED);
}

static void preparing_again_changes_nothing(void **state)
{
    (void)state;
    char before[128], after[128];
    LDAP *admin = slapd_as_admin(&slapd);
    assert_true(slapd_get(admin, "cn=decoy," REGISTRY, "entryCSN", before, sizeof before));
    assert_int_equal(registry_prepare(d), RESULT_OK);
    assert_true(slapd_get(admin, "cn=decoy," REGISTRY, "entryCSN", after, sizeof after));
    assert_string_equal(before, after);
    ldap_unbind_ext(admin, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_password_passes_and_no_other),
        cmocka_unit_test(an_empty_password_or_one_with_nul_is_refused),
        cmocka_unit_test(such_passwords_are_refused_without_a_server),
        cmocka_unit_test(an_entry_without_a_password_or_no_entry_at_all_is_refused),
        cmocka_unit_test(a_disabled_person_is_refused_with_the_right_password),
        cmocka_unit_test(a_bind_that_is_referred_elsewhere_is_no_sign_in),
        cmocka_unit_test(a_person_never_lends_their_identity_to_a_search),
        cmocka_unit_test(the_decoy_is_nobody_and_costs_what_a_person_costs),
        cmocka_unit_test(preparing_again_changes_nothing),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
