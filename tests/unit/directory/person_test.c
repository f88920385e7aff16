#include "directory/person.h"

#include "tests/unit/support/slapd.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct slapd slapd;
static struct sample_person citizen, staff;
static struct directory *d;
static struct arena *a;

/* What Active Directory names its people by: sixteen bytes. */
static void add_guid_schema(void)
{
    slapd_shell("printf 'dn: cn=guid,cn=schema,cn=config\nobjectClass: olcSchemaConfig\ncn: guid\n"
                "olcAttributeTypes: ( 2.25.1.1 NAME \\047objectGUID\\047 EQUALITY octetStringMatch SYNTAX "
                "1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )\n"
                "olcObjectClasses: ( 2.25.1.2 NAME \\047withGuid\\047 AUXILIARY MAY objectGUID )\n' | "
                "PATH=$PATH:/usr/sbin slapadd -n 0 -F %s/slapd.d >/dev/null 2>&1",
                slapd.folder);
}

static int start(void **state)
{
    (void)state;
    slapd_make(&slapd);
    add_guid_schema();
    slapd_run(&slapd, false);
    citizen = slapd_person(&slapd, "citizen");
    staff = slapd_person(&slapd, "staff");
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
    struct directory_config c = slapd_config(&slapd);
    d = directory_new(&c);
    a = arena_new(1 << 20);
    return d && a ? 0 : -1;
}

static int close_directory(void **state)
{
    (void)state;
    directory_free(d);
    arena_free(a);
    return 0;
}

static enum result find_with(struct directory_config c, struct str login, struct person **out)
{
    struct directory *other = directory_new(&c);
    assert_non_null(other);
    enum result r = person_by_login(other, a, login, out);
    directory_free(other);
    return r;
}

static void assert_nobody(struct str login)
{
    struct person *p;
    if (person_by_login(d, a, login, &p) != RESULT_NOT_FOUND)
        fail_msg("somebody is '" STR_FMT "'", STR_ARG(login));
}

static void a_citizen_is_found_by_uid_mail_and_mobile_whatever_the_case(void **state)
{
    (void)state;
    static const char *const logins[] = {"n-7f3a0c51", "N-7F3A0C51", "li.na@mail.example",
                                         "LI.NA@Mail.Example", "13800000001"};
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        struct person *p = NULL;
        assert_int_equal(person_by_login(d, a, str_of(logins[i]), &p), RESULT_OK);
        assert_true(str_eq(p->subject, str_of(citizen.uid)));
        assert_true(str_eq(p->dn, STR("uid=n-7f3a0c51,ou=citizens," CITY)));
        assert_int_equal(p->uuid.len, 36);
        assert_true(str_eq(p->kind, STR("citizen")));
        assert_true(str_eq(p->display_name, STR("李娜")));
        assert_true(str_eq(p->given_name, STR("娜")));
        assert_true(str_eq(p->family_name, STR("李")));
        assert_true(str_eq(p->mail, STR("li.na@mail.example")));
        assert_true(str_eq(p->mobile, STR("13800000001")));
        assert_false(p->disabled);
    }
}

static void a_staff_member_has_all_organisations_however_found(void **state)
{
    (void)state;
    struct person *by_login = NULL, *p = NULL;
    assert_int_equal(person_by_login(d, a, str_of(staff.uid), &by_login), RESULT_OK);
    assert_int_equal(person_by_subject(d, a, str_of(staff.uid), &p), RESULT_OK);
    assert_true(str_eq(p->uuid, by_login->uuid));
    assert_true(str_eq(p->kind, STR("staff")));
    assert_true(str_eq(p->organisations, STR("330102/D0412 330102/D0077")));
    assert_true(str_eq(p->organisation, STR("330102/D0412")));
    assert_int_equal(person_by_uuid(d, a, by_login->uuid, &p), RESULT_OK);
    assert_true(str_eq(p->subject, str_of(staff.uid)));
}

