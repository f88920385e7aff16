/* The snapshot's parts one by one. */
#include "directory/model/snapshot.h"

size_t model_permissions(const struct model *m, struct str client_id, const struct permission **out)
{
    const struct application_node *app = model_application(m, client_id);
    *out = app ? app->of->permissions : NULL;
    return app ? app->of->permission_count : 0;
}

size_t model_roles(const struct model *m, struct str client_id, const struct role *const **out)
{
    const struct application_node *app = client_id.len > 0 ? model_application(m, client_id) : NULL;
    *out = app ? m->role_list + app->roles.first : m->role_list;
    if (client_id.len == 0)
        return m->role_count;
    return app ? app->roles.count : 0;
}

const struct role *model_role(const struct model *m, struct str client_id, struct str name)
{
    uint32_t number = model_role_number(m, client_id, name);
    return number == NO_NUMBER ? NULL : &m->roles[number];
}

static int resource_order(const struct resource_item *r, struct str client_id, struct str type)
{
    int order = model_compare(r->client_id, client_id);
    return order ? order : model_compare(r->resource_type, type);
}

/* The first one whose order is at least `least`. */
static uint32_t first_resource(const struct model *m, struct str client_id, struct str type, int least)
{
    uint32_t low = 0, high = m->resource_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (resource_order(m->resources[middle], client_id, type) < least)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t model_resources(const struct model *m, struct str client_id, struct str resource_type,
                       const struct resource_item *const **out)
{
    uint32_t first = first_resource(m, client_id, resource_type, 0);
    *out = m->resources + first;
    return first_resource(m, client_id, resource_type, 1) - first;
}

const struct group *model_group(const struct model *m, struct str dn)
{
    struct dn_key key;
    struct run run = dn_key_of(dn, &key) ? keymap_find(&m->group_keys, &key) : (struct run){0, 0};
    return run.count > 0 ? m->groups[m->group_keys.values[run.first]] : NULL;
}

size_t model_group_list(const struct model *m, const struct group *const **out)
{
    *out = m->groups;
    return m->group_count;
}

const struct organisation *model_organisation(const struct model *m, struct str path)
{
    uint32_t number = model_organisation_number(m, path);
    return number == NO_NUMBER ? NULL : m->organisation_list[number];
}

const struct organisation *model_organisation_of_dn(const struct model *m, struct str dn)
{
    struct dn_key key;
    struct run run = dn_key_of(dn, &key) ? keymap_find(&m->organisation_keys, &key) : (struct run){0, 0};
    return run.count > 0 ? m->organisation_list[m->organisation_keys.values[run.first]] : NULL;
}

/* By the paths alone: an entry that is missing in between changes nothing of what lies below what. */
bool model_is_below(const struct model *m, struct str path, struct str top)
{
    (void)m;
    return top.len > 0 && str_starts(path, top) && (path.len == top.len || path.p[top.len] == '/');
}

bool model_organisations_below(const struct model *m, struct arena *a, struct str path,
                               const struct organisation *const **out, size_t *n)
{
    size_t count = 0;
    for (uint32_t i = 0; i < m->organisation_count; i++)
        count += str_eq(m->organisation_list[i]->parent, path);
    const struct organisation **found = arena_alloc(a, count * sizeof *found);
    *out = found;
    *n = 0;
    for (uint32_t i = 0; found && i < m->organisation_count; i++)
        if (str_eq(m->organisation_list[i]->parent, path))
            found[(*n)++] = m->organisation_list[i];
    return found != NULL;
}

struct model_size model_size(const struct model *m)
{
    return (struct model_size){.organisations = m->organisation_count,
                               .groups = m->group_count,
                               .memberships = m->by_member.pair_count,
                               .applications = m->application_count,
                               .permissions = m->permission_count,
                               .roles = m->role_count,
                               .assignments = m->holding_count,
                               .resources = m->resource_count,
                               .mandates = m->mandate_count,
                               .bytes = arena_size(m->arena) + m->item_bytes};
}
