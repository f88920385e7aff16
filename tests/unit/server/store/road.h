/* What the stories about lanes and strands have in common: a Redis with a password, and a guard that agrees
 * with it. */
#ifndef ONEDOOR_TESTS_STORE_ROAD_H
#define ONEDOOR_TESTS_STORE_ROAD_H

#include "tests/unit/server/store/world.h"

#include "server/store/guard.h"

enum { LIMIT_MS = 2000 };

static struct {
    struct store_config config;
    struct trouble trouble;
    struct guard *guard;
    char address[100];
    struct secret *password;
} road;

static const char password[] = "of the road";

/* A guard that knows an epoch, and a Redis that agrees with it. */
static inline void agree(void)
{
    const struct epoch epoch = {.name = "0123456789abcdef0123456789abcdef"};
    struct key_name beat;
    struct str mark;
    struct arena *a = arena_new(4096);
    key_name_plain(&beat, road.config.prefix, "beat:", "road");
    guard_enter(road.guard, &epoch, &beat, 1);
    assert_int_equal(guard_seal_epoch(road.guard, a, str_of(epoch.name), &mark), RESULT_OK);
    freeReplyObject(redis_ask(&world.redis, "SET od:beat:road 1"));
    freeReplyObject(redis_ask(&world.redis, "SET od:epoch %b", mark.p, mark.len));
    arena_free(a);
}

static inline void begin_road(void)
{
    redis_start(&world.redis, password);
    world.key = secret_random(32);
    world.seal = seal_new(world.key);
    snprintf(road.address, sizeof road.address, "unix:%s", world.redis.socket);
    road.password = secret_copy(password, strlen(password));
    road.config = usual;
    road.config.operation_ms = LIMIT_MS;
    road.config.address = str_of(road.address);
    road.config.password = road.password;
    trouble_init(&road.trouble);
    road.guard = guard_new(&road.config, world.seal);
    agree();
}

static inline void end_road(void)
{
    guard_free(road.guard);
    trouble_destroy(&road.trouble);
    secret_free(road.password);
    seal_free(world.seal);
    secret_free(world.key);
    redis_remove(&world.redis);
}

static inline int64_t in_time(void)
{
    return clock_monotonic_ms() + road.config.operation_ms;
}

#endif