static void an_organisation_may_be_named_by_its_dn(void **state)
{
    (void)state;
    struct directory_config c = slapd_config(&slapd);
    struct str uuid = STR("2b1c7a2e-0000-103f-8000-000000000001"), uid = STR("s-1");
    struct str where[] = {STR("OU=D0077, ou=330102,ou=orgs," CITY), STR("Room 7"), STR("330106"),
                          STR("ou=staff," CITY)};
    struct attribute all[] = {{"entryUUID", &uuid, 1}, {"uid", &uid, 1}, {"departmentNumber", where, 4}};
    const struct entry e = {.dn = STR("uid=s-1,ou=staff," CITY), .attributes = all, .count = 3};
    struct person *p;
    assert_int_equal(person_of_entry(&c, a, &e, &p), RESULT_OK);
    assert_true(str_eq(p->organisations, STR("330102/D0077 330106")));
    assert_true(str_eq(p->organisation, STR("330102/D0077")));
}

static void an_identity_level_of_ones_own_is_a_number_of_the_scale(void **state)
{
    (void)state;
    static const struct {
        const char *written;
        int64_t read;
    } rows[] = {{"1", 1}, {"5", 5}, {"6", 0}, {"0", 0}, {"-1", 0}, {"03", 0}, {"high", 0}, {"", 0}};
    struct directory_config c = slapd_config(&slapd);
    struct str uuid = STR("2b1c7a2e-0000-103f-8000-000000000001"), uid = STR("s-1"), level;
    struct attribute all[] = {{"entryUUID", &uuid, 1}, {"uid", &uid, 1}, {"roomNumber", &level, 1}};
    const struct entry e = {.dn = STR("uid=s-1,ou=staff," CITY), .attributes = all, .count = 3};
    struct person *p;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        level = str_of(rows[i].written);
        c.map.identity_level = "roomNumber";
        assert_int_equal(person_of_entry(&c, a, &e, &p), RESULT_OK);
        assert_int_equal(p->identity_level, rows[i].read);
        c.map.identity_level = NULL;
        assert_int_equal(person_of_entry(&c, a, &e, &p), RESULT_OK);
        assert_int_equal(p->identity_level, 0);
    }
}

static void a_subject_is_one_spelling_of_one_attribute(void **state)
{
    (void)state;
    struct person *p;
    assert_int_equal(person_by_subject(d, a, STR("S-200145"), &p), RESULT_NOT_FOUND);
    assert_int_equal(person_by_subject(d, a, str_of(staff.mail), &p), RESULT_NOT_FOUND);
    assert_int_equal(person_by_subject(d, a, STR("s-*"), &p), RESULT_NOT_FOUND);
    assert_int_equal(person_by_subject(d, a, STR("s-200145\0"), &p), RESULT_NOT_FOUND);
    assert_int_equal(person_by_subject(d, a, STR_EMPTY, &p), RESULT_NOT_FOUND);
}

static void the_bytes_of_a_uuid_are_written_as_the_directory_writes_them(void **state)
{
    (void)state;
    const struct str bytes = STR("\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10");
    static const char *const pairs[][2] = {{"entryUUID", "01234567-89ab-cdef-fedc-ba9876543210"},
                                           {"nsUniqueId", "01234567-89abcdef-fedcba98-76543210"},
                                           {"objectGUID", "0123456789abcdeffedcba9876543210"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct directory_config c = slapd_config(&slapd);
        c.map.uuid = pairs[i][0];
        assert_true(str_eq(person_uuid_text(&c, a, bytes), str_of(pairs[i][1])));
    }
}

static void a_login_that_means_something_to_ldap_is_nobody(void **state)
{
    (void)state;
    static const struct str tricks[] = {
        STR("*"),
        STR("*)(uid=*"),
        STR("n-*"),
        STR("n-7f3a0c51)(|(uid=*"),
        STR("n-7f3a0c5\\31"),
        STR("n-7f3a0c51\\"),
        STR("(uid=n-7f3a0c51)"),
        STR(",=+\"\\<>;#"),
        STR("#n-7f3a0c51"),
        STR("uid=n-7f3a0c51,ou=citizens," CITY),
        STR("\"n-7f3a0c51\""),
        STR("&"),
        STR("!"),
    };
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++)
        assert_nobody(tricks[i]);
}

