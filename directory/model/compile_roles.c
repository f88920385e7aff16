/* Applications, and their roles with what these may. */
#include "directory/model/compile.h"

#include <stdlib.h>

static int by_client_id(const void *pa, const void *pb)
{
    const struct item *a = *(struct item *const *)pa, *b = *(struct item *const *)pb;
    int order = model_compare(a->application.client_id, b->application.client_id);
    return order ? order : model_compare(a->dn, b->dn);
}

bool compile_applications(struct compile *job)
{
    struct model *m = job->m;
    struct items *items = &job->of[ITEM_APPLICATION];
    qsort(items->v, items->n, sizeof *items->v, by_client_id);
    m->applications = compile_room(job, items->n, sizeof *m->applications);
    if (!m->applications)
        return false;
    for (uint32_t i = 0; i < items->n; i++) {
        const struct application_part *app = &items->v[i]->application;
        if (m->application_count > 0 &&
            str_eq(m->applications[m->application_count - 1].of->client_id, app->client_id)) {
            faults_add(job->faults, items->v[i]->dn,
                       "onedoorClientId: another entry has it; this one is left out");
            continue;
        }
        m->applications[m->application_count++].of = app;
        m->permission_count += app->permission_count;
    }
    return true;
}

/* Those of the registry before the built-in ones, which only stand in where the registry has none. */
static int by_role_name(const void *pa, const void *pb)
{
    const struct item *a = *(struct item *const *)pa, *b = *(struct item *const *)pb;
    int order = model_compare(a->role.of.client_id, b->role.of.client_id);
    if (!order)
        order = model_compare(a->role.of.name, b->role.of.name);
    if (!order)
        order = a->builtin - b->builtin;
    return order ? order : model_compare(a->dn, b->dn);
}

static bool counts(struct compile *job, const struct item *item, const struct application_node *app,
                   const struct role *last)
{
    const struct role *role = &item->role.of;
    if (!app) {
        faults_add(job->faults, item->dn,
                   "onedoorClientId: no application \"" STR_FMT "\" is registered; the role is left out",
                   STR_ARG(role->client_id));
        return false;
    }
    if (!last || !str_eq(last->client_id, role->client_id) || !str_eq(last->name, role->name))
        return true;
    if (!item->builtin)
        faults_add(job->faults, item->dn,
                   "cn: the application has another role of that name; this one is left out");
    return false;
}

/* Numbers of the role's permissions, and its words again without those that the application does not declare.
 */
struct permissions {
    uint32_t *numbers;
    uint32_t n;
    struct words words;
};

static int by_number(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    return (a > b) - (a < b);
}

static bool resolve(struct compile *job, const struct application_part *app, const struct role *role,
                    struct permissions *out)
{
    out->numbers = arena_alloc(job->scratch, role->permissions.n * sizeof *out->numbers);
    out->words.v = compile_room(job, role->permissions.n, sizeof *out->words.v);
    for (size_t i = 0; out->words.v && out->numbers && i < role->permissions.n; i++) {
        struct str action = role->permissions.v[i], type = STR_EMPTY;
        str_cut(&action, ':', &type);
        uint32_t number = model_permission_number(app, type, action);
        if (number != NO_NUMBER) {
            out->numbers[out->n++] = number;
            out->words.v[out->words.n++] = role->permissions.v[i];
            continue;
        }
        faults_add(job->faults, role->dn,
                   "onedoorPermission: the application " STR_FMT " declares no \"" STR_FMT
                   "\"; it is left out; accepted: what its own onedoorPermission names",
                   STR_ARG(app->client_id), STR_ARG(role->permissions.v[i]));
    }
    if (out->n > 0)
        qsort(out->numbers, out->n, sizeof *out->numbers, by_number);
    return out->numbers && out->words.v;
}

static bool add_role(struct compile *job, const struct item *item, const struct application_node *app,
                     uint32_t *permission_at)
{
    struct model *m = job->m;
    struct permissions p = {0};
    if (!resolve(job, app->of, &item->role.of, &p))
        return false;
    struct role_node *node = &m->role_nodes[m->role_count];
    node->application = (uint32_t)(app - m->applications);
    node->permissions = (struct run){*permission_at, p.n};
    for (uint32_t i = 0; i < p.n; i++)
        m->role_permissions[(*permission_at)++] = p.numbers[i];
    m->roles[m->role_count] = item->role.of;
    m->roles[m->role_count].permissions = p.words;
    m->role_list[m->role_count] = &m->roles[m->role_count];
    m->role_count++;
    return true;
}

static bool take_room(struct compile *job, const struct items *items)
{
    struct model *m = job->m;
    size_t permissions = 0;
    for (uint32_t i = 0; i < items->n; i++)
        permissions += items->v[i]->role.of.permissions.n;
    m->roles = compile_room(job, items->n, sizeof *m->roles);
    m->role_list = compile_room(job, items->n, sizeof *m->role_list);
    m->role_nodes = compile_room(job, items->n, sizeof *m->role_nodes);
    m->role_permissions = compile_room(job, permissions, sizeof *m->role_permissions);
    return m->roles && m->role_list && m->role_nodes && m->role_permissions;
}

static bool map_keys(struct compile *job, const struct items *items)
{
    struct key_pairs pairs;
    bool good = key_pairs_room(&pairs, items->n);
    for (uint32_t i = 0; good && i < items->n; i++)
        key_pairs_add(&pairs, &items->v[i]->key, i);
    good = good && keymap_build(&job->role_keys, job->scratch, &pairs);
    key_pairs_free(&pairs);
    return good;
}

bool compile_roles(struct compile *job)
{
    struct model *m = job->m;
    struct items *items = &job->of[ITEM_ROLE];
    struct application_node *app = NULL;
    uint32_t kept = 0, permission_at = 0;
    qsort(items->v, items->n, sizeof *items->v, by_role_name);
    if (!take_room(job, items))
        return false;
    for (uint32_t i = 0; i < items->n; i++) {
        struct str client_id = items->v[i]->role.of.client_id;
        if (!app || !str_eq(app->of->client_id, client_id)) {
            const struct application_node *found = model_application(m, client_id);
            app = found ? &m->applications[found - m->applications] : NULL;
            if (app)
                app->roles = (struct run){m->role_count, 0};
        }
        if (!counts(job, items->v[i], app, kept > 0 ? &items->v[kept - 1]->role.of : NULL))
            continue;
        if (!add_role(job, items->v[i], app, &permission_at))
            return false;
        app->roles.count++;
        items->v[kept++] = items->v[i];
    }
    items->n = kept;
    return map_keys(job, items);
}
