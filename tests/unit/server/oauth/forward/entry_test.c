/* Who is signed in at an application behind a proxy, while it is not sure what the directory says. */
#include "tests/unit/support/provider.h"

#include "server/oauth/forward/forward.h"

/* The application's sign-in, its entry's cookie in the answer; as the proxy hands the request on. */
static struct forward enter(void)
{
    struct forward f;
    struct grant *g = arena_alloc(city->arena, sizeof *g);
    sign_in(AUTHN_LOW);
    *g = (struct grant){.client_id = STR("legacy"),
                        .subject = city->person.subject,
                        .uuid = city->person.uuid,
                        .sid = city->session->sid,
                        .scope = STR("openid email"),
                        .amr = STR("pwd"),
                        .level = AUTHN_LOW,
                        .auth_time = fixture_time,
                        .person = city->person,
                        .person_read = fixture_time};
    struct store_puts puts = {0};
    assert_int_equal(grant_begin(city->arena, g, 3600, &puts), RESULT_OK);
    assert_int_equal(store_put_all(city->provider.store, city->arena, &puts), RESULT_OK);
    city->req = (struct request){.arena = city->arena, .method = HTTP_GET, .place = RUN_DIR};
    city->resp = (struct response){.arena = city->arena};
    pairs_add(&city->req.headers, city->arena, STR("x-forwarded-host"), STR("legacy.example"));
    assert_true(forward_read(&f, &city->provider, &city->req, &city->resp, STR("legacy")));
    assert_int_equal(forward_enter(&f, g), RESULT_OK);
    struct str rest = header("Set-Cookie"), name, value;
    assert_true(str_cut(&rest, '=', &name));
    assert_true(str_cut(&rest, ';', &value));
    pairs_add(&city->req.cookies, city->arena, name, value);
    return f;
}

static void what_is_told_is_what_was_asked_anew(void **state)
{
    (void)state;
    struct visitor v;
    city->person.mail = STR("old@city.example");
    struct forward f = enter();
    assert_int_equal(forward_entry(&f, &v), RESULT_OK);
    assert_str(v.person->mail, "old@city.example");
    city->person.mail = STR("new@city.example");
    city->person.organisation = city->person.organisations = STR("330102/D0077");
    fixture_time += 10;
    city->live.unsure_before = fixture_time;
    assert_int_equal(forward_entry(&f, &v), RESULT_OK);
    assert_str(v.person->mail, "new@city.example");
    assert_str(v.rights.person->organisations, "330102/D0077");
}

static void an_outage_while_unsure_is_an_outage_and_who_left_is_out(void **state)
{
    (void)state;
    struct visitor v;
    struct forward f = enter();
    fixture_time += 10;
    city->live.unsure_before = fixture_time;
    city->directory.away = true;
    assert_int_equal(forward_entry(&f, &v), RESULT_UNAVAILABLE);
    city->directory.away = false;
    city->directory.person = NULL;
    assert_int_equal(forward_entry(&f, &v), RESULT_NOT_FOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(what_is_told_is_what_was_asked_anew),
        TEST(an_outage_while_unsure_is_an_outage_and_who_left_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
