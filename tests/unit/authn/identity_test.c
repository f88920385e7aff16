#include "authn/identity.h"

#include "tests/unit/authn/world.h"

#define CITIZEN STR("11010519491231002X")
#define OTHER   STR("440524188001010014")

static const char *why;

static struct str person(const char *uid)
{
    struct sample_person who = person_of(uid);
    return uuid_of(&who);
}

static enum result set(struct str uuid, struct str number)
{
    return identity_set(&world.au, world.a, uuid, IDENTITY_CITIZEN, number, &why);
}

static enum result find(enum identity_kind kind, struct str number, struct str *uuid)
{
    return identity_find(&world.au, world.a, kind, number, uuid, &why);
}

static void assert_nowhere(const struct entry *e, struct str number)
{
    for (size_t i = 0; i < e->count; i++)
        for (size_t v = 0; v < e->attributes[i].count; v++)
            assert_null(
                memmem(e->attributes[i].values[v].p, e->attributes[i].values[v].len, number.p, number.len));
}

static void a_number_is_kept_sealed_found_and_forgotten(void **state)
{
    (void)state;
    struct str uuid = person("s-200110"), found, number;
    struct entry e;
    assert_int_equal(identity_open(&world.au, world.a, uuid, &number), RESULT_NOT_FOUND);
    assert_int_equal(find(IDENTITY_CITIZEN, CITIZEN, &found), RESULT_NOT_FOUND);
    assert_int_equal(set(uuid, STR("11010519491231002x")), RESULT_OK);
    assert_int_equal(set(uuid, CITIZEN), RESULT_OK);
    assert_int_equal(find(IDENTITY_CITIZEN, CITIZEN, &found), RESULT_OK);
    assert_true(str_eq(found, uuid));
    assert_int_equal(identity_open(&world.au, world.a, uuid, &number), RESULT_OK);
    assert_true(str_eq(number, CITIZEN));

    struct str rdn = arena_printf(world.a, "onedoorAccountId=" STR_FMT ",ou=accounts", STR_ARG(uuid));
    assert_int_equal(registry_read(world.directory, world.a, rdn, &e), RESULT_OK);
    assert_nowhere(&e, CITIZEN);

    assert_int_equal(identity_forget(&world.au, world.a, uuid), RESULT_OK);
    assert_int_equal(identity_forget(&world.au, world.a, uuid), RESULT_OK);
    assert_int_equal(find(IDENTITY_CITIZEN, CITIZEN, &found), RESULT_NOT_FOUND);
    assert_int_equal(identity_open(&world.au, world.a, uuid, &number), RESULT_NOT_FOUND);
}

static void two_accounts_do_not_have_one_number(void **state)
{
    (void)state;
    struct str first = person("s-200111"), second = person("s-200112"), found;
    assert_int_equal(set(first, CITIZEN), RESULT_OK);
    assert_int_equal(set(second, CITIZEN), RESULT_USED);
    assert_int_equal(set(second, OTHER), RESULT_OK);
    assert_int_equal(set(first, OTHER), RESULT_USED);
    assert_int_equal(find(IDENTITY_CITIZEN, OTHER, &found), RESULT_OK);
    assert_true(str_eq(found, second));
    assert_int_equal(identity_forget(&world.au, world.a, first), RESULT_OK);
    assert_int_equal(set(second, CITIZEN), RESULT_OK);
    assert_int_equal(find(IDENTITY_CITIZEN, OTHER, &found), RESULT_NOT_FOUND);
    assert_int_equal(identity_forget(&world.au, world.a, second), RESULT_OK);
}

/* A number is a citizen's or a company's, and never found as the other. */
static void the_kinds_are_apart(void **state)
{
    (void)state;
    struct str uuid = STR("0f0f0f0f-1111-2222-3333-444444444444"), found;
    assert_int_equal(
        identity_set(&world.au, world.a, uuid, IDENTITY_COMPANY, STR("91350100M000100Y43"), &why), RESULT_OK);
    assert_int_equal(find(IDENTITY_COMPANY, STR("91350100m000100y43"), &found), RESULT_OK);
    assert_true(str_eq(found, uuid));
    assert_int_equal(find(IDENTITY_CITIZEN, STR("91350100M000100Y43"), &found), RESULT_REFUSED);
}

static void what_is_no_number_is_refused_in_words(void **state)
{
    (void)state;
    struct str uuid = person("s-200113"), found;
    assert_int_equal(set(uuid, STR("110105194912310021")), RESULT_REFUSED);
    assert_non_null(strstr(why, "check character"));
    assert_int_equal(set(uuid, STR("*")), RESULT_REFUSED);
    assert_int_equal(find(IDENTITY_CITIZEN, STR("*"), &found), RESULT_REFUSED);
}

static void a_number_moved_to_another_account_does_not_open(void **state)
{
    (void)state;
    struct str first = person("s-200114"), second = person("s-200115"), number;
    struct entry e;
    assert_int_equal(set(first, CITIZEN), RESULT_OK);
    assert_int_equal(set(second, OTHER), RESULT_OK);
    struct str rdn = arena_printf(world.a, "onedoorAccountId=" STR_FMT ",ou=accounts", STR_ARG(first));
    assert_int_equal(registry_read(world.directory, world.a, rdn, &e), RESULT_OK);
    struct str sealed = entry_value(&e, "onedoorIdentityNumber");
    struct change change = {CHANGE_REPLACE, {"onedoorIdentityNumber", &sealed, 1}};
    rdn = arena_printf(world.a, "onedoorAccountId=" STR_FMT ",ou=accounts", STR_ARG(second));
    assert_int_equal(registry_modify(world.directory, rdn, &change, 1), RESULT_OK);
    assert_int_equal(identity_open(&world.au, world.a, second, &number), RESULT_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_number_is_kept_sealed_found_and_forgotten),
        WORLD_TEST(two_accounts_do_not_have_one_number),
        WORLD_TEST(the_kinds_are_apart),
        WORLD_TEST(what_is_no_number_is_refused_in_words),
        WORLD_TEST(a_number_moved_to_another_account_does_not_open),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
