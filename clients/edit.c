#include "clients/edit_parts.h"
#include "directory/model/builtin.h"
#include "server/base/buf.h"
#include "server/base/clock.h"

struct str application_rdn(struct arena *a, struct str client_id)
{
    struct str escaped = dn_escape(a, client_id);
    return arena_printf(a, "onedoorClientId=" STR_FMT ",ou=applications", STR_ARG(escaped));
}

static void add_attribute(struct entry *e, const char *name, struct str *values, size_t count)
{
    if (count > 0)
        e->attributes[e->count++] = (struct attribute){name, values, count};
}

/* Room for every setting and what stands beside them. */
static struct attribute *attributes_new(struct arena *a, size_t more)
{
    return arena_alloc(a, (application_setting_count + more) * sizeof(struct attribute));
}

static bool holds(const struct attribute *at, struct str value)
{
    for (size_t i = 0; at && i < at->count; i++)
        if (str_eq(at->values[i], value))
            return true;
    return false;
}

/* What an application gets that names neither grant nor scope nor method. */
static struct str default_grants[] = {{"authorization_code", 18}};
static struct str default_scopes[] = {{"openid", 6}, {"profile", 7}, {"email", 5}};
static struct str default_method[] = {{"client_secret_basic", 19}};

static void add_defaults(struct entry *e, const struct change_set *set)
{
    const struct attribute *grants = find_change(set, "onedoorGrantType");
    if (!grants)
        add_attribute(e, "onedoorGrantType", default_grants, 1);
    if (!find_change(set, "onedoorScope") && (!grants || holds(grants, default_grants[0])))
        add_attribute(e, "onedoorScope", default_scopes, 3);
    if (!find_change(set, "onedoorAuthMethod"))
        add_attribute(e, "onedoorAuthMethod", default_method, 1);
}

/* Whether another application has one of these resource identifiers: OK when none has. */
static enum result check_resources(struct directory *d, struct arena *a, const struct application *app,
                                   struct str *why)
{
    struct str list = app->resources, word;
    while (str_word(&list, &word)) {
        struct entries found;
        struct str filter = arena_printf(a, "(onedoorResource=" STR_FMT ")", STR_ARG(filter_escape(a, word)));
        if (arena_failed(a))
            return RESULT_INTERNAL;
        enum result r = registry_list(d, a, STR("ou=applications"), filter.p, &found);
        if (r != RESULT_OK)
            return r;
        for (size_t i = 0; i < found.n; i++) {
            struct str owner = entry_value(&found.v[i], "onedoorClientId");
            if (str_eq(owner, app->client_id))
                continue;
            *why = arena_printf(a, "resource (onedoorResource): " STR_FMT " is the resource of " STR_FMT,
                                STR_ARG(setting_shown(a, word)), STR_ARG(setting_shown(a, owner)));
            return RESULT_REFUSED;
        }
    }
    return RESULT_OK;
}

enum result application_plan_add(struct directory *d, struct arena *a, struct str client_id,
                                 const struct str *settings, size_t n, struct entry *out, struct str *why)
{
    static struct str class[] = {{"onedoorApplication", 18}};
    struct change_set set;
    struct str *id = arena_alloc(a, sizeof *id);
    struct entry e = {.attributes = attributes_new(a, 6)};
    if (!id || !e.attributes)
        return RESULT_INTERNAL;
    *id = client_id;
    if (is_builtin_application(client_id)) {
        *why = STR("onedoor is the name of the server itself");
        return RESULT_REFUSED;
    }
    if (!gather_changes(a, settings, n, &set, why))
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_REFUSED;
    add_attribute(&e, "objectClass", class, 1);
    add_attribute(&e, "onedoorClientId", id, 1);
    for (size_t i = 0; i < set.n; i++)
        add_attribute(&e, set.v[i].name, set.v[i].values, set.v[i].count);
    add_defaults(&e, &set);

    const struct application *app = application_from_entry(a, &e, why);
    if (!app)
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_REFUSED;
    *out = e;
    return check_resources(d, a, app, why);
}

enum result application_add(struct directory *d, struct arena *a, struct str client_id,
                            const struct str *settings, size_t n, struct str *secret, struct str *why)
{
    struct str stored;
    struct entry e;
    *secret = STR_EMPTY;
    enum result r = application_plan_add(d, a, client_id, settings, n, &e, why);
    if (r != RESULT_OK)
        return r;
    if (!str_eq(entry_value(&e, "onedoorAuthMethod"), str_of(client_method_name(CLIENT_NONE)))) {
        if (!stored_secret_make(a, clock_now(), secret, &stored))
            return RESULT_INTERNAL;
        add_attribute(&e, "onedoorSecretHash", &stored, 1);
    }
    r = registry_add(d, application_rdn(a, client_id), e.attributes, e.count);
    if (r != RESULT_OK)
        *secret = STR_EMPTY;
    return r;
}

