#include "tests/unit/authn/world.h"

static struct sample_person who;

static struct account read_account(void)
{
    struct account acc;
    assert_int_equal(account_read(&world.au, world.a, uuid_of(&who), &acc), RESULT_OK);
    return acc;
}

static struct str enrol(const struct account *expected, enum result result, struct str codes[RECOVERY_CODES])
{
    struct str seed;
    assert_true(totp_seed_make(world.a, &seed));
    assert_int_equal(account_enrol_totp(&world.au, world.a, expected, seed, codes), result);
    return seed;
}

static void an_account_without_an_entry_is_an_empty_one(void **state)
{
    (void)state;
    who = person_of("s-200110");
    struct account acc = read_account();
    assert_false(acc.has_totp);
    assert_int_equal(acc.recovery_codes_left, 0);
    assert_int_equal(acc.consent_count, 0);
    assert_false(account_has_consent(&acc, STR("portal"), STR_EMPTY));
    assert_int_equal(account_remove_totp(&world.au, world.a, uuid_of(&who)), RESULT_OK);
    assert_int_equal(account_forget_consent(&world.au, world.a, uuid_of(&who), STR("portal")), RESULT_OK);
    assert_int_equal(account_spend_recovery_code(&world.au, world.a, uuid_of(&who), STR("01ABC-DEFGH")),
                     RESULT_REFUSED);
}

static void a_seed_is_kept_sealed_and_comes_back(void **state)
{
    (void)state;
    who = person_of("s-200111");
    struct str codes[RECOVERY_CODES];
    struct account before = read_account();
    struct str seed = enrol(&before, RESULT_OK, codes);
    struct account acc = read_account();
    struct entry e;
    assert_true(acc.has_totp);
    assert_true(str_eq(acc.totp_seed, seed));
    assert_int_equal(acc.recovery_codes_left, RECOVERY_CODES);

    struct str rdn = arena_printf(world.a, "onedoorAccountId=" STR_FMT ",ou=accounts", STR_ARG(acc.uuid));
    assert_int_equal(registry_read(world.directory, world.a, rdn, &e), RESULT_OK);
    for (size_t i = 0; i < e.count; i++)
        for (size_t v = 0; v < e.attributes[i].count; v++) {
            assert_null(memmem(e.attributes[i].values[v].p, e.attributes[i].values[v].len, seed.p, seed.len));
            for (size_t c = 0; c < RECOVERY_CODES; c++)
                assert_false(str_eq(e.attributes[i].values[v], codes[c]));
        }
    assert_int_equal(account_remove_totp(&world.au, world.a, acc.uuid), RESULT_OK);
    assert_false(read_account().has_totp);
    assert_int_equal(read_account().recovery_codes_left, 0);
}

static void a_seed_of_another_account_is_a_failure_and_no_factor_less(void **state)
{
    (void)state;
    struct str codes[RECOVERY_CODES];
    struct account acc;
    who = person_of("s-200112");
    struct account empty = read_account();
    (void)enrol(&empty, RESULT_OK, codes);
    struct account first = read_account();
    who = person_of("s-200113");
    empty = read_account();
    (void)enrol(&empty, RESULT_OK, codes);
    slapd_change(arena_printf(world.a,
                              "dn: onedoorAccountId=" STR_FMT ",ou=accounts,ou=registry,dc=city,dc=example\n"
                              "changetype: modify\nreplace: onedoorTotpSeed\nonedoorTotpSeed: " STR_FMT "\n",
                              STR_ARG(empty.uuid), STR_ARG(first.stored_seed))
                     .p);
    assert_int_equal(account_read(&world.au, world.a, empty.uuid, &acc), RESULT_INTERNAL);
}

static void of_two_who_enrol_from_the_same_state_one_wins(void **state)
{
    (void)state;
    who = person_of("s-200114");
    struct str codes[RECOVERY_CODES], late_codes[RECOVERY_CODES];
    struct account empty = read_account();
    struct str seed = enrol(&empty, RESULT_OK, codes);
    (void)enrol(&empty, RESULT_USED, late_codes);
    assert_true(str_eq(read_account().totp_seed, seed));
    assert_int_equal(account_spend_recovery_code(&world.au, world.a, empty.uuid, late_codes[0]),
                     RESULT_REFUSED);

    struct account enrolled = read_account();
    struct str second = enrol(&enrolled, RESULT_OK, late_codes);
    (void)enrol(&enrolled, RESULT_USED, codes);
    assert_true(str_eq(read_account().totp_seed, second));
    assert_int_equal(account_remove_totp(&world.au, world.a, empty.uuid), RESULT_OK);
    enrolled = read_account();
    struct account stale = enrolled;
    stale.has_totp = true;
    stale.stored_seed = STR("gone");
    (void)enrol(&stale, RESULT_USED, codes);
}

