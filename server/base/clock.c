#include "server/base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static _Atomic(int64_t (*)(void)) replaced;

static struct timespec real_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t;
}

int64_t clock_now(void)
{
    int64_t (*now)(void) = atomic_load(&replaced);
    return now ? now() : (int64_t)real_now().tv_sec;
}

int64_t clock_monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_coarse_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_format(char out[25])
{
    struct timespec t = real_now();
    int64_t (*now)(void) = atomic_load(&replaced);
    if (now)
        t = (struct timespec){.tv_sec = (time_t)now()};

    struct tm tm;
    size_t len = gmtime_r(&t.tv_sec, &tm) ? strftime(out, 20, "%Y-%m-%dT%H:%M:%S", &tm) : 0;
    (void)snprintf(out + len, 25 - len, ".%03uZ", (unsigned)(t.tv_nsec / 1000000) % 1000);
}

void clock_replace(int64_t (*now)(void))
{
    atomic_store(&replaced, now);
}
