/*
 * A directory that suddenly has far fewer entries than it had is broken more often than it is right. Suddenly
 * is within a minute: a loss that comes entry by entry, each in a model of its own, is one loss.
 */
#include "directory/model/content_internal.h"

#include "server/base/clock.h"

/* So few may go whatever their share: in a small registry that is a day's work of its administrators. */
enum { HANDFUL = 12, SUDDEN_MS = 60000 };

enum result content_judge(const struct content *c, struct arena *a, struct str *why)
{
    *why = STR_EMPTY;
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++) {
        size_t had = c->accepted[kind], has = c->valid[kind];
        if (has >= had || had - has <= HANDFUL || (had - has) * 100 <= had * c->config.most_lost_percent)
            continue;
        *why = arena_printf(
            a,
            "%zu of %zu entries of the class %s are gone within a minute or no longer valid, more than %u%%",
            had - has, had, item_kind_name((enum item_kind)kind), c->config.most_lost_percent);
        return RESULT_REFUSED;
    }
    return RESULT_OK;
}

static void accept(struct content *c, int kind, int64_t now)
{
    c->accepted[kind] = c->valid[kind];
    c->accepted_at[kind] = now;
}

void content_remember(struct content *c)
{
    int64_t now = clock_monotonic_ms();
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++)
        if (c->valid[kind] >= c->accepted[kind] || now - c->accepted_at[kind] >= SUDDEN_MS)
            accept(c, kind, now);
}

void content_accept_loss(struct content *c)
{
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++)
        accept(c, kind, clock_monotonic_ms());
}
