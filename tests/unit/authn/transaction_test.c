#include "tests/unit/authn/world.h"

static struct transaction asked(void)
{
    struct transaction t = {.client_id = STR("portal"),
                            .return_to = STR("/authorize/resume"),
                            .needed = AUTHN_SUBSTANTIAL,
                            .reauthenticate = true,
                            .login_hint = STR("\"李\" <li>"),
                            .ui_locales = STR("zh-CN en"),
                            .form_target = STR("https://a.example")};
    t.begun = 1700000000;
    assert_true(pairs_add(&t.asked, world.a, STR("state"), STR("x\r\ny")));
    assert_true(pairs_add(&t.asked, world.a, STR("nonce"), STR("n-0S6_WzA2Mj")));
    return t;
}

static enum result find(struct str id, struct str cookie, struct transaction **out)
{
    return transaction_find(&world.au, world.a, id, cookie, out);
}

static void it_comes_back_as_it_was_begun(void **state)
{
    (void)state;
    struct str cookie = STR_EMPTY;
    struct transaction t = asked(), *back;
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &cookie), RESULT_OK);
    assert_int_equal(cookie.len, 43);
    assert_int_equal(find(t.id, cookie, &back), RESULT_OK);
    assert_true(str_eq(back->id, t.id));
    assert_true(str_eq(back->client_id, STR("portal")));
    assert_int_equal(back->needed, AUTHN_SUBSTANTIAL);
    assert_true(back->reauthenticate);
    assert_true(str_eq(back->login_hint, t.login_hint));
    assert_true(str_eq(back->form_target, t.form_target));
    assert_int_equal(back->begun, 1700000000);
    assert_int_equal(back->asked.n, 2);
    assert_true(str_eq(pairs_get(&back->asked, "state"), STR("x\r\ny")));
    assert_true(str_eq(pairs_get(&back->asked, "nonce"), STR("n-0S6_WzA2Mj")));
    assert_true(back->csrf.len > 20 && str_eq(back->csrf, t.csrf));
    assert_false(back->password_done || back->otp_done || back->consent_done || back->from_session);
    assert_int_equal(back->sid.len, 0);
}

static void one_browser_keeps_its_cookie_and_each_sign_in_has_its_own_names(void **state)
{
    (void)state;
    struct str cookie = STR_EMPTY, bad = STR("preset");
    struct transaction one = asked(), two = asked(), three = asked();
    assert_int_equal(transaction_begin(&world.au, world.a, &one, &cookie), RESULT_OK);
    struct str first = cookie;
    assert_int_equal(transaction_begin(&world.au, world.a, &two, &cookie), RESULT_OK);
    assert_true(str_eq(first, cookie));
    assert_false(str_eq(one.id, two.id));
    assert_false(str_eq(one.csrf, two.csrf));
    assert_int_equal(transaction_begin(&world.au, world.a, &three, &bad), RESULT_OK);
    assert_int_equal(bad.len, 43);
}

static void another_browser_may_not_go_on_with_it(void **state)
{
    (void)state;
    struct str cookie = STR_EMPTY, other = STR_EMPTY;
    struct transaction t = asked(), u = asked(), *back = NULL;
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &cookie), RESULT_OK);
    assert_int_equal(transaction_begin(&world.au, world.a, &u, &other), RESULT_OK);
    assert_int_equal(find(t.id, other, &back), RESULT_REFUSED);
    assert_int_equal(find(t.id, STR_EMPTY, &back), RESULT_REFUSED);
    assert_int_equal(find(t.id, str_sub(cookie, 0, 42), &back), RESULT_REFUSED);
    assert_int_equal(find(t.id, t.browser, &back), RESULT_REFUSED);
    assert_null(back);
}

static void an_unknown_or_malformed_name_finds_nothing(void **state)
{
    (void)state;
    struct str cookie = STR_EMPTY;
    struct transaction t = asked(), *back;
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &cookie), RESULT_OK);
    assert_int_equal(find(STR_EMPTY, cookie, &back), RESULT_NOT_FOUND);
    assert_int_equal(find(STR("AAAAAAAAAAAAAAAAAAAAAA"), cookie, &back), RESULT_NOT_FOUND);
    assert_int_equal(find(STR("../../../../etc/passwd"), cookie, &back), RESULT_NOT_FOUND);
    assert_int_equal(find(str_sub(t.id, 0, 21), cookie, &back), RESULT_NOT_FOUND);
}

static void what_was_saved_is_found_and_what_has_ended_stays_so(void **state)
{
    (void)state;
    struct str cookie = STR_EMPTY;
    struct transaction t = asked(), *back;
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &cookie), RESULT_OK);
    t.uuid = STR("u-1");
    t.password_done = true;
    assert_int_equal(transaction_save(&world.au, world.a, &t), RESULT_OK);
    assert_int_equal(find(t.id, cookie, &back), RESULT_OK);
    assert_true(back->password_done && str_eq(back->uuid, STR("u-1")));
    assert_int_equal(transaction_end(&world.au, world.a, &t), RESULT_OK);
    assert_int_equal(transaction_end(&world.au, world.a, &t), RESULT_NOT_FOUND);
    assert_int_equal(transaction_save(&world.au, world.a, &t), RESULT_NOT_FOUND);
    assert_int_equal(find(t.id, cookie, &back), RESULT_NOT_FOUND);
}

static void saving_gives_no_more_time(void **state)
{
    (void)state;
    struct str cookie = STR_EMPTY;
    struct transaction t = asked(), *back;
    world.au.config.transaction_seconds = 1;
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &cookie), RESULT_OK);
    usleep(600000);
    assert_int_equal(transaction_save(&world.au, world.a, &t), RESULT_OK);
    usleep(600000);
    assert_int_equal(find(t.id, cookie, &back), RESULT_NOT_FOUND);
}

static void *end(void *t)
{
    struct arena *a = arena_new(1 << 16);
    enum result r = transaction_end(&world.au, a, t);
    arena_free(a);
    return r == RESULT_OK ? t : NULL;
}

static void it_is_ended_by_one_of_many(void **state)
{
    (void)state;
    enum { ENDERS = 12 };
    struct str cookie = STR_EMPTY;
    struct transaction t = asked();
    pthread_t threads[ENDERS];
    int won = 0;
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &cookie), RESULT_OK);
    for (int i = 0; i < ENDERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, end, &t), 0);
    for (int i = 0; i < ENDERS; i++) {
        void *mine;
        pthread_join(threads[i], &mine);
        won += mine != NULL;
    }
    assert_int_equal(won, 1);
}

static void what_does_not_fit_into_a_record_is_a_failure(void **state)
{
    (void)state;
    struct str cookie = STR_EMPTY;
    struct transaction t = asked();
    t.login_hint = STR("\xFF");
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &cookie), RESULT_INTERNAL);
    t = asked();
    t.return_to = STR_EMPTY;
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &cookie), RESULT_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(it_comes_back_as_it_was_begun),
        WORLD_TEST(one_browser_keeps_its_cookie_and_each_sign_in_has_its_own_names),
        WORLD_TEST(another_browser_may_not_go_on_with_it),
        WORLD_TEST(an_unknown_or_malformed_name_finds_nothing),
        WORLD_TEST(what_was_saved_is_found_and_what_has_ended_stays_so),
        WORLD_TEST(saving_gives_no_more_time),
        WORLD_TEST(it_is_ended_by_one_of_many),
        WORLD_TEST(what_does_not_fit_into_a_record_is_a_failure),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
