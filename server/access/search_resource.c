/*
 * POST /access/v1/search/resource (section 8.5): on which resources the subject may do the action. We know
 * those that stand in the registry; which others an application has, it must know itself.
 */
#include "server/access/endpoints.h"
#include "server/access/hunt.h"

/* The first item behind the page before; they stand by id. */
static size_t first_of(const struct resource_item *const *items, size_t n, struct str after)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hunt_order(items[middle]->id, after) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static enum result search(struct hunt *h)
{
    struct party who;
    enum decision_reason why;
    const struct resource_item *const *items;
    enum result r = party_find(&h->in, &h->q, &who, &why);
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? RESULT_OK : r;
    size_t n = model_resources(h->in.model, h->in.caller->client_id, h->q.resource.type, &items);
    for (size_t i = first_of(items, n, h->page.after); !h->over && i < n; i++) {
        h->q.resource.id = items[i]->id;
        hunt_examine(h, &who, h->q.resource.type, items[i]->id, items[i]->id);
    }
    return RESULT_OK;
}

void access_search_resource(void *app, struct request *req, struct response *resp)
{
    struct hunt h;
    if (hunt_begin(&h, app, req, resp, "resource", PART_ALL & ~(unsigned)PART_RESOURCE_ID))
        hunt_end(&h, search(&h));
}
