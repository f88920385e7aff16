#include "authn/notice.h"

#include "authn/logout_job.h"
#include "authn/session_clients.h"
#include "tests/unit/authn/world.h"

static struct person *somebody(const char *tag)
{
    struct sample_person c = person_of(tag);
    struct person *p;
    assert_int_equal(person_by_login(world.directory, world.a, str_of(c.uid), &p), RESULT_OK);
    return p;
}

static struct session *start(const struct person *p, struct str *cookie)
{
    struct session *s;
    assert_int_equal(session_start(&world.au, world.a, p, AUTHN_LOW, STR("pwd"), NULL, &s, cookie),
                     RESULT_OK);
    return s;
}

static enum result find(struct str cookie)
{
    struct session *s;
    return session_find(&world.au, world.a, cookie, &s);
}

static void a_session_is_found_by_its_cookie_and_by_nothing_that_is_public(void **state)
{
    (void)state;
    struct str cookie;
    struct session *s = start(somebody("citizen"), &cookie), *back;
    assert_int_equal(cookie.len, 43);
    assert_int_equal(s->sid.len, 22);
    assert_int_equal(session_find(&world.au, world.a, cookie, &back), RESULT_OK);
    assert_true(str_eq(back->sid, s->sid));
    assert_true(str_eq(back->person.uuid, s->person.uuid));
    assert_true(str_eq(back->person.display_name, s->person.display_name));
    assert_int_equal(back->level, AUTHN_LOW);
    assert_int_equal(back->auth_time, s->auth_time);
    assert_true(str_eq(back->csrf, s->csrf) && s->csrf.len > 20);
    assert_int_equal(find(s->sid), RESULT_NOT_FOUND);
    assert_int_equal(find(s->csrf), RESULT_NOT_FOUND);
    assert_int_equal(find(STR_EMPTY), RESULT_NOT_FOUND);
    assert_int_equal(find(str_sub(cookie, 0, 42)), RESULT_NOT_FOUND);
    struct str longer[] = {cookie, STR("A")};
    assert_int_equal(find(arena_join(world.a, longer, 2)), RESULT_NOT_FOUND);
}

static void idle_too_long_it_is_over(void **state)
{
    (void)state;
    struct str cookie;
    (void)start(somebody("citizen"), &cookie);
    for (int i = 0; i < 5; i++) {
        later(800);
        assert_int_equal(find(cookie), RESULT_OK);
    }
    later(900);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
}

static void used_all_the_time_it_is_over_in_the_end(void **state)
{
    (void)state;
    struct str cookie;
    world.au.config.session_absolute_seconds = 3000;
    (void)start(somebody("citizen"), &cookie);
    for (int i = 0; i < 3; i++) {
        later(800);
        assert_int_equal(find(cookie), RESULT_OK);
    }
    later(600);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
}

static void being_asked_for_by_a_token_is_no_use(void **state)
{
    (void)state;
    struct str cookie;
    struct session *s = start(somebody("citizen"), &cookie), *back;
    later(800);
    assert_int_equal(session_by_sid(&world.au, world.a, s->sid, &back), RESULT_OK);
    later(100);
    assert_int_equal(session_by_sid(&world.au, world.a, s->sid, &back), RESULT_NOT_FOUND);
}

static void redis_too_forgets_it_after_its_time(void **state)
{
    (void)state;
    struct str cookie, record;
    world.au.config.session_idle_seconds = 1;
    struct session *s = start(somebody("citizen"), &cookie);
    assert_int_equal(store_get(world.store, world.a, STORE_SESSION, s->sid, &record), RESULT_OK);
    usleep(1200000);
    assert_int_equal(store_get(world.store, world.a, STORE_SESSION, s->sid, &record), RESULT_NOT_FOUND);
}

