/* Finding things in the snapshot's sorted arrays. */
#include "directory/model/snapshot.h"

#include <string.h>

int model_compare(struct str a, struct str b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    int order = least > 0 ? memcmp(a.p, b.p, least) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* The order of the wanted one and the one at `at`. */
typedef int order_of(const void *wanted, const void *list, uint32_t at);

static uint32_t find(const void *wanted, const void *list, uint32_t n, order_of *order)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int is = order(wanted, list, middle);
        if (is == 0)
            return middle;
        if (is < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NO_NUMBER;
}

static int application_order(const void *wanted, const void *list, uint32_t at)
{
    const struct application_node *nodes = list;
    return model_compare(*(const struct str *)wanted, nodes[at].of->client_id);
}

const struct application_node *model_application(const struct model *m, struct str client_id)
{
    uint32_t at = find(&client_id, m->applications, m->application_count, application_order);
    return at == NO_NUMBER ? NULL : &m->applications[at];
}

static int permission_order(const void *wanted, const void *list, uint32_t at)
{
    const struct str *names = wanted;
    const struct permission *p = (const struct permission *)list + at;
    int order = model_compare(names[0], p->resource_type);
    return order ? order : model_compare(names[1], p->action);
}

uint32_t model_permission_number(const struct application_part *app, struct str type, struct str action)
{
    const struct str names[] = {type, action};
    return find(names, app->permissions, (uint32_t)app->permission_count, permission_order);
}

static int role_order(const void *wanted, const void *list, uint32_t at)
{
    const struct str *names = wanted;
    const struct role *r = (const struct role *)list + at;
    int order = model_compare(names[0], r->client_id);
    return order ? order : model_compare(names[1], r->name);
}

uint32_t model_role_number(const struct model *m, struct str client_id, struct str name)
{
    const struct str names[] = {client_id, name};
    return find(names, m->roles, m->role_count, role_order);
}

static int organisation_order(const void *wanted, const void *list, uint32_t at)
{
    const struct organisation_node *nodes = list;
    return model_compare(*(const struct str *)wanted, nodes[at].of->path);
}

uint32_t model_organisation_number(const struct model *m, struct str path)
{
    return find(&path, m->organisations, m->organisation_count, organisation_order);
}

static int resource_order(const void *wanted, const void *list, uint32_t at)
{
    const struct str *names = wanted;
    const struct resource_item *r = ((const struct resource_item *const *)list)[at];
    int order = model_compare(names[0], r->client_id);
    if (!order)
        order = model_compare(names[1], r->resource_type);
    return order ? order : model_compare(names[2], r->id);
}

const struct resource_item *model_resource(const struct model *m, struct str client_id, struct str type,
                                           struct str id)
{
    const struct str names[] = {client_id, type, id};
    uint32_t at = find(names, m->resources, m->resource_count, resource_order);
    return at == NO_NUMBER ? NULL : m->resources[at];
}

static int number_order(const void *wanted, const void *list, uint32_t at)
{
    uint32_t want = *(const uint32_t *)wanted, is = ((const uint32_t *)list)[at];
    return (want > is) - (want < is);
}

bool model_role_has(const struct model *m, uint32_t role, uint32_t permission)
{
    struct run run = m->role_nodes[role].permissions;
    return find(&permission, m->role_permissions + run.first, run.count, number_order) != NO_NUMBER;
}
