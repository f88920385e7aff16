#include "directory/known.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include <cmocka.h>

static struct arena *a;

static int open_arena(void **state)
{
    (void)state;
    a = arena_new(64 << 20);
    return a ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static struct subject person_in(struct arena *in, unsigned i, const char *mail)
{
    return (struct subject){.id = arena_printf(in, "s-%u", i),
                            .uuid = arena_printf(in, "uuid-%u", i),
                            .kind = STR("staff"),
                            .mail = arena_copy(in, str_of(mail)),
                            .organisations = STR("330102/D0412 330102/D0077")};
}

static struct subject person(unsigned i, const char *mail)
{
    return person_in(a, i, mail);
}

static void fill(struct known *k, unsigned i)
{
    struct subject s = person(i, "one");
    known_fill(k, known_moment(k), &s);
}

static void who_was_filled_in_is_found_both_ways(void **state)
{
    (void)state;
    struct known *k = known_new(100);
    struct subject s;
    assert_false(known_find(k, a, STR("s-1"), &s));
    fill(k, 1);
    assert_true(known_find(k, a, STR("s-1"), &s));
    assert_true(str_eq(s.uuid, STR("uuid-1")) && str_eq(s.kind, STR("staff")) && str_eq(s.mail, STR("one")));
    assert_true(str_eq(s.organisations, STR("330102/D0412 330102/D0077")));
    assert_true(known_find_uuid(k, a, STR("uuid-1"), &s));
    assert_true(str_eq(s.id, STR("s-1")));
    assert_int_equal(known_count(k), 1);
    known_free(k);
}

static void an_answer_older_than_what_the_feed_told_is_not_kept(void **state)
{
    (void)state;
    struct known *k = known_new(100);
    struct subject old = person(1, "old"), new = person(1, "new"), s;
    uint64_t moment = known_moment(k);
    assert_int_equal(known_told(k, &new), KNOWN_NOT);
    known_fill(k, moment, &old);
    assert_false(known_find(k, a, STR("s-1"), &s));
    moment = known_moment(k);
    known_gone(k, STR("uuid-1"));
    known_fill(k, moment, &old);
    assert_false(known_find(k, a, STR("s-1"), &s));
    moment = known_moment(k);
    known_clear(k);
    known_fill(k, moment, &old);
    assert_int_equal(known_count(k), 0);
    known_free(k);
}

static void the_feed_changes_only_who_is_known(void **state)
{
    (void)state;
    struct known *k = known_new(100);
    struct subject s = person(1, "two"), found;
    assert_int_equal(known_told(k, &s), KNOWN_NOT);
    assert_int_equal(known_count(k), 0);
    fill(k, 1);
    s.disabled = true;
    assert_int_equal(known_told(k, &s), KNOWN_ENABLED);
    assert_true(known_find(k, a, STR("s-1"), &found));
    assert_true(found.disabled && str_eq(found.mail, STR("two")));
    assert_int_equal(known_told(k, &s), KNOWN_DISABLED);
    assert_int_equal(known_state(k, STR("uuid-1")), KNOWN_DISABLED);
    assert_int_equal(known_gone(k, STR("uuid-1")), KNOWN_DISABLED);
    assert_false(known_find_uuid(k, a, STR("uuid-1"), &found));
    known_free(k);
}

static void a_sub_belongs_to_the_last_who_had_it(void **state)
{
    (void)state;
    struct known *k = known_new(100);
    struct subject found, other = person(2, "x");
    fill(k, 1);
    /* Renamed by the feed, and the old name given to somebody else. */
    struct subject renamed = person(1, "one");
    renamed.id = STR("s-new");
    assert_int_equal(known_told(k, &renamed), KNOWN_ENABLED);
    assert_false(known_find(k, a, STR("s-1"), &found));
    other.id = STR("s-1");
    known_fill(k, known_moment(k), &other);
    assert_true(known_find(k, a, STR("s-1"), &found) && str_eq(found.uuid, STR("uuid-2")));
    assert_true(known_find(k, a, STR("s-new"), &found) && str_eq(found.uuid, STR("uuid-1")));
    struct subject taken = person(3, "y");
    taken.id = STR("s-1");
    known_fill(k, known_moment(k), &taken);
    assert_false(known_find_uuid(k, a, STR("uuid-2"), &found));
    assert_int_equal(known_count(k), 2);
    known_free(k);
}

static void who_is_asked_for_stays_when_room_is_short(void **state)
{
    (void)state;
    enum { ROOM = 50 };
    struct known *k = known_new(ROOM);
    struct subject s;
    for (unsigned i = 0; i < 1000; i++) {
        fill(k, i);
        assert_true(known_find(k, a, STR("s-0"), &s));
    }
    assert_int_equal(known_count(k), ROOM);
    known_free(k);
}

static void who_is_not_named_in_a_refresh_is_given(void **state)
{
    (void)state;
    struct known *k = known_new(100);
    struct subject s = person(2, "one");
    for (unsigned i = 1; i <= 4; i++)
        fill(k, i);
    known_refresh_begin(k);
    known_mark(k, STR("uuid-1"));
    known_mark(k, STR("uuid-unknown"));
    known_told(k, &s);
    fill(k, 5);
    unsigned missed = 0;
    for (struct str uuid; (uuid = known_unmarked(k, a)).len > 0; missed++) {
        assert_true(str_eq(uuid, STR("uuid-3")) || str_eq(uuid, STR("uuid-4")));
        known_gone(k, uuid);
    }
    assert_int_equal(missed, 2);
    assert_int_equal(known_count(k), 3);
    known_free(k);
}

enum { PEOPLE = 200, ROUNDS = 20000 };
static struct known *shared;
static atomic_bool over;

/* Whoever is found is whole: mail and organisations of one and the same moment. */
static void *read_always(void *arg)
{
    unsigned *bad = arg;
    for (unsigned i = 0; !atomic_load(&over); i++) {
        struct arena *own = arena_new(1 << 16);
        struct subject s;
        struct str sub = arena_printf(own, "s-%u", i % PEOPLE),
                   uuid = arena_printf(own, "uuid-%u", i % PEOPLE);
        if (known_find(shared, own, sub, &s) &&
            (!str_eq(s.id, sub) || s.disabled != str_eq(s.mail, STR("off"))))
            ++*bad;
        if (known_find_uuid(shared, own, uuid, &s) && !str_eq(s.uuid, uuid))
            ++*bad;
        arena_free(own);
    }
    return NULL;
}

static void *fill_always(void *arg)
{
    (void)arg;
    for (unsigned i = 0; !atomic_load(&over); i++) {
        struct arena *own = arena_new(1 << 16);
        struct subject s = person_in(own, i * 7 % PEOPLE, "on");
        known_fill(shared, known_moment(shared), &s);
        arena_free(own);
    }
    return NULL;
}

static void readers_fillers_and_the_feed_go_together(void **state)
{
    (void)state;
    pthread_t threads[3];
    unsigned bad[2] = {0};
    shared = known_new(PEOPLE / 2);
    atomic_store(&over, false);
    pthread_create(&threads[0], NULL, read_always, &bad[0]);
    pthread_create(&threads[1], NULL, read_always, &bad[1]);
    pthread_create(&threads[2], NULL, fill_always, NULL);
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct arena *own = arena_new(1 << 16);
        struct subject s = person_in(own, i % PEOPLE, i % 2 ? "off" : "on");
        s.disabled = i % 2;
        if (i % 10 == 0)
            known_gone(shared, s.uuid);
        else
            known_told(shared, &s);
        arena_free(own);
    }
    atomic_store(&over, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(bad[0] + bad[1], 0);
    known_free(shared);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_was_filled_in_is_found_both_ways),
        TEST(an_answer_older_than_what_the_feed_told_is_not_kept),
        TEST(the_feed_changes_only_who_is_known),
        TEST(a_sub_belongs_to_the_last_who_had_it),
        TEST(who_is_asked_for_stays_when_room_is_short),
        TEST(who_is_not_named_in_a_refresh_is_given),
        TEST(readers_fillers_and_the_feed_go_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