/* The entry as it will be: what the set does not name, and what it names with values. */
static bool merged(struct arena *a, const struct entry *old, const struct change_set *set, struct entry *out)
{
    *out = (struct entry){old->dn, arena_alloc(a, (old->count + set->n) * sizeof(struct attribute)), 0};
    if (!out->attributes)
        return false;
    for (size_t i = 0; i < old->count; i++) {
        bool replaced = false;
        for (size_t j = 0; j < set->n; j++)
            replaced |= str_eq_nocase(str_of(old->attributes[i].name), str_of(set->v[j].name));
        if (!replaced)
            out->attributes[out->count++] = old->attributes[i];
    }
    for (size_t j = 0; j < set->n; j++)
        add_attribute(out, set->v[j].name, set->v[j].values, set->v[j].count);
    return true;
}

static bool same_values(const struct attribute *old, const struct attribute *new)
{
    bool same = (old ? old->count : 0) == new->count;
    for (size_t i = 0; same && i < new->count; i++)
        same = holds(old, new->values[i]);
    return same;
}

/* The old values go, the new ones come: a compare-and-swap. */
static void add_swap(struct planned_changes *out, const struct attribute *old, const struct attribute *new)
{
    if (same_values(old, new))
        return;
    if (old && old->count > 0)
        out->v[out->n++] = (struct change){CHANGE_DELETE, *old};
    if (new->count > 0)
        out->v[out->n++] = (struct change){CHANGE_ADD, *new};
}

enum result application_plan_set(struct directory *d, struct arena *a, const struct entry *seen,
                                 const struct str *settings, size_t n, struct planned_changes *out,
                                 struct str *why)
{
    struct change_set set;
    struct entry e;
    if (!gather_changes(a, settings, n, &set, why))
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_REFUSED;
    const struct application *app = merged(a, seen, &set, &e) ? application_from_entry(a, &e, why) : NULL;
    *out = (struct planned_changes){arena_alloc(a, (2 * set.n + 1) * sizeof *out->v), 0};
    if (!app || !out->v)
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_REFUSED;
    for (size_t i = 0; i < set.n; i++)
        add_swap(out, entry_attribute(seen, set.v[i].name), &set.v[i]);
    /* A public application has no secret. */
    if (app->method == CLIENT_NONE && entry_attribute(seen, "onedoorSecretHash"))
        out->v[out->n++] = (struct change){CHANGE_REPLACE, {"onedoorSecretHash", NULL, 0}};
    return check_resources(d, a, app, why);
}

enum result application_set(struct directory *d, struct arena *a, struct str client_id,
                            const struct str *settings, size_t n, struct str *why)
{
    struct planned_changes changes;
    struct entry old;
    enum result r = registry_read(d, a, application_rdn(a, client_id), &old);
    if (r == RESULT_OK)
        r = application_plan_set(d, a, &old, settings, n, &changes, why);
    if (r != RESULT_OK || changes.n == 0)
        return r;
    return registry_modify(d, application_rdn(a, client_id), changes.v, changes.n);
}

enum result application_remove(struct directory *d, struct arena *a, struct str client_id)
{
    return registry_delete(d, application_rdn(a, client_id));
}

/* Values may have been written by other hands: a line stays a line, and a terminal is told nothing. */
static void print_value(struct buf *out, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.p[i];
        buf_add_char(out, c < 0x20 || c == 0x7F ? '?' : value.p[i]);
    }
    buf_add_char(out, '\n');
}

enum result application_describe(struct directory *d, struct arena *a, struct str client_id, struct str *text)
{
    struct entry e;
    struct buf out;
    enum result r = registry_read(d, a, application_rdn(a, client_id), &e);
    if (r != RESULT_OK)
        return r;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < application_setting_count; i++) {
        const struct attribute *at = entry_attribute(&e, application_settings[i].attribute);
        for (size_t v = 0; at && v < at->count; v++) {
            buf_printf(&out, "%s=", application_settings[i].name);
            print_value(&out, at->values[v]);
        }
    }
    *text = arena_copy(a, buf_str(&out));
    bool failed = out.failed || arena_failed(a);
    buf_free(&out);
    return failed ? RESULT_INTERNAL : RESULT_OK;
}
