#include "server/base/swap.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct value {
    int one, two; /* always equal while it lives */
};

static atomic_int alive;

static struct value *make(int n)
{
    struct value *v = malloc(sizeof *v);
    *v = (struct value){n, n};
    atomic_fetch_add(&alive, 1);
    return v;
}

static void release(void *what)
{
    struct value *v = what;
    v->one = v->two + 1;
    atomic_fetch_sub(&alive, 1);
    free(v);
}

static void nothing_is_there_before_the_first_put(void **state)
{
    (void)state;
    struct swap *s = swap_new(release);
    struct arena *a = arena_new(1000);
    assert_null(swap_read(s, a));
    arena_free(a);
    swap_free(s);
}

static void what_is_read_lives_until_the_arena_ends(void **state)
{
    (void)state;
    struct swap *s = swap_new(release);
    struct arena *a = arena_new(1000);
    assert_true(swap_put(s, make(1)));
    const struct value *first = swap_read(s, a);
    assert_true(swap_put(s, make(2)));
    assert_int_equal(first->one, 1);
    assert_int_equal(alive, 2);
    const struct value *second = swap_read(s, a);
    assert_int_equal(second->one, 2);
    arena_free(a);
    assert_true(swap_put(s, make(3)));
    assert_int_equal(alive, 1);
    swap_free(s);
    assert_int_equal(alive, 0);
}

static void an_arena_without_memory_reads_nothing_and_holds_nothing(void **state)
{
    (void)state;
    struct swap *s = swap_new(release);
    struct arena *a = arena_new(1);
    assert_true(swap_put(s, make(1)));
    assert_null(swap_read(s, a));
    assert_true(swap_put(s, make(2)));
    assert_int_equal(alive, 1);
    arena_free(a);
    swap_free(s);
}

static struct swap *shared;
static atomic_bool over;

static void *read_often(void *unused)
{
    while (!atomic_load(&over)) {
        struct arena *a = arena_new(10000);
        for (int i = 0; i < 20; i++) {
            const struct value *v = swap_read(shared, a);
            assert_int_equal(v->one, v->two);
        }
        arena_free(a);
    }
    return unused;
}

static void readers_and_a_writer_never_meet_a_released_value(void **state)
{
    (void)state;
    pthread_t threads[4];
    shared = swap_new(release);
    atomic_store(&over, false);
    assert_true(swap_put(shared, make(0)));
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, NULL), 0);
    for (int i = 1; i < 3000; i++)
        assert_true(swap_put(shared, make(i)));
    atomic_store(&over, true);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    swap_free(shared);
    assert_int_equal(alive, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_there_before_the_first_put),
        cmocka_unit_test(what_is_read_lives_until_the_arena_ends),
        cmocka_unit_test(an_arena_without_memory_reads_nothing_and_holds_nothing),
        cmocka_unit_test(readers_and_a_writer_never_meet_a_released_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
