#include "server/base/glance.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Of a size that is no multiple of a word. */
struct value {
    char text[101];
};

static void what_was_put_is_copied(void **state)
{
    (void)state;
    static struct glance g;
    struct value in, out;
    glance_get(&g, &out, sizeof out);
    for (size_t i = 0; i < sizeof out.text; i++)
        assert_int_equal(out.text[i], 0);
    for (size_t i = 0; i < sizeof in.text; i++)
        in.text[i] = (char)i;
    glance_put(&g, &in, sizeof in);
    glance_get(&g, &out, sizeof out);
    assert_memory_equal(&in, &out, sizeof in);
}

static struct glance shared;
static atomic_bool over;

static bool is_whole(const struct value *v)
{
    for (size_t i = 1; i < sizeof v->text; i++)
        if (v->text[i] != v->text[0])
            return false;
    return true;
}

static void *read_often(void *good)
{
    struct value v;
    bool whole = true;
    while (whole && !atomic_load(&over)) {
        glance_get(&shared, &v, sizeof v);
        whole = is_whole(&v);
    }
    return whole ? good : NULL;
}

/* Nobody ever sees a part of one and a part of another. */
static void readers_see_one_put_or_another(void **state)
{
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, &shared), 0);
    for (int n = 0; n < 20000; n++) {
        struct value v;
        memset(&v, n, sizeof v);
        glance_put(&shared, &v, sizeof v);
    }
    atomic_store(&over, true);
    for (size_t i = 0; i < 3; i++) {
        void *good = NULL;
        assert_int_equal(pthread_join(threads[i], &good), 0);
        assert_non_null(good);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_copied),
        cmocka_unit_test(readers_see_one_put_or_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
