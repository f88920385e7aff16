/* POST /access/v1/search/action (section 8.6): which of the application's actions the subject may do there.
 */
#include "server/access/endpoints.h"
#include "server/access/hunt.h"

#include <stdlib.h>

static int by_action(const void *a, const void *b)
{
    return hunt_order(((const struct permission *)a)->action, ((const struct permission *)b)->action);
}

/* Those of the resource's type, by action. */
static struct permission *actions_of(const struct hunt *h, size_t *n)
{
    const struct permission *all;
    size_t total = model_permissions(h->in.model, h->in.caller->client_id, &all);
    struct permission *own = arena_alloc(h->in.arena, total * sizeof *own);
    *n = 0;
    for (size_t i = 0; own && i < total; i++)
        if (str_eq(all[i].resource_type, h->q.resource.type))
            own[(*n)++] = all[i];
    if (own)
        qsort(own, *n, sizeof *own, by_action);
    return own;
}

static enum result search(struct hunt *h)
{
    struct party who;
    enum decision_reason why;
    size_t n;
    enum result r = party_find(&h->in, &h->q, &who, &why);
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? RESULT_OK : r;
    const struct permission *actions = actions_of(h, &n);
    for (size_t i = 0; actions && !h->over && i < n; i++) {
        h->q.action = actions[i].action;
        if (hunt_order(actions[i].action, h->page.after) > 0)
            hunt_examine(h, &who, STR_EMPTY, actions[i].action, actions[i].action);
    }
    return actions ? RESULT_OK : RESULT_INTERNAL;
}

void access_search_action(void *app, struct request *req, struct response *resp)
{
    struct hunt h;
    if (hunt_begin(&h, app, req, resp, "action", PART_ALL & ~(unsigned)PART_ACTION))
        hunt_end(&h, search(&h));
}
