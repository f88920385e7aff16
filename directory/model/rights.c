/* What a person may at one application, gathered from the same walk as decisions. */
#include "directory/model/reach.h"

struct gather {
    const struct model *m;
    struct arena *a;
    const struct application_node *app;
    const struct subject *subject;
    const struct mandate *mandate;
    bool *roles;      /* by number within the application: they count */
    uint32_t *groups; /* numbers, ascending: those by which roles are held */
    size_t group_count, group_room;
    bool *permissions; /* by number within the application */
    struct rights *out;
};

static struct words room_for(struct arena *a, size_t n)
{
    return (struct words){.v = arena_alloc(a, n * sizeof(struct str))};
}

static bool permitted(const struct gather *g, uint32_t permission)
{
    return !g->mandate || mandate_permits(g->mandate, &g->app->of->permissions[permission]);
}

static struct type_scope *scope_of(struct rights *out, struct str type)
{
    for (size_t i = 0; i < out->scope_count; i++)
        if (str_eq(out->scopes[i].resource_type, type))
            return &out->scopes[i];
    out->scopes[out->scope_count] = (struct type_scope){.resource_type = type};
    return &out->scopes[out->scope_count++];
}

static bool has_word(struct words list, struct str word)
{
    for (size_t i = 0; i < list.n; i++)
        if (str_eq(list.v[i], word))
            return true;
    return false;
}

/* A list of its own, so that the entries' lists stay as they are. */
static bool add_words(struct arena *a, struct words *list, struct words more)
{
    struct words all = room_for(a, list->n + more.n);
    for (size_t i = 0; all.v && i < list->n; i++)
        all.v[all.n++] = list->v[i];
    for (size_t i = 0; all.v && i < more.n; i++)
        if (!has_word(all, more.v[i]))
            all.v[all.n++] = more.v[i];
    *list = all;
    return all.v != NULL;
}

/* The widest scope of the type; of two alike that list organisations, both lists. */
static bool widen(struct gather *g, struct str type, enum data_scope scope, struct words bases)
{
    struct type_scope *t = scope_of(g->out, type);
    bool lists = scope == SCOPE_LISTED || scope == SCOPE_LISTED_AND_BELOW;
    if (scope > t->scope)
        *t = (struct type_scope){.resource_type = type, .scope = scope};
    return scope < t->scope || !lists || add_words(g->a, &t->organisations, bases);
}

/* A person's groups are few beside the city's. */
static bool add_group(struct gather *g, uint32_t number)
{
    size_t at = 0;
    while (at < g->group_count && g->groups[at] < number)
        at++;
    if (at < g->group_count && g->groups[at] == number)
        return true;
    if (g->group_count == g->group_room) {
        g->group_room = g->group_room ? 2 * g->group_room : 16;
        uint32_t *more = arena_alloc(g->a, g->group_room * sizeof *more);
        if (!more)
            return false;
        for (size_t i = 0; i < g->group_count; i++)
            more[i] = g->groups[i];
        g->groups = more;
    }
    for (size_t i = g->group_count++; i > at; i--)
        g->groups[i] = g->groups[i - 1];
    g->groups[at] = number;
    return true;
}

static bool add_holding(struct gather *g, const struct holding *held, const struct holder *h)
{
    struct run run = g->m->role_nodes[held->role].permissions;
    struct words bases;
    struct str room;
    enum data_scope scope = scope_in_full(g->m, held->of, h, &bases, &room);
    for (uint32_t i = 0; i < run.count; i++) {
        uint32_t permission = g->m->role_permissions[run.first + i];
        if (!permitted(g, permission))
            continue;
        g->permissions[permission] = true;
        if (!widen(g, g->app->of->permissions[permission].resource_type, scope, bases))
            return false;
    }
    g->roles[held->role - g->app->roles.first] = true;
    return h->kind != HOLDER_GROUP || add_group(g, h->number);
}

static bool walk_roles(struct gather *g, int64_t now)
{
    struct walk walk;
    struct holder h;
    walk_begin(&walk, g->m, g->subject);
    while (walk_next(&walk, &h)) {
        struct cursor cursor = cursor_of(g->m, &h, g->app->holdings);
        for (uint32_t i; (i = cursor_next(&cursor)) != NO_NUMBER;) {
            const struct holding *held = &g->m->holdings[i];
            if (!assignment_holds(held->of, now) ||
                role_is_barred(g->m, held->role, g->subject, g->mandate, NULL, now))
                continue;
            if (!add_holding(g, held, &h))
                return false;
        }
    }
    return true;
}

