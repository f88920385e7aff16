#include "server/base/clock.h"

#include <stdatomic.h>
#include <string.h>
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

/* Without its end; of how many characters. A thread writes many lines a second, and formats it once. */
static size_t format_second(time_t second, char *out)
{
    static _Thread_local struct {
        time_t second;
        size_t len;
        char text[20];
    } last;
    struct tm tm;
    if (last.len == 0 || last.second != second) {
        last.second = second;
        last.len =
            gmtime_r(&second, &tm) ? strftime(last.text, sizeof last.text, "%Y-%m-%dT%H:%M:%S", &tm) : 0;
    }
    memcpy(out, last.text, last.len);
    return last.len;
}

void clock_format(char out[25])
{
    struct timespec t = real_now();
    int64_t (*now)(void) = atomic_load(&replaced);
    if (now)
        t = (struct timespec){.tv_sec = (time_t)now()};

    unsigned ms = (unsigned)(t.tv_nsec / 1000000);
    const char rest[] = {
        '.', (char)('0' + ms / 100 % 10), (char)('0' + ms / 10 % 10), (char)('0' + ms % 10), 'Z', 0};
    size_t len = format_second(t.tv_sec, out);
    memcpy(out + len, rest, sizeof rest);
}

void clock_replace(int64_t (*now)(void))
{
    atomic_store(&replaced, now);
}