static void what_has_ended_is_not_saved_back_to_life(void **state)
{
    (void)state;
    struct str cookie;
    struct session *s = start(somebody("citizen"), &cookie);
    assert_int_equal(session_end(&world.au, world.a, s->sid), RESULT_OK);
    assert_int_equal(session_end(&world.au, world.a, s->sid), RESULT_OK);
    s->inherited = STR("portal/earlier");
    assert_int_equal(session_save(&world.au, world.a, s), RESULT_NOT_FOUND);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
}

enum { ENTERING = 8, ROUNDS = 25 };

struct entrance {
    const struct session *session;
    pthread_barrier_t *start;
    char client_id[16];
    enum result result;
};

static void *enter_one(void *arg)
{
    struct entrance *e = arg;
    struct arena *a = arena_new(1 << 18);
    pthread_barrier_wait(e->start);
    e->result = session_entered(&world.au, a, e->session, str_of(e->client_id));
    arena_free(a);
    return NULL;
}

static bool is_to_be_told(const struct entrance *e)
{
    struct str value;
    const struct logout_job job = {.client_id = str_of(e->client_id), .sid = e->session->sid};
    return store_get(world.store, world.a, STORE_LOGOUT, logout_job_id(world.a, &job), &value) == RESULT_OK;
}

/* Several applications are entered while the session ends: whoever was let in is told, nobody twice. */
static void enter_while_ending(int round)
{
    struct str cookie;
    struct entrance all[ENTERING];
    pthread_t threads[ENTERING];
    pthread_barrier_t gate;
    const struct session *s = start(somebody("citizen"), &cookie);
    pthread_barrier_init(&gate, NULL, ENTERING + 1);
    for (int i = 0; i < ENTERING; i++) {
        all[i] = (struct entrance){.session = s, .start = &gate};
        snprintf(all[i].client_id, sizeof all[i].client_id, "app-%d", i % 100);
        pthread_create(&threads[i], NULL, enter_one, &all[i]);
    }
    pthread_barrier_wait(&gate);
    usleep((useconds_t)(round * 40));
    assert_int_equal(session_end(&world.au, world.a, s->sid), RESULT_OK);
    for (int i = 0; i < ENTERING; i++) {
        pthread_join(threads[i], NULL);
        assert_true(all[i].result == RESULT_OK || all[i].result == RESULT_NOT_FOUND);
        assert_true(all[i].result == RESULT_NOT_FOUND || is_to_be_told(&all[i]));
    }
    pthread_barrier_destroy(&gate);
}

static void whoever_was_let_in_is_told_of_the_end(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++)
        enter_while_ending(round);
}

static void a_record_that_is_none_is_no_session(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "[]", "{}", "{\"level\":9}", "not json"};
    struct str cookie, record;
    struct session *s = start(somebody("citizen"), &cookie);
    assert_int_equal(store_get(world.store, world.a, STORE_SESSION, s->sid, &record), RESULT_OK);
    assert_non_null(session_parse(&world.au, world.a, s->sid, record));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(session_parse(&world.au, world.a, s->sid, str_of(bad[i])));
    json_t *object = json_parse(world.a, record);
    json_object_del(object, "level");
    assert_null(session_parse(&world.au, world.a, s->sid, json_text(world.a, object)));
}

static void the_person_is_what_the_directory_says_now(void **state)
{
    (void)state;
    struct str cookie;
    struct person *p = somebody("citizen2");
    struct session *s = start(p, &cookie), *back;
    slapd_change(arena_printf(world.a,
                              "dn: " STR_FMT "\nchangetype: modify\nreplace: displayName\n"
                              "displayName: Renamed\n",
                              STR_ARG(p->dn))
                     .p);
    later(10);
    assert_int_equal(session_refresh_person(&world.au, world.a, s, 60), RESULT_OK);
    assert_int_equal(session_find(&world.au, world.a, cookie, &back), RESULT_OK);
    assert_true(str_eq(back->person.display_name, STR("Renamed")));
    assert_int_equal(back->person_read - back->started, 10);
}

