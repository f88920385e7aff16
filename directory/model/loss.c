/*
 * A directory that suddenly has far fewer entries than it had is broken more often than it is right. Suddenly
 * is within a minute: a loss that comes entry by entry, each in a model of its own, is one loss. What itself
 * came within the last minute may go again: who takes back what was just brought in loses nothing that
 * anybody had.
 */
#include "directory/model/content_internal.h"

#include "server/base/clock.h"

/* So few may go whatever their share: in a small registry that is a day's work of its administrators. */
enum { HANDFUL = 12, SUDDEN_MS = 60000 };

static bool stood_long(const struct standing *s, int64_t now)
{
    return s->risen > 0 && now - s->risen_at >= SUDDEN_MS;
}

size_t standing_measure(const struct standing *s, int64_t now)
{
    return stood_long(s, now) ? s->risen : s->accepted;
}

enum result content_judge(const struct content *c, struct arena *a, struct str *why)
{
    *why = STR_EMPTY;
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++) {
        size_t had = standing_measure(&c->standing[kind], clock_monotonic_ms()), has = c->valid[kind];
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

static void accept(struct standing *s, size_t count, int64_t now)
{
    *s = (struct standing){.accepted = count, .accepted_at = now};
}

void standing_remember(struct standing *s, size_t count, int64_t now)
{
    if (stood_long(s, now))
        accept(s, s->risen, now); /* it stood until now */
    if (s->accepted == 0 || (count < s->accepted && now - s->accepted_at >= SUDDEN_MS)) {
        accept(s, count, now);
        return;
    }
    if (count >= s->accepted)
        s->accepted_at = now;
    if (count <= s->accepted)
        s->risen = 0;
    else if (s->risen == 0)
        s->risen_at = now;
    if (count > s->accepted && (s->risen == 0 || count < s->risen))
        s->risen = count;
}

void content_remember(struct content *c)
{
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++)
        standing_remember(&c->standing[kind], c->valid[kind], clock_monotonic_ms());
}

void content_accept_loss(struct content *c)
{
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++)
        accept(&c->standing[kind], c->valid[kind], clock_monotonic_ms());
}