static void a_login_that_nobody_types_is_nobody(void **state)
{
    (void)state;
    static const struct str odd[] = {
        STR(""),
        STR(" n-7f3a0c51"),
        STR("n-7f3a0c51 "),
        STR("n-7f3a0c51\0"),
        STR("\0n-7f3a0c51"),
        STR("n-7f3a0c51\n"),
        STR("n-7f3a\xe2\x80\x8b"
            "0c51"), /* a zero-width space */
        STR("n-7f3a0c51\xff"),
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_nobody(odd[i]);
    char endless[4096];
    memset(endless, 'a', sizeof endless);
    assert_nobody((struct str){endless, sizeof endless});
}

/* Whether a directory folds them is its own affair; it must never be a third person. */
static void full_width_letters_are_the_same_account_or_nobody(void **state)
{
    (void)state;
    struct person *p = NULL;
    enum result r = person_by_login(d, a, STR("ｎ-7f3a0c51"), &p);
    assert_true(r == RESULT_OK || r == RESULT_NOT_FOUND);
    if (r == RESULT_OK)
        assert_true(str_eq(p->subject, str_of(citizen.uid)));
}

static void a_login_shared_by_two_is_nobody(void **state)
{
    (void)state;
    const char *other = "uid=n-a07d5e13,ou=citizens," CITY;
    slapd_set(&slapd, other, "mail", citizen.mail);
    assert_nobody(str_of(citizen.mail));
    /* A third does not make it pass by hitting the size limit. */
    slapd_set(&slapd, "uid=n-b2e6f924,ou=citizens," CITY, "mail", citizen.mail);
    assert_nobody(str_of(citizen.mail));
    struct person *p = NULL;
    assert_int_equal(person_by_login(d, a, str_of(citizen.uid), &p), RESULT_OK);
    slapd_set(&slapd, other, "mail", "chen.siyuan@mail.example");
    slapd_set(&slapd, "uid=n-b2e6f924,ou=citizens," CITY, "mail", "liu.guilan@mail.example");
    assert_int_equal(person_by_login(d, a, str_of(citizen.mail), &p), RESULT_OK);
}

static void a_person_with_two_subjects_is_an_error_of_the_directory(void **state)
{
    (void)state;
    LDAP *admin = slapd_as_admin(&slapd);
    char name[] = "uid", alias[] = "alias", *values[] = {alias, NULL};
    LDAPMod mod = {.mod_op = LDAP_MOD_ADD, .mod_type = name, .mod_values = values}, *mods[] = {&mod, NULL};
    assert_int_equal(ldap_modify_ext_s(admin, "uid=n-c3f81a35,ou=citizens," CITY, mods, NULL, NULL),
                     LDAP_SUCCESS);
    struct person *p;
    assert_int_equal(person_by_login(d, a, STR("n-c3f81a35"), &p), RESULT_INTERNAL);
    ldap_unbind_ext(admin, NULL, NULL);
}

static void a_disabled_person_bears_the_mark(void **state)
{
    (void)state;
    struct person *p = NULL;
    struct sample_person disabled = slapd_person(&slapd, "disabled");
    assert_int_equal(person_by_login(d, a, str_of(disabled.uid), &p), RESULT_OK);
    assert_true(p->disabled);

    struct sample_person leaver = slapd_person(&slapd, "leaver");
    assert_int_equal(person_by_login(d, a, str_of(leaver.uid), &p), RESULT_OK);
    assert_false(p->disabled);
    char dn[128];
    snprintf(dn, sizeof dn, "uid=%s,ou=staff," CITY, leaver.uid);
    slapd_set(&slapd, dn, "pwdAccountLockedTime", "000001010000Z");
    assert_int_equal(person_by_uuid(d, a, p->uuid, &p), RESULT_OK);
    assert_true(p->disabled);
    slapd_set(&slapd, dn, "pwdAccountLockedTime", NULL);
    assert_int_equal(person_by_uuid(d, a, p->uuid, &p), RESULT_OK);
    assert_false(p->disabled);
}

/* Active Directory: 514 = 512 (normal account) + 2 (disabled). */
static void a_bit_of_a_number_may_be_the_mark(void **state)
{
    (void)state;
    static const struct {
        const char *number;
        bool disabled;
    } rows[] = {{"512", false}, {"514", true}, {"66050", true}, {"66048", false}, {"none", false}};
    struct directory_config c = slapd_config(&slapd);
    c.disabled_when = STR("employeeType&2");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        slapd_set(&slapd, "uid=n-d4092b46,ou=citizens," CITY, "employeeType", rows[i].number);
        struct person *p = NULL;
        assert_int_equal(find_with(c, STR("n-d4092b46"), &p), RESULT_OK);
        assert_int_equal(p->disabled, rows[i].disabled);
    }
}

