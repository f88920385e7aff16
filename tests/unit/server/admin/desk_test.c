#include "server/admin/admin.h"

#include "authn/session.h"
#include "tests/unit/server/admin/office.h"

#define ISSUER "https://sso.city.example"

static struct request req;
static struct response resp;
static struct session *session;
static struct str cookie;

static void sign_in(const char *uid, enum authn_level level)
{
    struct person *p;
    assert_int_equal(person_by_login(world.directory, world.a, str_of(uid), &p), RESULT_OK);
    assert_int_equal(session_start(&world.au, world.a, p, level, STR("pwd otp"), NULL, &session, &cookie),
                     RESULT_OK);
}

static int send_to(enum http_method method, const char *path, const char *query, const char *form)
{
    req = (struct request){.arena = world.a,
                           .method = method,
                           .path = str_of(path),
                           .query_raw = str_of(query),
                           .source = STR("192.0.2.1"),
                           .reference = STR("REFERENCE1"),
                           .issuer = STR(ISSUER)};
    resp = (struct response){.arena = world.a};
    assert_true(pairs_parse_form(&req.query, world.a, str_of(query)));
    assert_true(pairs_parse_form(&req.form, world.a, str_of(form)));
    if (cookie.len > 0)
        pairs_add(&req.cookies, world.a, STR(SESSION_COOKIE), cookie);
    (void)present_model();
    admin_pages(&provider, &req, &resp);
    return resp.problem ? resp.problem->status : resp.status;
}

static int look(const char *path)
{
    return send_to(HTTP_GET, path, "", "");
}

static int rename_hall(const char *csrf)
{
    assert_int_equal(send_to(HTTP_GET, "/admin/application", "id=hall", ""), 200);
    struct str seen = json_get_str(resp.view_data, "seen");
    return send_to(HTTP_POST, "/admin/application", "id=hall",
                   text("action=application.set&name=New&csrf=%s&seen=" STR_FMT, csrf, STR_ARG(seen)));
}

static bool is_sent_to_sign_in(void)
{
    return str_starts(pairs_get_nocase(&resp.headers, "Location"), STR("/signin?t="));
}

static void who_is_not_signed_in_is_asked_to(void **state)
{
    (void)state;
    cookie = STR_EMPTY;
    assert_int_equal(look("/admin"), 303);
    assert_true(is_sent_to_sign_in());
    assert_int_equal(look("/admin/nothing"), 303);
}

static void a_password_alone_does_not_open_the_desk(void **state)
{
    (void)state;
    sign_in(SYSTEM, AUTHN_LOW);
    assert_int_equal(look("/admin/applications"), 303);
    assert_true(is_sent_to_sign_in());
    sign_in(SYSTEM, AUTHN_SUBSTANTIAL);
    assert_int_equal(look("/admin/applications"), 200);
}

static void without_a_role_there_is_nothing(void **state)
{
    (void)state;
    static const enum authn_level levels[] = {AUTHN_LOW, AUTHN_SUBSTANTIAL};
    for (size_t l = 0; l < 2; l++) {
        sign_in(CLERK, levels[l]);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(look(((const char *const[]){"/admin", "/admin/audit", "/admin/nothing"})[i]),
                             404);
        assert_int_equal(send_to(HTTP_POST, "/admin/application", "id=hall", "action=application.remove"),
                         404);
    }
}

static void a_change_needs_a_sign_in_of_a_short_while_ago(void **state)
{
    (void)state;
    sign_in(SYSTEM, AUTHN_SUBSTANTIAL);
    for (int i = 0; i < 3; i++) {
        later(400);
        assert_int_equal(look("/admin"), 200);
    }
    const char *csrf = arena_cstr(world.a, session->csrf);
    assert_int_equal(rename_hall(csrf), 303);
    assert_true(is_sent_to_sign_in());
    assert_text(application_value("hall", "displayName"), "Hall");
    sign_in(SYSTEM, AUTHN_SUBSTANTIAL);
    assert_int_equal(rename_hall(arena_cstr(world.a, session->csrf)), 303);
    assert_false(is_sent_to_sign_in());
    assert_text(application_value("hall", "displayName"), "New");
    later(-1200);
}

static void a_foreign_form_is_refused(void **state)
{
    (void)state;
    sign_in(SYSTEM, AUTHN_SUBSTANTIAL);
    assert_int_equal(rename_hall("nonsense"), 403);
    assert_int_equal(rename_hall(""), 403);
    assert_text(application_value("hall", "displayName"), "Hall");
}

static void who_left_has_no_desk(void **state)
{
    (void)state;
    sign_in("s-200110", AUTHN_SUBSTANTIAL);
    grant("audit-administrator", "s-200110", "\"scope\":[\"all\"]");
    assert_int_equal(look("/admin"), 200);
    slapd_set(&world.slapd, "uid=s-200110,ou=staff," CITY, "employeeType", "left");
    /* Nobody follows the directory here: one that knows nobody yet has to ask. */
    set_aside = provider.live;
    provider.live = live_new(world.directory, &office_live);
    assert_int_equal(look("/admin"), 303);
    assert_true(is_sent_to_sign_in());
    slapd_set(&world.slapd, "uid=s-200110,ou=staff," CITY, "employeeType", NULL);
}

static void an_outage_is_no_answer_about_anybody(void **state)
{
    (void)state;
    sign_in(SYSTEM, AUTHN_SUBSTANTIAL);
    assert_int_equal(look("/admin/applications"), 200);
    set_aside = provider.live;
    provider.live = live_new(world.directory, &office_live); /* has read no model yet */
    req.path = STR("/admin/applications");
    resp = (struct response){.arena = world.a};
    admin_pages(&provider, &req, &resp);
    assert_int_equal(resp.problem->status, 503);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE_TEST(who_is_not_signed_in_is_asked_to),
        OFFICE_TEST(a_password_alone_does_not_open_the_desk),
        OFFICE_TEST(without_a_role_there_is_nothing),
        OFFICE_TEST(a_change_needs_a_sign_in_of_a_short_while_ago),
        OFFICE_TEST(a_foreign_form_is_refused),
        OFFICE_TEST(who_left_has_no_desk),
        OFFICE_TEST(an_outage_is_no_answer_about_anybody),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
