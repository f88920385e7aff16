/* What the stories about the store have in common: a Redis, a directory, and servers over them. */
#ifndef ONEDOOR_TESTS_STORE_WORLD_H
#define ONEDOOR_TESTS_STORE_WORLD_H

#include "directory/registry.h"
#include "server/base/clock.h"
#include "server/base/metric.h"
#include "server/store/epoch.h"
#include "server/store/store.h"
#include "tests/unit/support/redis.h"
#include "tests/unit/support/slapd.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

/* One of everything, and stores over it as many as a test wants. */
static struct {
    struct redis redis;
    struct slapd slapd;
    struct directory *directory;
    struct secret *key;
    struct seal *seal;
    struct arena *arena;
} world;

static const struct store_config usual = {.connect_ms = 500, .operation_ms = 1000, .prefix = {"od:", 3}};

/* One directory for all stories of a program: each begins with a registry that knows of no epoch. */
static inline int begin_all(void **state)
{
    (void)state;
    slapd_start(&world.slapd);
    struct directory_config config = slapd_config(&world.slapd);
    world.directory = directory_new(&config);
    assert_non_null(world.directory);
    return registry_prepare(world.directory) == RESULT_OK ? 0 : -1;
}

static inline int end_all(void **state)
{
    (void)state;
    directory_free(world.directory);
    slapd_remove(&world.slapd);
    return 0;
}

static inline int begin(void **state)
{
    (void)state;
    enum result gone = registry_delete(world.directory, STR("cn=epoch,ou=state"));
    assert_true(gone == RESULT_OK || gone == RESULT_NOT_FOUND);
    redis_start(&world.redis, NULL);
    world.key = secret_random(32);
    world.seal = seal_new(world.key);
    world.arena = arena_new(1 << 22);
    return 0;
}

static inline int end(void **state)
{
    (void)state;
    arena_free(world.arena);
    seal_free(world.seal);
    secret_free(world.key);
    redis_remove(&world.redis);
    return 0;
}

static char address[100];

static inline struct store *store_with(const struct store_config *like)
{
    struct store_config config = *like;
    snprintf(address, sizeof address, "unix:%s", world.redis.socket);
    config.address = str_of(address);
    struct store *s = store_new(&config, world.seal, world.directory);
    assert_non_null(s);
    return s;
}

/* A server that has started. */
static inline struct store *server(void)
{
    struct store *s = store_with(&usual);
    store_beat(s);
    assert_int_equal(store_ping(s), RESULT_OK);
    return s;
}

static inline enum result put(struct store *s, const char *id, const char *value)
{
    return store_put(s, world.arena, STORE_SESSION, str_of(id), str_of(value), 600);
}

static inline enum result get(struct store *s, const char *id)
{
    struct str value;
    return store_get(s, world.arena, STORE_SESSION, str_of(id), &value);
}

static inline enum result spend(struct store *s, const char *id)
{
    return store_spend(s, world.arena, str_of(id), STR("by me"), 600);
}

static inline void assert_holds(struct store *s, const char *id, const char *expected)
{
    struct str value;
    assert_int_equal(store_get(s, world.arena, STORE_SESSION, str_of(id), &value), RESULT_OK);
    assert_true(str_eq(value, str_of(expected)));
}

/* Beats as a server does until it grants again; the milliseconds it took. */
static inline int64_t beat_until_live(struct store *s)
{
    int64_t start = clock_monotonic_ms();
    while (clock_monotonic_ms() - start < 10000) {
        store_beat(s);
        if (store_ping(s) == RESULT_OK)
            return clock_monotonic_ms() - start;
        usleep(50000);
    }
    fail_msg("still not available after 10 s");
    return -1;
}

static inline void epoch_now(char name[33])
{
    struct epoch e;
    assert_int_equal(epoch_read(world.directory, &e), RESULT_OK);
    memcpy(name, e.name, 33);
}

static inline bool epoch_is(const char *name)
{
    char now[33];
    epoch_now(now);
    return strcmp(now, name) == 0;
}

/* The name of the one key that holds a record: not the epoch's, no beat, no pulse. */
static inline void record_key(char *out, size_t room, int which)
{
    redisReply *keys = redis_ask(&world.redis, "KEYS od:*");
    out[0] = '\0';
    for (size_t i = 0; i < keys->elements; i++) {
        const char *name = keys->element[i]->str;
        if (strlen(name) == 3 + 27 && which-- == 0)
            snprintf(out, room, "%s", name);
    }
    freeReplyObject(keys);
    assert_true(out[0] != '\0');
}

enum { CROWD = 50 };

struct crowd {
    struct store *store;
    pthread_barrier_t start;
    bool takes;
    enum result results[CROWD];
    atomic_int next;
};

static inline void *one_of_the_crowd(void *arg)
{
    struct crowd *c = arg;
    int me = atomic_fetch_add(&c->next, 1);
    struct arena *a = arena_new(1 << 16);
    struct str value;
    pthread_barrier_wait(&c->start);
    c->results[me] = c->takes ? store_take(c->store, a, STORE_CODE, STR("code"), &value)
                              : store_spend(c->store, a, STR("step"), STR_EMPTY, 60);
    arena_free(a);
    return NULL;
}

/* Starts fifty at once and waits for them. */
static inline void crowd_run(struct crowd *c)
{
    pthread_t threads[CROWD];
    pthread_barrier_init(&c->start, NULL, CROWD);
    for (int i = 0; i < CROWD; i++)
        pthread_create(&threads[i], NULL, one_of_the_crowd, c);
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&c->start);
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)

#endif
