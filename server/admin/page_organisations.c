/* GET /admin/organisations: the tree as far as one reaches, and who holds what in one organisation. */
#include "server/admin/desk.h"

enum { SHOWN_MAX = 2000, ASSIGNMENTS_MAX = 200, DEPTH_MAX = 6 };

/* Those below `top`, the highest that are reached at depth 0. */
static void put_tree(struct desk *d, json_t *list, struct str top, int depth)
{
    const struct organisation *const *below;
    size_t n;
    if (!model_organisations_below(d->m, d->a, top, &below, &n))
        return;
    for (size_t i = 0; i < n && json_array_size(list) < SHOWN_MAX; i++) {
        bool reached = actor_may_in(d->m, &d->actor, "role:assign", below[i]->path);
        if (reached) {
            json_t *item = desk_item(list);
            json_put_str(item, "path", below[i]->path);
            desk_label(item, below[i]->name_en, below[i]->name);
            json_put_str(item, "depth", arena_printf(d->a, "%d", depth < DEPTH_MAX ? depth : DEPTH_MAX));
        }
        put_tree(d, list, below[i]->path, depth + (reached ? 1 : 0));
    }
}

static bool concerns(const struct assignment *as, struct str path)
{
    for (size_t i = 0; i < as->organisations.n; i++)
        if (str_eq(as->organisations.v[i], path))
            return true;
    return false;
}

static enum result put_assignment(struct desk *d, json_t *list, const struct role *role,
                                  const struct assignment *as)
{
    for (size_t h = 0; h < as->holders.n && json_array_size(list) < ASSIGNMENTS_MAX; h++) {
        struct holder holder;
        enum result r = holder_of_dn(d->p->directory, d->m, d->a, as->holders.v[h], &holder);
        if (r == RESULT_NOT_FOUND)
            continue;
        if (r != RESULT_OK)
            return r;
        json_t *item = desk_item(list);
        json_put_str(item, "app", role->client_id);
        json_put_str(item, "role", role->name);
        json_put_str(item, "scope", str_of(scope_word(as->scope)));
        json_put_str(item, "name", holder.name);
        json_put_str(item, "label", holder.label);
    }
    return RESULT_OK;
}

static enum result put_here(struct desk *d, json_t *data, struct str path)
{
    const struct role *const *all;
    size_t n = model_roles(d->m, STR_EMPTY, &all);
    json_t *list = desk_list(data, "assignments");
    for (size_t i = 0; i < n; i++) {
        if (!all[i]->delegated && !desk_may_everywhere(d, "role:read"))
            continue;
        for (size_t j = 0; j < all[i]->assignment_count; j++) {
            enum result r = concerns(&all[i]->assignments[j], path)
                                ? put_assignment(d, list, all[i], &all[i]->assignments[j])
                                : RESULT_OK;
            if (r != RESULT_OK)
                return r;
        }
    }
    return RESULT_OK;
}

void page_organisations(struct desk *d)
{
    struct str path = desk_param(d, "path");
    const struct organisation *here = path.len > 0 ? model_organisation(d->m, path) : NULL;
    if (path.len > 0 && (!here || !actor_may_in(d->m, &d->actor, "role:assign", path))) {
        desk_not_found(d);
        return;
    }
    json_t *data = desk_data(d);
    if (!data)
        return;
    if (here) {
        enum result r = put_here(d, data, path);
        if (r != RESULT_OK) {
            desk_failure(d, r);
            return;
        }
        json_put_str(data, "here", path);
        desk_label(data, here->name_en, here->name);
    }
    put_tree(d, desk_list(data, "tree"), STR_EMPTY, 0);
    desk_view(d, "admin_organisations", data);
}
