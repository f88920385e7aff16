/* Sign-ins by password. */
#include "tests/unit/authn/flow_world.h"

static void a_person_signs_in_by_password(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(v.grant.session_cookie.len, 43);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_LOW);
    assert_true(str_eq(v.session->amr, STR("pwd")));
    assert_true(str_eq(v.session->person.subject, str_of(c.uid)));
    assert_true(str_eq(v.t->sid, v.session->sid));
    assert_int_equal(audited("sign_in"), 1);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_OVER);
}

static void unknown_disabled_wrong_and_malformed_are_one_answer(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen"), off = person_of("disabled");
    const struct {
        const char *username, *password;
    } bad[] = {
        {c.uid, "wrong"},
        {c.uid, ""},
        {"nobody-here", c.password},
        {off.uid, off.password},
        {off.uid, "wrong"},
        {"*", c.password},
        {"*)(uid=*", c.password},
        {"", c.password},
        {" n-7f3a0c51", c.password},
        {"n-7f3a0c51\xE2\x80\x8B", c.password},
        {"\xFF", c.password},
        {"uid=n-7f3a0c51,ou=citizens,dc=city,dc=example", c.password},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct visit v = {0};
        begin(&v, AUTHN_LOW, false);
        assert_int_equal(password(&v, bad[i].username, bad[i].password), FLOW_WRONG);
        assert_nothing_granted(&v);
        assert_int_equal(v.grant.retry_after, 0);
        assert_int_equal(next(&v), FLOW_PASSWORD);
    }
    assert_int_equal(audited("sign_in"), 0);
    assert_int_equal(audited("sign_in_refused"), sizeof bad / sizeof bad[0]);
    assert_null(strstr(audit_text().p, "nobody-here"));
}

/* Where the directory itself would let them in. */
static void who_is_disabled_by_a_mark_that_only_we_know_is_refused_too(void **state)
{
    (void)state;
    struct sample_person c = person_of("s-200106");
    struct visit v = {0};
    const char *dn = arena_printf(world.a, "uid=%s,ou=staff," CITY, c.uid).p;
    slapd_set(&world.slapd, dn, "employeeType", "left");
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WRONG);
    assert_nothing_granted(&v);
    slapd_set(&world.slapd, dn, "employeeType", NULL);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
}

static void even_a_right_password_has_a_limit(void **state)
{
    (void)state;
    struct sample_person c = person_of("s-200107");
    struct visit v = {0};
    static char endless[514];
    const char *dn = arena_printf(world.a, "uid=%s,ou=staff," CITY, c.uid).p;
    memset(endless, 'a', sizeof endless - 1);
    slapd_set(&world.slapd, dn, "userPassword", endless);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, endless), FLOW_WRONG);
    endless[512] = '\0';
    slapd_set(&world.slapd, dn, "userPassword", endless);
    assert_int_equal(password(&v, c.uid, endless), FLOW_WENT_ON);
    slapd_set(&world.slapd, dn, "userPassword", c.password);
}

static void a_finished_sign_in_takes_no_further_step(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct str seed = enrol(&c, NULL);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_OVER);
    disenrol(&c);
}

static void a_password_too_long_or_with_nul_never_passes(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    struct flow_request r = request(&v);
    struct str nul[] = {str_of(c.password), {"\0x", 2}}, first_nul[] = {{"\0", 1}, str_of(c.password)};
    static char endless[600];
    memset(endless, 'a', sizeof endless);
    const struct str bad[] = {
        arena_join(world.a, nul, 2), arena_join(world.a, first_nul, 2), {endless, sizeof endless}};
    begin(&v, AUTHN_LOW, false);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(flow_password(&world.au, world.a, v.t, &r, str_of(c.uid), bad[i], &v.grant),
                         FLOW_WRONG);
}

static void guesses_are_braked_and_the_known_device_is_not(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit attacker = {0}, owner = {0}, stranger = {0};
    begin(&owner, AUTHN_LOW, false);
    assert_int_equal(password(&owner, c.uid, c.password), FLOW_WENT_ON);
    assert_true(owner.device.len > 0);

    begin(&attacker, AUTHN_LOW, false);
    for (int i = 0; i < 10; i++)
        assert_int_equal(password(&attacker, c.uid, "guess"), FLOW_WRONG);
    assert_int_equal(password(&attacker, c.uid, "guess"), FLOW_BRAKED);
    assert_in_range(attacker.grant.retry_after, 1, 300);
    assert_int_equal(password(&attacker, c.uid, c.password), FLOW_BRAKED);
    assert_nothing_granted(&attacker);
    assert_int_equal(audited("sign_in_throttled"), 2);

    begin(&stranger, AUTHN_LOW, false);
    assert_int_equal(password(&stranger, c.uid, c.password), FLOW_BRAKED);
    begin(&owner, AUTHN_LOW, true);
    assert_int_equal(password(&owner, c.uid, c.password), FLOW_WENT_ON);
}

static void an_unknown_name_is_braked_like_a_known_one(void **state)
{
    (void)state;
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    for (int i = 0; i < 10; i++)
        assert_int_equal(password(&v, i % 2 ? "Nobody" : "nobody", "guess"), FLOW_WRONG);
    assert_int_equal(password(&v, "NOBODY", "guess"), FLOW_BRAKED);
    assert_int_equal(password(&v, "somebody-else", "guess"), FLOW_WRONG);
}

static void all_names_of_one_person_count_as_one(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct person *p;
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(person_by_login(world.directory, world.a, str_of(c.uid), &p), RESULT_OK);
    const char *mail = arena_cstr(world.a, p->mail);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(password(&v, c.uid, "guess"), FLOW_WRONG);
        assert_int_equal(password(&v, mail, "guess"), FLOW_WRONG);
    }
    assert_int_equal(password(&v, mail, "guess"), FLOW_BRAKED);
}

static void a_level_that_nothing_gives_is_refused_and_not_asked_for_forever(void **state)
{
    (void)state;
    struct visit v = {0};
    enum flow_step step;
    begin(&v, AUTHN_HIGH, false);
    assert_int_equal(flow_next(&world.au, world.a, v.t, NULL, &step), RESULT_REFUSED);
}

static void who_is_disabled_between_the_steps_gets_nowhere(void **state)
{
    (void)state;
    struct sample_person c = person_of("leaver");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    slapd_change(arena_printf(world.a,
                              "dn: uid=%s,ou=staff,dc=city,dc=example\nchangetype: modify\n"
                              "add: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n",
                              c.uid)
                     .p);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    assert_nothing_granted(&v);
    slapd_change(arena_printf(world.a,
                              "dn: uid=%s,ou=staff,dc=city,dc=example\nchangetype: modify\n"
                              "delete: pwdAccountLockedTime\n",
                              c.uid)
                     .p);
    disenrol(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_person_signs_in_by_password),
        WORLD_TEST(unknown_disabled_wrong_and_malformed_are_one_answer),
        WORLD_TEST(who_is_disabled_by_a_mark_that_only_we_know_is_refused_too),
        WORLD_TEST(even_a_right_password_has_a_limit),
        WORLD_TEST(a_finished_sign_in_takes_no_further_step),
        WORLD_TEST(a_password_too_long_or_with_nul_never_passes),
        WORLD_TEST(guesses_are_braked_and_the_known_device_is_not),
        WORLD_TEST(an_unknown_name_is_braked_like_a_known_one),
        WORLD_TEST(all_names_of_one_person_count_as_one),
        WORLD_TEST(a_level_that_nothing_gives_is_refused_and_not_asked_for_forever),
        WORLD_TEST(who_is_disabled_between_the_steps_gets_nowhere),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
