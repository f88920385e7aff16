#include "server/token/logout_token.h"

#include "certs/jws.h"
#include "server/token/id_token.h"
#include "tests/unit/support/provider.h"

static const struct logout_job job = {.client_id = STR("portal"), .subject = STR("s-1"), .sid = STR("sid-1")};

static struct str issue(void)
{
    struct str token;
    const struct application *app =
        applications_find(city->provider.applications, city->arena, STR("portal"));
    assert_non_null(app);
    assert_int_equal(logout_token_issue(&city->provider, city->arena, app, &job, &token), RESULT_OK);
    return token;
}

static json_t *claims_of(struct str token)
{
    json_t *claims;
    assert_int_equal(jws_verify(city->provider.keyring, city->arena, token, "logout+jwt", &claims),
                     RESULT_OK);
    return claims;
}

static void it_bears_what_section_2_4_asks_for_and_no_more(void **state)
{
    (void)state;
    json_t *claims = claims_of(issue());
    int64_t number;
    assert_str(json_get_str(claims, "iss"), ISSUER);
    assert_str(json_get_str(claims, "aud"), "portal");
    assert_str(json_get_str(claims, "sub"), "s-1");
    assert_str(json_get_str(claims, "sid"), "sid-1");
    assert_int_equal(json_get_str(claims, "jti").len, 22);
    assert_true(json_get_int(claims, "iat", &number));
    assert_int_equal(number, fixture_time);
    assert_true(json_get_int(claims, "exp", &number));
    assert_in_range(number, fixture_time + 1, fixture_time + 120);
    const json_t *events = json_object_get(claims, "events");
    assert_int_equal(json_object_size(events), 1);
    const json_t *event = json_object_get(events, "http://schemas.openid.net/event/backchannel-logout");
    assert_true(json_is_object(event) && json_object_size(event) == 0);
    assert_int_equal(json_object_size(claims), 8); /* and so no nonce */
}

static void every_attempt_has_a_token_of_its_own(void **state)
{
    (void)state;
    struct str first = issue(), second = issue();
    assert_false(str_eq(json_get_str(claims_of(first), "jti"), json_get_str(claims_of(second), "jti")));
}

static void it_is_taken_for_no_id_token(void **state)
{
    (void)state;
    struct id_token_hint hint;
    assert_int_equal(id_token_read_hint(&city->provider, city->arena, issue(), &hint), RESULT_REFUSED);
}

static void where_people_act_for_others_the_sid_alone_is_told(void **state)
{
    (void)state;
    struct str token;
    struct application app = *applications_find(city->provider.applications, city->arena, STR("portal"));
    app.takes_mandates = true;
    assert_int_equal(logout_token_issue(&city->provider, city->arena, &app, &job, &token), RESULT_OK);
    json_t *claims = claims_of(token);
    assert_null(json_object_get(claims, "sub"));
    assert_str(json_get_str(claims, "sid"), "sid-1");
}

static void a_token_that_names_nobody_is_not_signed(void **state)
{
    (void)state;
    struct str token;
    const struct application *app =
        applications_find(city->provider.applications, city->arena, STR("portal"));
    const struct logout_job nobody = {.client_id = STR("portal"), .subject = STR("s-1")};
    assert_int_equal(logout_token_issue(&city->provider, city->arena, app, &nobody, &token), RESULT_INTERNAL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(it_bears_what_section_2_4_asks_for_and_no_more),
        TEST(every_attempt_has_a_token_of_its_own),
        TEST(it_is_taken_for_no_id_token),
        TEST(where_people_act_for_others_the_sid_alone_is_told),
        TEST(a_token_that_names_nobody_is_not_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