static void who_is_disabled_or_gone_has_no_session(void **state)
{
    (void)state;
    struct str cookie, other_cookie;
    struct person *p = somebody("leaver"), ghost = *p;
    struct session *s = start(p, &cookie);
    ghost.uuid = STR("2b1c7a2e-0000-103f-8000-000000000000");
    struct session *other = start(&ghost, &other_cookie);
    slapd_change(arena_printf(world.a,
                              "dn: " STR_FMT "\nchangetype: modify\nadd: pwdAccountLockedTime\n"
                              "pwdAccountLockedTime: 000001010000Z\n",
                              STR_ARG(p->dn))
                     .p);
    assert_int_equal(session_refresh_person(&world.au, world.a, s, 60), RESULT_NOT_FOUND);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
    assert_int_equal(session_refresh_person(&world.au, world.a, other, 60), RESULT_NOT_FOUND);
    assert_int_equal(find(other_cookie), RESULT_NOT_FOUND);
}

static void who_has_another_name_now_signs_in_anew(void **state)
{
    (void)state;
    struct str cookie;
    struct person was = *somebody("citizen2");
    was.subject = STR("n-old");
    struct session *s = start(&was, &cookie);
    assert_int_equal(session_refresh_person(&world.au, world.a, s, 60), RESULT_NOT_FOUND);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
    s = start(somebody("citizen2"), &cookie);
    assert_int_equal(session_refresh_person(&world.au, world.a, s, 60), RESULT_OK);
}

static size_t listed(const struct person *p)
{
    struct str *sids;
    size_t n;
    assert_int_equal(session_list(&world.au, world.a, p->uuid, &sids, &n), RESULT_OK);
    return n;
}

static void a_person_s_sessions_are_listed_until_they_end(void **state)
{
    (void)state;
    struct str cookie;
    struct person ghost = *somebody("citizen");
    ghost.uuid = STR("2b1c7a2e-0000-103f-8000-00000000000a");
    struct session *one = start(&ghost, &cookie), *two = start(&ghost, &cookie), *ended;
    assert_int_equal(listed(&ghost), 2);
    assert_int_equal(session_end(&world.au, world.a, one->sid), RESULT_OK);
    assert_int_equal(listed(&ghost), 1);
    assert_int_equal(session_end_once(&world.au, world.a, two->sid, &ended), RESULT_OK);
    assert_true(ended && str_eq(ended->csrf, two->csrf));
    assert_int_equal(listed(&ghost), 0);
    assert_int_equal(session_end_once(&world.au, world.a, two->sid, &ended), RESULT_OK);
    assert_null(ended);
}

static void the_list_does_not_grow_with_sessions_that_ran_out(void **state)
{
    (void)state;
    struct str cookie;
    struct person ghost = *somebody("citizen");
    ghost.uuid = STR("2b1c7a2e-0000-103f-8000-00000000000b");
    for (int i = 0; i < 100; i++) {
        struct session *s = start(&ghost, &cookie);
        assert_int_equal(store_delete(world.store, world.a, STORE_SESSION, s->sid), RESULT_OK);
    }
    assert_true(listed(&ghost) < 40);
}

/* The person was read before the account was disabled, and the session is stored after it. */
static void who_is_disabled_while_signing_in_gets_no_session(void **state)
{
    (void)state;
    struct str cookie;
    struct session *s;
    struct person *p = somebody("citizen"), ghost = *p;
    ghost.uuid = STR("2b1c7a2e-0000-103f-8000-00000000000c");
    ghost.disabled = true;
    assert_int_equal(notice_person(&world.au, world.a, &ghost), RESULT_OK);
    ghost.disabled = false;
    assert_int_equal(session_start(&world.au, world.a, &ghost, AUTHN_LOW, STR("pwd"), NULL, &s, &cookie),
                     RESULT_NOT_FOUND);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
    later(60); /* the directory knows of nobody like that */
    assert_int_equal(session_start(&world.au, world.a, &ghost, AUTHN_LOW, STR("pwd"), NULL, &s, &cookie),
                     RESULT_NOT_FOUND);
}