static void a_recovery_code_is_spent_once(void **state)
{
    (void)state;
    who = person_of("s-200115");
    struct str codes[RECOVERY_CODES];
    struct account empty = read_account();
    (void)enrol(&empty, RESULT_OK, codes);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        assert_int_equal(account_spend_recovery_code(&world.au, world.a, empty.uuid, codes[i]), RESULT_OK);
        assert_int_equal(account_spend_recovery_code(&world.au, world.a, empty.uuid, codes[i]),
                         RESULT_REFUSED);
        assert_int_equal(read_account().recovery_codes_left, RECOVERY_CODES - 1 - i);
    }
    assert_true(read_account().has_totp);
}

static void consents_add_up_and_are_forgotten(void **state)
{
    (void)state;
    who = person_of("s-200116");
    struct str uuid = uuid_of(&who), portal = STR("portal");
    assert_int_equal(account_give_consent(&world.au, world.a, uuid, portal, STR("openid email")), RESULT_OK);
    assert_int_equal(account_give_consent(&world.au, world.a, uuid, portal, STR("openid profile")),
                     RESULT_OK);
    assert_int_equal(account_give_consent(&world.au, world.a, uuid, STR("porta"), STR("openid")), RESULT_OK);
    assert_int_equal(account_give_consent(&world.au, world.a, uuid, STR("silent"), STR_EMPTY), RESULT_OK);
    struct account acc = read_account();
    assert_int_equal(acc.consent_count, 3);
    assert_true(account_has_consent(&acc, portal, STR("profile email openid")));
    assert_true(account_has_consent(&acc, portal, STR_EMPTY));
    assert_false(account_has_consent(&acc, portal, STR("openid phone")));
    assert_false(account_has_consent(&acc, STR("porta"), STR("email")));
    assert_false(account_has_consent(&acc, STR("port"), STR("openid")));

    assert_int_equal(account_forget_consent(&world.au, world.a, uuid, portal), RESULT_OK);
    acc = read_account();
    assert_false(account_has_consent(&acc, portal, STR("openid")));
    assert_true(account_has_consent(&acc, STR("porta"), STR("openid")));
}

enum { GIVERS = 8 };

static struct str uuid_of_givers;

static void *give(void *scope)
{
    struct arena *a = arena_new(1 << 20);
    struct str text = {scope, strlen(scope)};
    /* As a person who opens many applications at once; USED only says that others were faster. */
    enum result r = RESULT_USED;
    for (int i = 0; r == RESULT_USED && i < 50; i++)
        r = account_give_consent(&world.au, a, uuid_of_givers, STR("portal"), text);
    arena_free(a);
    return r == RESULT_OK ? NULL : scope;
}

static void no_consent_given_at_the_same_time_is_lost(void **state)
{
    (void)state;
    static char scopes[GIVERS][16];
    pthread_t threads[GIVERS];
    who = person_of("s-200109");
    uuid_of_givers = uuid_of(&who);
    assert_int_equal(account_give_consent(&world.au, world.a, uuid_of(&who), STR("portal"), STR("openid")),
                     RESULT_OK);
    for (int i = 0; i < GIVERS; i++) {
        snprintf(scopes[i], sizeof scopes[i], "s%d", i);
        assert_int_equal(pthread_create(&threads[i], NULL, give, scopes[i]), 0);
    }
    for (int i = 0; i < GIVERS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    struct account acc = read_account();
    assert_int_equal(acc.consent_count, 1);
    assert_true(account_has_consent(&acc, STR("portal"), STR("openid s0 s1 s2 s3 s4 s5 s6 s7")));
}

static void a_directory_that_is_away_is_no_empty_account(void **state)
{
    (void)state;
    struct account acc;
    struct str uuid = STR("2b1c7a2e-0000-103f-8000-000000000000");
    slapd_kill(&world.slapd);
    assert_int_equal(account_read(&world.au, world.a, uuid, &acc), RESULT_UNAVAILABLE);
    assert_int_equal(account_spend_recovery_code(&world.au, world.a, uuid, STR("01ABC-DEFGH")),
                     RESULT_UNAVAILABLE);
    assert_int_equal(account_give_consent(&world.au, world.a, uuid, STR("x"), STR("y")), RESULT_UNAVAILABLE);
    slapd_return();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_account_without_an_entry_is_an_empty_one),
        WORLD_TEST(a_seed_is_kept_sealed_and_comes_back),
        WORLD_TEST(a_seed_of_another_account_is_a_failure_and_no_factor_less),
        WORLD_TEST(of_two_who_enrol_from_the_same_state_one_wins),
        WORLD_TEST(a_recovery_code_is_spent_once),
        WORLD_TEST(consents_add_up_and_are_forgotten),
        WORLD_TEST(no_consent_given_at_the_same_time_is_lost),
        WORLD_TEST(a_directory_that_is_away_is_no_empty_account),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
