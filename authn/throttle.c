#include "authn/throttle.h"

#include "server/base/digest.h"

#include <arpa/inet.h>
#include <string.h>

/* A counter's name: a MAC, so that not even its hash tells who was meant. STR_EMPTY on failure. */
static struct str counter_id(struct authn *au, struct arena *a, const char *what, struct str whose)
{
    unsigned char mac[DIGEST_SIZE];
    struct str parts[] = {str_of(what), {"", 1}, whose};
    if (!hmac_sha256(secret_str(au->throttle_key), parts, 3, mac))
        return STR_EMPTY;
    return arena_copy(a, (struct str){(const char *)mac, sizeof mac});
}

/* Whoever has one IPv6 address has 2^64 of them: its network is what counts. */
static struct str source_network(struct arena *a, struct str source)
{
    char text[INET6_ADDRSTRLEN] = "";
    struct in6_addr address;
    if (source.len >= sizeof text)
        return source;
    if (source.len > 0)
        memcpy(text, source.p, source.len);
    if (inet_pton(AF_INET6, text, &address) != 1 || IN6_IS_ADDR_V4MAPPED(&address))
        return source;
    return arena_copy(a, (struct str){(const char *)address.s6_addr, 8});
}

/*
 * A known device of the account has a counter of its own and passes the others by, so that nobody can lock a
 * person out by guessing. Else the source comes first: whoever is braked there counts for nobody else.
 */
static size_t brakes_of(struct authn *au, struct arena *a, const struct attempt *at, struct brake *out)
{
    const struct authn_config *c = &au->config;
    if (at->device.len > 0) {
        out[0] =
            (struct brake){counter_id(au, a, "device", at->device), c->account_failures, c->account_window};
        return 1;
    }
    struct str network = source_network(a, at->source);
    out[0] = (struct brake){counter_id(au, a, "source", network), c->source_failures, c->source_window};
    out[1] =
        (struct brake){counter_id(au, a, "account", at->account), c->account_failures, c->account_window};
    out[2] = (struct brake){counter_id(au, a, "overall", STR_EMPTY), c->overall_failures, c->overall_window};
    return 3;
}

static void count_all(const struct brake *b, size_t n, int64_t by, struct store_counter out[BRAKES_MAX])
{
    for (size_t i = 0; i < n; i++)
        out[i] = (struct store_counter){.id = b[i].id, .by = by, .window = b[i].window};
}

/* At worst the counts stay until their windows are over. */
static void release(struct authn *au, const struct brake *b, size_t n)
{
    struct store_counter counters[BRAKES_MAX];
    count_all(b, n, -1, counters);
    enum result r = n > 0 ? store_count(au->store, counters, n) : RESULT_OK;
    (void)r;
}

/*
 * All of them in one step. The first that is over its limit says how long to wait, and those behind it are
 * let go again: whoever hammers at one braked account must not use up what everybody has in common.
 */
static enum result press(struct authn *au, const struct brake *b, size_t n, int64_t *retry_after)
{
    struct store_counter counters[BRAKES_MAX];
    for (size_t i = 0; i < n; i++)
        if (b[i].id.len == 0)
            return RESULT_INTERNAL;
    count_all(b, n, 1, counters);
    enum result r = n > 0 ? store_count(au->store, counters, n) : RESULT_OK;
    for (size_t i = 0; r == RESULT_OK && i < n; i++) {
        if (counters[i].count <= b[i].limit)
            continue;
        *retry_after = counters[i].left > 0 ? counters[i].left : 1;
        release(au, b + i + 1, n - i - 1);
        r = RESULT_REFUSED;
    }
    return r;
}

enum result throttle_enter(struct authn *au, struct arena *a, struct attempt *at, int64_t *retry_after)
{
    at->brake_count = brakes_of(au, a, at, at->brakes);
    return press(au, at->brakes, at->brake_count, retry_after);
}

void throttle_succeeded(struct authn *au, const struct attempt *at)
{
    release(au, at->brakes, at->brake_count);
}

bool throttle_succeeding(const struct attempt *at, struct store_steps *steps)
{
    bool fits = true;
    for (size_t i = 0; fits && i < at->brake_count; i++)
        fits = store_steps_add(steps, (struct store_step){.act = STEP_COUNT,
                                                          .kind = STORE_THROTTLE,
                                                          .id = at->brakes[i].id,
                                                          .number = -1,
                                                          .ttl = at->brakes[i].window});
    return fits;
}

static struct brake code_brake(struct authn *au, struct arena *a, struct str uuid)
{
    return (struct brake){counter_id(au, a, "code", uuid), au->config.code_failures, au->config.code_window};
}

enum result throttle_enter_code(struct authn *au, struct arena *a, struct str uuid, int64_t *retry_after)
{
    struct brake b = code_brake(au, a, uuid);
    return press(au, &b, 1, retry_after);
}

void throttle_code_succeeded(struct authn *au, struct arena *a, struct str uuid)
{
    struct brake b = code_brake(au, a, uuid);
    release(au, &b, 1);
}