/* What the agent of a company or a child may; their own things, as decide.c has it. */
static bool take_mandate(struct gather *g)
{
    for (uint32_t i = 0; i < g->app->of->permission_count; i++) {
        g->permissions[i] = permitted(g, i);
        if (g->permissions[i] &&
            !widen(g, g->app->of->permissions[i].resource_type, SCOPE_SELF, (struct words){NULL, 0}))
            return false;
    }
    return true;
}

/* Whether the mandate leaves the whole role: an application that goes by its name must not take it for more.
 */
static bool is_whole(const struct gather *g, uint32_t role)
{
    struct run run = g->m->role_nodes[role].permissions;
    for (uint32_t i = 0; i < run.count; i++)
        if (!permitted(g, g->m->role_permissions[run.first + i]))
            return false;
    return true;
}

static struct str entitlement(struct arena *a, const struct permission *p)
{
    const struct str parts[] = {p->resource_type, STR(":"), p->action};
    return arena_join(a, parts, 3);
}

static bool write_down(struct gather *g)
{
    const struct application_node *app = g->app;
    struct rights *out = g->out;
    out->roles = room_for(g->a, app->roles.count);
    out->groups = room_for(g->a, g->group_count);
    out->entitlements = room_for(g->a, app->of->permission_count);
    if (!out->roles.v || !out->groups.v || !out->entitlements.v)
        return false;
    for (uint32_t i = 0; i < app->roles.count; i++)
        if (g->roles[i] && is_whole(g, app->roles.first + i))
            out->roles.v[out->roles.n++] = g->m->roles[app->roles.first + i].name;
    for (size_t i = 0; i < g->group_count; i++)
        out->groups.v[out->groups.n++] = g->m->groups[g->groups[i]]->path;
    for (uint32_t i = 0; i < app->of->permission_count; i++)
        if (g->permissions[i])
            out->entitlements.v[out->entitlements.n++] = entitlement(g->a, &app->of->permissions[i]);
    return !arena_failed(g->a);
}

static bool own_organisations(struct gather *g)
{
    struct str rest = g->subject ? g->subject->organisations : STR_EMPTY, word;
    g->out->organisations = room_for(g->a, rest.len / 2 + 1);
    while (g->out->organisations.v && str_word(&rest, &word))
        g->out->organisations.v[g->out->organisations.n++] = word;
    return g->out->organisations.v != NULL;
}

static bool take_room(struct gather *g)
{
    g->roles = arena_alloc(g->a, g->app->roles.count * sizeof *g->roles);
    g->permissions = arena_alloc(g->a, g->app->of->permission_count * sizeof *g->permissions);
    g->out->scopes = arena_alloc(g->a, g->app->of->permission_count * sizeof *g->out->scopes);
    return !arena_failed(g->a);
}

static bool applies(const struct gather *g, int64_t now)
{
    const struct mandate *md = g->mandate;
    if (!g->app || g->app->of->disabled || (g->subject && g->subject->disabled))
        return false;
    if (!md)
        return g->subject != NULL;
    if (!g->app->of->takes_mandates || !mandate_holds(md, now) || !mandate_covers(md, g->app->of->client_id))
        return false;
    if (g->subject && !dn_key_eq(&g->subject->dn, &md->represented))
        return false;
    return g->subject || md->kind != MANDATE_DEPUTY;
}

bool model_rights(const struct model *m, struct arena *a, struct str client_id, const struct subject *subject,
                  const struct mandate *mandate, int64_t now, struct rights *out)
{
    struct gather g = {.m = m,
                       .a = a,
                       .app = model_application(m, client_id),
                       .subject = subject,
                       .mandate = mandate,
                       .out = out};
    *out = (struct rights){0};
    if (!own_organisations(&g))
        return false;
    if (!applies(&g, now))
        return true;
    bool roles = !mandate || mandate->kind == MANDATE_DEPUTY;
    return take_room(&g) && (roles ? walk_roles(&g, now) : take_mandate(&g)) && write_down(&g);
}
