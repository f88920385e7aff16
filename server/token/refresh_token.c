#include "server/token/refresh_token.h"

#include "authn/record.h"
#include "server/base/clock.h"
#include "server/token/access_token.h"
#include "server/token/once.h"

#include <stddef.h>

static const struct once_kind refresh_tokens = {STORE_REFRESH, REFRESH_TOKEN_SHAPE};

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct refresh_token, name)                                                    \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, client_id),
    FIELD(FIELD_NUMBER, issued),
    FIELD(FIELD_NUMBER, expires),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0], FORMAT = 1 };

static struct str record_of(struct arena *a, const struct refresh_token *t)
{
    struct buf out;
    record_begin(&out, FORMAT);
    return record_end(&out, a, record_pack(&out, a, t, fields, FIELD_COUNT));
}

/*
 * Rotation does not lengthen the family's life: it ends when the grant does, so that a stolen family dies at
 * the latest when the first token would have. The grant outlives it by one access token.
 */
static int64_t end_of(const struct provider *p, const struct application *app, const struct grant *g,
                      int64_t now)
{
    int64_t last = g->expires - access_token_seconds(p, app);
    int64_t full = now + refresh_token_seconds(p, app);
    return full < last ? full : last;
}

int64_t refresh_token_seconds(const struct provider *p, const struct application *app)
{
    return app->refresh_token_seconds > 0 ? app->refresh_token_seconds : p->config.refresh_token_seconds;
}

enum result refresh_token_issue(struct provider *p, struct arena *a, const struct application *app,
                                const struct grant *g, struct refresh_token *t, struct store_puts *puts)
{
    int64_t now = clock_now();
    *t = (struct refresh_token){.line = {.gid = g->gid, .sid = g->sid},
                                .client_id = app->client_id,
                                .issued = now,
                                .expires = end_of(p, app, g, now)};
    if (t->expires <= now)
        return RESULT_REFUSED;
    return once_make(a, &refresh_tokens, &t->line, record_of(a, t), t->expires - now, puts, &t->value);
}

enum result refresh_token_find(struct provider *p, struct arena *a, struct str value,
                               struct refresh_token **out)
{
    struct str record;
    struct refresh_token *t = arena_alloc(a, sizeof *t);
    if (!t)
        return RESULT_INTERNAL;
    enum result r = once_find(p, a, &refresh_tokens, value, &record, &t->line);
    if (r != RESULT_OK && r != RESULT_USED)
        return r;
    if (!record_open(record, FORMAT, &record) || !record_unpack(a, &record, t, fields, FIELD_COUNT))
        return RESULT_INTERNAL;
    t->value = value;
    *out = t;
    return t->expires <= clock_now() ? RESULT_NOT_FOUND : r;
}

/* Remembered until it would have expired by itself: a replay is reuse all that time. */
bool refresh_token_spending(struct arena *a, const struct refresh_token *t, struct store_steps *steps)
{
    struct str record = record_of(a, t);
    return record.len > 0 &&
           once_spending(&refresh_tokens, t->value, record, t->expires - clock_now(), steps);
}
