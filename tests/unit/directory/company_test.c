#include "directory/company.h"

#include "tests/unit/support/slapd.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct slapd slapd;
static struct directory *d, *without;
static struct arena *a;

static int start(void **state)
{
    (void)state;
    slapd_start(&slapd);
    struct directory_config c = slapd_config(&slapd);
    d = directory_new(&c);
    c.companies_base = "";
    without = directory_new(&c);
    a = arena_new(1 << 20);
    return d && without && a ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    directory_free(d);
    directory_free(without);
    arena_free(a);
    slapd_remove(&slapd);
    return 0;
}

static void a_company_is_found_by_its_id_and_by_its_entry(void **state)
{
    (void)state;
    struct company *by_id, *by_dn;
    assert_int_equal(company_by_id(d, a, STR("c-91350100"), &by_id), RESULT_OK);
    assert_true(str_eq(by_id->id, STR("c-91350100")));
    assert_true(str_eq(by_id->name, STR("福州样例科技有限公司")));
    assert_true(str_eq(by_id->name_en, STR("Sample Technology Co.")));
    assert_int_equal(by_id->uuid.len, 36);
    assert_int_equal(company_by_dn(d, a, by_id->dn, &by_dn), RESULT_OK);
    assert_true(str_eq(by_id->uuid, by_dn->uuid));
}

static void what_is_no_company_is_not_found(void **state)
{
    (void)state;
    struct company *c;
    static const char *const ids[] = {"", "*", "c-*", "c-91350100)(o=*", "C-91350100", "legal", "s-200101"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        assert_int_equal(company_by_id(d, a, str_of(ids[i]), &c), RESULT_NOT_FOUND);
    assert_int_equal(company_by_dn(d, a, STR("ou=legal," CITY), &c), RESULT_NOT_FOUND);
    assert_int_equal(company_by_dn(d, a, STR(CITY), &c), RESULT_NOT_FOUND);
    assert_int_equal(company_by_dn(d, a, STR("o=c-0,ou=legal," CITY), &c), RESULT_NOT_FOUND);
    assert_int_equal(company_by_dn(d, a, STR("no name"), &c), RESULT_NOT_FOUND);
}

static void without_a_subtree_there_are_none(void **state)
{
    (void)state;
    struct company *c;
    assert_int_equal(company_by_id(without, a, STR("c-91350100"), &c), RESULT_NOT_FOUND);
    assert_int_equal(company_by_dn(without, a, STR("o=c-91350100,ou=legal," CITY), &c), RESULT_NOT_FOUND);
}

static void an_outage_is_no_missing_company(void **state)
{
    (void)state;
    struct company *c;
    slapd_kill(&slapd);
    assert_int_equal(company_by_id(d, a, STR("c-91350100"), &c), RESULT_UNAVAILABLE);
    assert_int_equal(company_by_dn(d, a, STR("o=c-91350100,ou=legal," CITY), &c), RESULT_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_company_is_found_by_its_id_and_by_its_entry),
        cmocka_unit_test(what_is_no_company_is_not_found),
        cmocka_unit_test(without_a_subtree_there_are_none),
        cmocka_unit_test(an_outage_is_no_missing_company),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
