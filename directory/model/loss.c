/* A directory that suddenly has far fewer entries than it had is broken more often than it is right. */
#include "directory/model/content_internal.h"

#include <string.h>

enum { HANDFUL = 5 };

enum result content_judge(const struct content *c, struct arena *a, struct str *why)
{
    *why = STR_EMPTY;
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++) {
        size_t had = c->accepted[kind], has = c->valid[kind];
        if (has >= had || had - has <= HANDFUL || (had - has) * 100 <= had * c->config.most_lost_percent)
            continue;
        *why = arena_printf(
            a, "%zu of %zu entries of the class %s are gone at once or no longer valid, more than %u%%",
            had - has, had, item_kind_name((enum item_kind)kind), c->config.most_lost_percent);
        return RESULT_REFUSED;
    }
    return RESULT_OK;
}

void content_accept_loss(struct content *c)
{
    memcpy(c->accepted, c->valid, sizeof c->accepted);
}