static void a_uuid_finds_the_person_wherever_the_entry_moved(void **state)
{
    (void)state;
    struct person *before = NULL, *after = NULL;
    assert_int_equal(person_by_login(d, a, STR("n-e51a3c57"), &before), RESULT_OK);
    LDAP *admin = slapd_as_admin(&slapd);
    assert_int_equal(ldap_rename_s(admin, "uid=n-e51a3c57,ou=citizens," CITY, "uid=n-e51a3c57",
                                   "ou=staff," CITY, 0, NULL, NULL),
                     LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
    assert_int_equal(person_by_uuid(d, a, before->uuid, &after), RESULT_OK);
    assert_true(str_eq(after->dn, STR("uid=n-e51a3c57,ou=staff," CITY)));
    assert_true(str_eq(after->kind, STR("staff")));
    assert_int_equal(person_by_uuid(d, a, STR("00000000-0000-0000-0000-000000000000"), &after),
                     RESULT_NOT_FOUND);
    assert_int_equal(person_by_uuid(d, a, STR("*"), &after), RESULT_NOT_FOUND);
    assert_int_equal(person_by_uuid(d, a, STR(""), &after), RESULT_NOT_FOUND);
}

/* NUL, `*`, `(`, `)` and `\\` among the bytes: all that a filter would take for its own. */
static void a_binary_identifier_is_hexadecimal_text_outside_the_directory(void **state)
{
    (void)state;
    char guid[] = "\x00*()\\\xff\x80\x01\x02\x03\x04\x05\x06\x07\x08\x09", name[] = "objectGUID";
    char class_name[] = "objectClass", class_value[] = "withGuid", *classes[] = {class_value, NULL};
    struct berval value = {.bv_len = 16, .bv_val = guid}, *values[] = {&value, NULL};
    LDAPMod class = {.mod_op = LDAP_MOD_ADD, .mod_type = class_name, .mod_values = classes};
    LDAPMod set = {.mod_op = LDAP_MOD_ADD | LDAP_MOD_BVALUES, .mod_type = name, .mod_bvalues = values};
    LDAPMod *mods[] = {&class, &set, NULL};
    LDAP *admin = slapd_as_admin(&slapd);
    assert_int_equal(ldap_modify_ext_s(admin, "uid=n-f62b4d68,ou=citizens," CITY, mods, NULL, NULL),
                     LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);

    struct directory_config c = slapd_config(&slapd);
    c.map.uuid = "objectGUID";
    struct directory *ad = directory_new(&c);
    struct person *p = NULL, *again = NULL;
    assert_int_equal(person_by_login(ad, a, STR("n-f62b4d68"), &p), RESULT_OK);
    assert_true(str_eq(p->uuid, STR("002a28295cff80010203040506070809")));
    assert_int_equal(person_by_uuid(ad, a, p->uuid, &again), RESULT_OK);
    assert_true(str_eq(again->dn, p->dn));
    assert_int_equal(person_by_uuid(ad, a, STR("002a28295cff80010203040506070800"), &again),
                     RESULT_NOT_FOUND);
    assert_int_equal(person_by_uuid(ad, a, STR("no hexadecimal"), &again), RESULT_NOT_FOUND);
    directory_free(ad);
}

static void who_is_outside_the_filter_is_nobody(void **state)
{
    (void)state;
    struct directory_config c = slapd_config(&slapd);
    c.person_filter = "(&(objectClass=inetOrgPerson)(employeeNumber=*))";
    struct person *p;
    assert_int_equal(find_with(c, str_of(citizen.uid), &p), RESULT_NOT_FOUND);
    assert_int_equal(find_with(c, str_of(staff.uid), &p), RESULT_OK);
}

static void wrong_settings_are_an_outage_and_not_an_unknown_person(void **state)
{
    (void)state;
    struct person *p;
    struct directory_config c = slapd_config(&slapd);
    c.people_base = "ou=nowhere," CITY;
    assert_int_equal(find_with(c, str_of(citizen.uid), &p), RESULT_UNAVAILABLE);

    c = slapd_config(&slapd);
    struct secret *wrong = secret_copy("wrong", 5);
    c.bind_password = wrong;
    assert_int_equal(find_with(c, str_of(citizen.uid), &p), RESULT_UNAVAILABLE);
    c.bind_password = NULL;
    assert_int_equal(find_with(c, str_of(citizen.uid), &p), RESULT_UNAVAILABLE);
    secret_free(wrong);

    c = slapd_config(&slapd);
    c.map.uuid = "nsUniqueId";
    assert_int_equal(find_with(c, str_of(citizen.uid), &p), RESULT_INTERNAL);
    c = slapd_config(&slapd);
    c.person_filter = "(objectClass=inetOrgPerson";
    assert_int_equal(find_with(c, str_of(citizen.uid), &p), RESULT_INTERNAL);
}

static void an_arena_that_is_too_small_is_an_error_and_no_half_person(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 4000; ceiling += 101) {
        struct arena *small = arena_new(ceiling);
        struct person *p;
        enum result r = person_by_login(d, small, str_of(staff.uid), &p);
        assert_true(r == RESULT_INTERNAL || (r == RESULT_OK && str_eq(p->subject, str_of(staff.uid))));
        arena_free(small);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_directory, close_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_citizen_is_found_by_uid_mail_and_mobile_whatever_the_case),
        TEST(an_identity_level_of_ones_own_is_a_number_of_the_scale),
        TEST(a_staff_member_has_all_organisations_however_found),
        TEST(an_organisation_may_be_named_by_its_dn),
        TEST(a_subject_is_one_spelling_of_one_attribute),
        TEST(the_bytes_of_a_uuid_are_written_as_the_directory_writes_them),
        TEST(a_login_that_means_something_to_ldap_is_nobody),
        TEST(a_login_that_nobody_types_is_nobody),
        TEST(full_width_letters_are_the_same_account_or_nobody),
        TEST(a_login_shared_by_two_is_nobody),
        TEST(a_person_with_two_subjects_is_an_error_of_the_directory),
        TEST(a_disabled_person_bears_the_mark),
        TEST(a_bit_of_a_number_may_be_the_mark),
        TEST(a_uuid_finds_the_person_wherever_the_entry_moved),
        TEST(a_binary_identifier_is_hexadecimal_text_outside_the_directory),
        TEST(who_is_outside_the_filter_is_nobody),
        TEST(wrong_settings_are_an_outage_and_not_an_unknown_person),
        TEST(an_arena_that_is_too_small_is_an_error_and_no_half_person),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
