#include "certs/seal.h"

#include "server/base/random.h"
#include "tests/unit/certs/fixture.h"

#include <pthread.h>

static struct arena *a;
static struct seal *seal;

static struct seal *new_seal(unsigned char fill)
{
    unsigned char bytes[32];
    memset(bytes, fill, sizeof bytes);
    struct secret *key = secret_copy(bytes, sizeof bytes);
    struct seal *s = seal_new(key);
    secret_free(key);
    return s;
}

static int begin(void **state)
{
    (void)state;
    a = arena_new(FIXTURE_ARENA);
    seal = new_seal(1);
    return a && seal ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    seal_free(seal);
    arena_free(a);
    return 0;
}

static struct str close_at(const char *place, struct str plain)
{
    struct str sealed;
    assert_int_equal(seal_close(seal, a, str_of(place), plain, &sealed), RESULT_OK);
    return arena_copy(a, sealed);
}

static enum result try_open(const struct seal *with, const char *place, struct str sealed)
{
    struct str plain = STR("untouched");
    enum result r = seal_open(with, a, str_of(place), sealed, &plain);
    if (r != RESULT_OK)
        assert_str(plain, "untouched");
    return r;
}

static void what_was_sealed_opens_in_its_place(void **state)
{
    (void)state;
    static char large[70000];
    const struct str plains[] = {STR("x"), STR_EMPTY, STR("{\"a\":1}"), {large, sizeof large}};
    for (size_t i = 0; i < COUNT(plains); i++) {
        struct str plain;
        struct str sealed = close_at("at:1", plains[i]);
        assert_int_equal(sealed.len, plains[i].len + 29);
        assert_int_equal(seal_open(seal, a, STR("at:1"), sealed, &plain), RESULT_OK);
        assert_true(str_eq(plain, plains[i]));
    }
}

static void the_same_value_never_looks_the_same(void **state)
{
    (void)state;
    assert_false(str_eq(close_at("p", STR("value")), close_at("p", STR("value"))));
}

static void a_value_moved_elsewhere_does_not_open(void **state)
{
    (void)state;
    struct str sealed = close_at("session:1", STR("value"));
    static const char *const places[] = {"session:2", "session:", "session:11", "", "Session:1"};
    for (size_t i = 0; i < COUNT(places); i++)
        assert_int_equal(try_open(seal, places[i], sealed), RESULT_REFUSED);
}

static void a_value_altered_anywhere_does_not_open(void **state)
{
    (void)state;
    struct str sealed = close_at("p", STR("a longer value, of some blocks of AES: 0123456789"));
    char *bytes = (char *)sealed.p;
    for (size_t i = 0; i < sealed.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] = (char)(bytes[i] ^ (1 << bit));
            assert_int_equal(try_open(seal, "p", sealed), RESULT_REFUSED);
            bytes[i] = (char)(bytes[i] ^ (1 << bit));
        }
    }
    assert_int_equal(try_open(seal, "p", sealed), RESULT_OK);
}

static void a_value_cut_or_lengthened_does_not_open(void **state)
{
    (void)state;
    struct str sealed = close_at("p", STR("value"));
    for (size_t len = 0; len < sealed.len; len++)
        assert_int_equal(try_open(seal, "p", str_sub(sealed, 0, len)), RESULT_REFUSED);
    struct str longer = arena_join(a, (struct str[]){sealed, STR("\0")}, 2);
    assert_int_equal(try_open(seal, "p", longer), RESULT_REFUSED);
    assert_int_equal(try_open(seal, "p", STR_EMPTY), RESULT_REFUSED);
}

static void another_key_does_not_open(void **state)
{
    (void)state;
    struct seal *other = new_seal(2);
    assert_int_equal(try_open(other, "p", close_at("p", STR("value"))), RESULT_REFUSED);
    seal_free(other);
}

static bool no_randomness(void *p, size_t len)
{
    memset(p, 0, len);
    return false;
}

static void nothing_is_sealed_without_randomness(void **state)
{
    (void)state;
    struct str sealed;
    random_replace(no_randomness);
    enum result r = seal_close(seal, a, STR("p"), STR("value"), &sealed);
    random_replace(NULL);
    assert_int_equal(r, RESULT_INTERNAL);
}

static void a_key_of_another_size_makes_no_sealer(void **state)
{
    (void)state;
    struct secret *key = secret_copy("0123456789abcdef", 16);
    assert_null(seal_new(key));
    secret_free(key);
}

/* Each thread seals and opens with a context of its own, which it keeps from one value to the next. */
static void *seal_often(void *unused)
{
    struct arena *own = arena_new(FIXTURE_ARENA);
    bool good = true;
    for (int i = 0; good && i < 500; i++) {
        struct str place = i % 2 ? STR("odd") : STR("even"), sealed, plain;
        good = seal_close(seal, own, place, STR("value"), &sealed) == RESULT_OK &&
               seal_open(seal, own, STR("elsewhere"), sealed, &plain) == RESULT_REFUSED &&
               seal_open(seal, own, place, sealed, &plain) == RESULT_OK && str_eq(plain, STR("value"));
    }
    arena_free(own);
    return good ? seal : unused;
}

static void threads_do_not_disturb_one_another(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, seal_often, NULL), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *good = NULL;
        assert_int_equal(pthread_join(threads[i], &good), 0);
        assert_non_null(good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_opens_in_its_place),
        cmocka_unit_test(the_same_value_never_looks_the_same),
        cmocka_unit_test(a_value_moved_elsewhere_does_not_open),
        cmocka_unit_test(a_value_altered_anywhere_does_not_open),
        cmocka_unit_test(a_value_cut_or_lengthened_does_not_open),
        cmocka_unit_test(another_key_does_not_open),
        cmocka_unit_test(nothing_is_sealed_without_randomness),
        cmocka_unit_test(a_key_of_another_size_makes_no_sealer),
        cmocka_unit_test(threads_do_not_disturb_one_another),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