static void an_old_notice_does_not_keep_out_who_was_enabled(void **state)
{
    (void)state;
    struct str cookie;
    struct person *p = somebody("citizen2"), was = *p;
    was.disabled = true;
    assert_int_equal(notice_person(&world.au, world.a, &was), RESULT_OK);
    later(60);
    (void)start(p, &cookie);
    assert_int_equal(find(cookie), RESULT_OK);
}

static void what_began_before_the_end_is_over_and_has_the_news_otherwise(void **state)
{
    (void)state;
    struct str cookie;
    struct person *p = somebody("admin"), moved = *p;
    struct session *s = start(p, &cookie), *back;
    moved.organisation = STR("330102/D0077");
    assert_int_equal(notice_person(&world.au, world.a, &moved), RESULT_OK);
    assert_int_equal(session_find(&world.au, world.a, cookie, &back), RESULT_OK);
    assert_true(str_eq(back->person.organisation, moved.organisation));
    moved.disabled = true;
    later(60);
    assert_int_equal(notice_person(&world.au, world.a, &moved), RESULT_OK);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
    assert_int_equal(session_by_sid(&world.au, world.a, s->sid, &back), RESULT_NOT_FOUND);
    later(60);
    moved.disabled = false;
    assert_int_equal(notice_person(&world.au, world.a, &moved), RESULT_OK);
    assert_int_equal(find(cookie), RESULT_NOT_FOUND);
}

static void while_the_directory_is_away_what_it_said_holds_for_a_grace(void **state)
{
    (void)state;
    struct str cookie;
    struct session *s = start(somebody("citizen"), &cookie);
    slapd_kill(&world.slapd);
    later(60);
    assert_int_equal(session_refresh_person(&world.au, world.a, s, 60), RESULT_OK);
    later(1);
    assert_int_equal(session_refresh_person(&world.au, world.a, s, 60), RESULT_UNAVAILABLE);
    assert_int_equal(find(cookie), RESULT_OK);
    slapd_return();
    assert_int_equal(session_refresh_person(&world.au, world.a, s, 60), RESULT_OK);
}

static void without_redis_there_is_no_answer_about_a_session(void **state)
{
    (void)state;
    struct str cookie;
    struct session *s = start(somebody("citizen"), &cookie);
    redis_kill(&world.redis);
    assert_int_equal(find(cookie), RESULT_UNAVAILABLE);
    assert_int_equal(session_end(&world.au, world.a, s->sid), RESULT_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_session_is_found_by_its_cookie_and_by_nothing_that_is_public),
        WORLD_TEST(idle_too_long_it_is_over),
        WORLD_TEST(used_all_the_time_it_is_over_in_the_end),
        WORLD_TEST(being_asked_for_by_a_token_is_no_use),
        WORLD_TEST(redis_too_forgets_it_after_its_time),
        WORLD_TEST(what_has_ended_is_not_saved_back_to_life),
        WORLD_TEST(whoever_was_let_in_is_told_of_the_end),
        WORLD_TEST(a_record_that_is_none_is_no_session),
        WORLD_TEST(the_person_is_what_the_directory_says_now),
        WORLD_TEST(who_is_disabled_or_gone_has_no_session),
        WORLD_TEST(who_has_another_name_now_signs_in_anew),
        WORLD_TEST(a_person_s_sessions_are_listed_until_they_end),
        WORLD_TEST(the_list_does_not_grow_with_sessions_that_ran_out),
        WORLD_TEST(who_is_disabled_while_signing_in_gets_no_session),
        WORLD_TEST(an_old_notice_does_not_keep_out_who_was_enabled),
        WORLD_TEST(what_began_before_the_end_is_over_and_has_the_news_otherwise),
        WORLD_TEST(while_the_directory_is_away_what_it_said_holds_for_a_grace),
        WORLD_TEST(without_redis_there_is_no_answer_about_a_session),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
