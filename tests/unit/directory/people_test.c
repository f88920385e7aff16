/* People by their entry, their mail address and their organisation, in the sample city. */
#include "directory/people.h"

#include "tests/unit/support/slapd.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct slapd slapd;
static struct directory *d;
static struct arena *a;

static int start(void **state)
{
    (void)state;
    slapd_make(&slapd);
    slapd_run(&slapd, false);
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
    a = arena_new(1 << 22);
    return d && a ? 0 : -1;
}

static int close_directory(void **state)
{
    (void)state;
    directory_free(d);
    arena_free(a);
    return 0;
}

static void an_entry_is_a_person_however_its_name_is_written(void **state)
{
    (void)state;
    static const char *const names[] = {"uid=s-200101,ou=staff," CITY,
                                        "UID=S-200101, OU=Staff, DC=city, DC=example"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct person *p = NULL;
        assert_int_equal(person_by_dn(d, a, str_of(names[i]), &p), RESULT_OK);
        assert_true(str_eq(p->subject, STR("s-200101")));
        assert_true(str_eq(p->organisations, STR("330102/D0077")));
    }
}

static void what_is_no_person_is_nobody(void **state)
{
    (void)state;
    static const char *const names[] = {
        "uid=s-000000,ou=staff," CITY,    "ou=staff," CITY, "cn=clerk,ou=posts," CITY,
        "uid=s-200101,ou=staff,dc=other", "no name at all", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct person *p = NULL;
        assert_int_equal(person_by_dn(d, a, str_of(names[i]), &p), RESULT_NOT_FOUND);
    }
}

static void a_mail_address_is_one_person_or_nobody(void **state)
{
    (void)state;
    struct person *p = NULL;
    assert_int_equal(person_by_mail(d, a, STR("LI.NA@mail.example"), &p), RESULT_OK);
    assert_true(str_eq(p->subject, STR("n-7f3a0c51")));
    static const char *const others[] = {"", "*", "li.na@mail.example)(uid=*", "nobody@mail.example"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(person_by_mail(d, a, str_of(others[i]), &p), RESULT_NOT_FOUND);
}

static bool has(const struct people *people, const char *sub)
{
    for (size_t i = 0; i < people->n; i++)
        if (str_eq(people->v[i]->subject, str_of(sub)))
            return true;
    return false;
}

static void an_organisation_has_all_who_name_it_as_one_of_theirs(void **state)
{
    (void)state;
    struct people people;
    assert_int_equal(people_of_organisation(d, a, STR("330102/D0077"), &people), RESULT_OK);
    assert_true(people.n >= 6);
    assert_true(has(&people, "s-200101"));
    assert_true(has(&people, "s-200145")); /* their second one */
    assert_false(has(&people, "s-200105"));
    assert_int_equal(people_of_organisation(d, a, STR("330102"), &people), RESULT_OK);
    assert_int_equal(people.n, 0);
    assert_int_equal(people_of_organisation(d, a, STR("*"), &people), RESULT_OK);
    assert_int_equal(people.n, 0);
}

static void a_directory_that_is_away_is_no_empty_list(void **state)
{
    (void)state;
    struct directory_config c = slapd_config(&slapd);
    c.people_base = "ou=nowhere,dc=city,dc=example";
    struct directory *other = directory_new(&c);
    struct people people;
    assert_int_equal(people_of_organisation(other, a, STR("330102/D0077"), &people), RESULT_UNAVAILABLE);
    directory_free(other);
    c = slapd_config(&slapd);
    c.uris = STR("ldap://127.0.0.1:1");
    other = directory_new(&c);
    struct person *p;
    assert_int_equal(people_of_organisation(other, a, STR("330102/D0077"), &people), RESULT_UNAVAILABLE);
    assert_int_equal(person_by_dn(other, a, STR("uid=s-200101,ou=staff," CITY), &p),
                     RESULT_UNAVAILABLE);
    assert_int_equal(person_by_mail(other, a, STR("li.na@mail.example"), &p), RESULT_UNAVAILABLE);
    directory_free(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_directory, close_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_entry_is_a_person_however_its_name_is_written),
        TEST(what_is_no_person_is_nobody),
        TEST(a_mail_address_is_one_person_or_nobody),
        TEST(an_organisation_has_all_who_name_it_as_one_of_theirs),
        TEST(a_directory_that_is_away_is_no_empty_list),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
