#include "directory/uuid_set.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_PLACES = 64 };
enum place_state { PLACE_FREE, PLACE_TAKEN, PLACE_LEFT };

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool uuid_of_text(struct str text, unsigned char out[UUID_SIZE])
{
    size_t n = 0;
    memset(out, 0, UUID_SIZE);
    for (size_t i = 0; i < text.len; i++) {
        int digit = digit_of(text.p[i]);
        if (text.p[i] == '-')
            continue;
        if (digit < 0 || n == 2 * UUID_SIZE)
            return false;
        out[n / 2] = (unsigned char)(out[n / 2] << 4 | digit);
        n++;
    }
    return n == 2 * UUID_SIZE;
}

void uuid_set_free(struct uuid_set *s)
{
    free(s->v);
    free(s->state);
    *s = (struct uuid_set){0};
}

/* Directories make these at random, or count in them: all bytes are mixed. */
static size_t home(const struct uuid_set *s, const void *uuid)
{
    uint64_t half[2];
    memcpy(half, uuid, sizeof half);
    uint64_t h = (half[0] ^ (half[1] << 31 | half[1] >> 33)) * 0x9e3779b97f4a7c15;
    return (size_t)(h ^ h >> 29) & (s->places - 1);
}

/* Where it is, or SIZE_MAX. */
static size_t find(const struct uuid_set *s, struct str uuid)
{
    if (s->places == 0 || uuid.len != UUID_SIZE)
        return SIZE_MAX;
    for (size_t i = home(s, uuid.p); s->state[i] != PLACE_FREE; i = (i + 1) & (s->places - 1))
        if (s->state[i] == PLACE_TAKEN && memcmp(s->v[i], uuid.p, UUID_SIZE) == 0)
            return i;
    return SIZE_MAX;
}

static void place(struct uuid_set *s, const void *uuid)
{
    size_t i = home(s, uuid);
    while (s->state[i] == PLACE_TAKEN)
        i = (i + 1) & (s->places - 1);
    s->used += s->state[i] == PLACE_FREE;
    s->state[i] = PLACE_TAKEN;
    memcpy(s->v[i], uuid, UUID_SIZE);
    s->n++;
}

static bool grow(struct uuid_set *s)
{
    size_t places = FIRST_PLACES;
    while (places < 4 * (s->n + 1))
        places *= 2;
    struct uuid_set more = {.v = calloc(places, UUID_SIZE), .state = calloc(places, 1), .places = places};
    if (!more.v || !more.state) {
        uuid_set_free(&more);
        return false;
    }
    for (size_t i = 0; i < s->places; i++)
        if (s->state[i] == PLACE_TAKEN)
            place(&more, s->v[i]);
    uuid_set_free(s);
    *s = more;
    return true;
}

bool uuid_set_add(struct uuid_set *s, struct str uuid)
{
    if (uuid.len != UUID_SIZE)
        return false;
    if (find(s, uuid) != SIZE_MAX)
        return true;
    if (2 * (s->used + 1) > s->places && !grow(s))
        return false;
    place(s, uuid.p);
    return true;
}

bool uuid_set_has(const struct uuid_set *s, struct str uuid)
{
    return find(s, uuid) != SIZE_MAX;
}

bool uuid_set_remove(struct uuid_set *s, struct str uuid)
{
    size_t i = find(s, uuid);
    if (i == SIZE_MAX)
        return false;
    s->state[i] = PLACE_LEFT;
    s->n--;
    return true;
}

bool uuid_set_next(const struct uuid_set *s, size_t *at, struct str *uuid)
{
    for (; *at < s->places; (*at)++) {
        if (s->state[*at] != PLACE_TAKEN)
            continue;
        *uuid = (struct str){(const char *)s->v[(*at)++], UUID_SIZE};
        return true;
    }
    return false;
}
