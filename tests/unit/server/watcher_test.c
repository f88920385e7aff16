/* What the news of the people feed do to sessions. */
#include "server/watcher.h"

#include "authn/notice.h"
#include "authn/session.h"
#include "tests/unit/authn/world.h"

static struct provider provider;

static int begin(void **state)
{
    int r = setup(state);
    provider = (struct provider){.store = world.store, .audit = world.audit, .authn = world.au};
    return r;
}

static struct person somebody(const char *uuid)
{
    return (struct person){
        .dn = STR("uid=s-9,ou=staff"), .uuid = str_of(uuid), .subject = STR("s-9"), .kind = STR("staff")};
}

static struct str sign_in(const struct person *p)
{
    struct session *s;
    struct str cookie;
    assert_int_equal(session_start(&world.au, world.a, p, AUTHN_LOW, STR("pwd"), NULL, &s, &cookie),
                     RESULT_OK);
    return cookie;
}

static enum result find(struct str cookie)
{
    struct session *s;
    return session_find(&world.au, world.a, cookie, &s);
}

static size_t sessions_of(const struct person *p)
{
    struct str *sids;
    size_t n;
    assert_int_equal(session_list(&world.au, world.a, p->uuid, &sids, &n), RESULT_OK);
    return n;
}

static enum result hear(enum person_news news, const struct person *p)
{
    const struct person_change change = {
        .news = news, .uuid = p->uuid, .person = news == PERSON_GONE ? NULL : p};
    return watcher_hear(&provider, &change);
}

static void a_leaver_s_sessions_end_and_nobody_else_s(void **state)
{
    (void)state;
    struct person p = somebody("00000000-0000-103f-8000-0000000000a1");
    struct person other = somebody("00000000-0000-103f-8000-0000000000a2");
    struct str one = sign_in(&p), two = sign_in(&p), stays = sign_in(&other);
    p.disabled = true;
    assert_int_equal(hear(PERSON_DISABLED, &p), RESULT_OK);
    assert_int_equal(find(one), RESULT_NOT_FOUND);
    assert_int_equal(find(two), RESULT_NOT_FOUND);
    assert_int_equal(find(stays), RESULT_OK);
    assert_int_equal(sessions_of(&p), 0);
    assert_int_equal(audited("session_ended"), 2);
}

/* Every server hears of it; each session is told of once. */
static void what_a_second_server_hears_too_is_not_told_twice(void **state)
{
    (void)state;
    struct person p = somebody("00000000-0000-103f-8000-0000000000b1");
    (void)sign_in(&p);
    assert_int_equal(hear(PERSON_GONE, &p), RESULT_OK);
    assert_int_equal(hear(PERSON_GONE, &p), RESULT_OK);
    assert_int_equal(audited("session_ended"), 1);
}

static void who_moved_stays_signed_in_with_the_news(void **state)
{
    (void)state;
    struct session *s;
    struct person p = somebody("00000000-0000-103f-8000-0000000000c1");
    struct str cookie = sign_in(&p);
    p.organisation = STR("330102/D0077");
    assert_int_equal(hear(PERSON_CHANGED, &p), RESULT_OK);
    assert_int_equal(session_find(&world.au, world.a, cookie, &s), RESULT_OK);
    assert_true(str_eq(s->person.organisation, p.organisation));
    assert_int_equal(audited("session_ended"), 0);
}

static void who_has_a_session_has_something_to_lose(void **state)
{
    (void)state;
    bool holds = true;
    struct person p = somebody("00000000-0000-103f-8000-0000000000c2");
    assert_int_equal(watcher_person_holds(&provider, p.uuid, &holds), RESULT_OK);
    assert_false(holds);
    (void)sign_in(&p);
    assert_int_equal(watcher_person_holds(&provider, p.uuid, &holds), RESULT_OK);
    assert_true(holds);
    /* A server that hears later counts them all the same. */
    assert_int_equal(hear(PERSON_GONE, &p), RESULT_OK);
    assert_int_equal(sessions_of(&p), 0);
    assert_int_equal(watcher_person_holds(&provider, p.uuid, &holds), RESULT_OK);
    assert_true(holds);
    struct person other = somebody("00000000-0000-103f-8000-0000000000c3");
    assert_int_equal(hear(PERSON_GONE, &other), RESULT_OK);
    assert_int_equal(watcher_person_holds(&provider, other.uuid, &holds), RESULT_OK);
    assert_false(holds);
}

static void news_that_could_not_be_handled_come_again(void **state)
{
    (void)state;
    bool holds;
    struct person p = somebody("00000000-0000-103f-8000-0000000000d1");
    struct str cookie = sign_in(&p);
    redis_freeze(&world.redis);
    assert_int_equal(hear(PERSON_GONE, &p), RESULT_UNAVAILABLE);
    assert_int_equal(watcher_save_cookie(&provider, STR("rid=1")), RESULT_UNAVAILABLE);
    assert_int_equal(watcher_person_holds(&provider, p.uuid, &holds), RESULT_UNAVAILABLE);
    redis_thaw(&world.redis);
    for (int i = 0; i < 100 && store_ping(world.store) != RESULT_OK; i++) {
        store_beat(world.store);
        usleep(20000);
    }
    assert_int_equal(hear(PERSON_GONE, &p), RESULT_OK);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
    assert_int_equal(audited("session_ended"), 1);
}

static void the_cookie_is_remembered(void **state)
{
    (void)state;
    struct str cookie;
    assert_int_equal(watcher_load_cookie(&provider, world.a, &cookie), RESULT_NOT_FOUND);
    assert_int_equal(watcher_save_cookie(&provider, STR("rid=001,csn=1")), RESULT_OK);
    assert_int_equal(watcher_save_cookie(&provider, STR("rid=001,csn=2")), RESULT_OK);
    assert_int_equal(watcher_load_cookie(&provider, world.a, &cookie), RESULT_OK);
    assert_true(str_eq(cookie, STR("rid=001,csn=2")));
}

int main(void)
{
#define WATCHER_TEST(name) cmocka_unit_test_setup_teardown(name, begin, teardown)
    const struct CMUnitTest tests[] = {
        WATCHER_TEST(a_leaver_s_sessions_end_and_nobody_else_s),
        WATCHER_TEST(what_a_second_server_hears_too_is_not_told_twice),
        WATCHER_TEST(who_moved_stays_signed_in_with_the_news),
        WATCHER_TEST(who_has_a_session_has_something_to_lose),
        WATCHER_TEST(news_that_could_not_be_handled_come_again),
        WATCHER_TEST(the_cookie_is_remembered),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
