/* Reading and changing the entries of Onedoor's own suffix. */
#include "directory/registry.h"

#include "directory/dn.h"
#include "directory/operation.h"
#include "server/base/buf.h"

#include <strings.h>

enum { ENTRY_MEMORY = 256 * 1024 };

const struct attribute *entry_attribute(const struct entry *e, const char *name)
{
    for (size_t i = 0; i < e->count; i++) {
        if (e->attributes[i].name && strcasecmp(e->attributes[i].name, name) == 0)
            return &e->attributes[i];
    }
    return NULL;
}

struct str entry_value(const struct entry *e, const char *name)
{
    const struct attribute *attribute = entry_attribute(e, name);
    return attribute && attribute->count > 0 ? attribute->values[0] : STR_EMPTY;
}

static struct str dn_of(struct directory *d, struct arena *a, struct str rdn)
{
    return dn_join(a, rdn, directory_config(d)->registry_base);
}

enum result registry_read(struct directory *d, struct arena *a, struct str rdn, struct entry *out)
{
    struct entries found;
    const struct search s = {
        .base = dn_of(d, a, rdn), .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = NULL};
    enum result r = directory_search(d, a, &s, &found);
    if (r == RESULT_OK && found.n != 1)
        r = RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        *out = found.v[0];
    return r;
}

enum result registry_list(struct directory *d, struct arena *a, struct str rdn, const char *filter,
                          struct entries *out)
{
    const struct search s = {
        .base = dn_of(d, a, rdn), .scope = LDAP_SCOPE_ONELEVEL, .filter = filter, .attributes = NULL};
    enum result r = directory_search(d, a, &s, out);
    /* The directory's own limit: some of the entries would pass for all. */
    return r == RESULT_REFUSED ? RESULT_UNAVAILABLE : r;
}

/* What a change needs on its way to libldap; everything lies in one arena. */
struct write {
    struct arena *arena;
    const char *dn;
    LDAPMod **mods;    /* ends with NULL */
    const char *still; /* a filter that must match, or NULL */
};

/* The assertion control of a write; not critical, since most directories but not all know it. */
struct assertion {
    LDAPControl control, *list[2];
};

static int assertion_make(LDAP *handle, const struct write *w, struct assertion *out)
{
    *out = (struct assertion){0};
    if (!w->still)
        return LDAP_SUCCESS;
    struct berval value;
    int code = ldap_create_assertion_control_value(handle, (char *)(uintptr_t)w->still, &value);
    if (code != LDAP_SUCCESS)
        return code;
    out->control = (LDAPControl){.ldctl_oid = (char *)(uintptr_t)LDAP_CONTROL_ASSERT, .ldctl_value = value};
    out->list[0] = &out->control;
    return LDAP_SUCCESS;
}

static LDAPControl **assertion_list(struct assertion *as)
{
    return as->list[0] ? as->list : NULL;
}

static void assertion_free(struct assertion *as)
{
    ber_memfree(as->control.ldctl_value.bv_val);
}

/* That the entry is as it was seen. */
static const char *filter_of_seen(struct arena *a, const struct entry *seen)
{
    struct buf b;
    buf_init(&b, ENTRY_MEMORY / 2);
    buf_add(&b, STR("(&(objectClass=*)"));
    for (size_t i = 0; i < seen->count; i++) {
        if (seen->attributes[i].count == 0)
            buf_printf(&b, "(!(%s=*))", seen->attributes[i].name);
        for (size_t v = 0; v < seen->attributes[i].count; v++) {
            struct str value = filter_escape(a, seen->attributes[i].values[v]);
            buf_printf(&b, "(%s=" STR_FMT ")", seen->attributes[i].name, STR_ARG(value));
        }
    }
    buf_add_char(&b, ')');
    const char *filter = arena_failed(a) ? NULL : arena_cstr(a, buf_str(&b));
    bool failed = b.failed;
    buf_free(&b);
    return failed ? NULL : filter;
}

static LDAPMod *mod_of(struct arena *a, int op, const struct attribute *attribute)
{
    LDAPMod *mod = arena_alloc(a, sizeof *mod);
    struct berval **values = arena_alloc(a, (attribute->count + 1) * sizeof *values);
    struct berval *room = arena_alloc(a, (attribute->count + 1) * sizeof *room);
    if (!mod || !values || !room)
        return NULL;
    for (size_t i = 0; i < attribute->count; i++) {
        room[i] = (struct berval){.bv_len = attribute->values[i].len,
                                  .bv_val = (char *)(uintptr_t)attribute->values[i].p};
        values[i] = &room[i];
    }
    mod->mod_op = op | LDAP_MOD_BVALUES;
    mod->mod_type = (char *)(uintptr_t)attribute->name;
    mod->mod_bvalues = attribute->count > 0 ? values : NULL;
    return mod;
}

static bool write_begin(struct directory *d, struct str rdn, size_t n, struct write *w)
{
    w->still = NULL;
    w->arena = arena_new(ENTRY_MEMORY);
    if (!w->arena)
        return false;
    w->dn = arena_cstr(w->arena, dn_of(d, w->arena, rdn));
    w->mods = arena_alloc(w->arena, (n + 1) * sizeof *w->mods);
    return w->dn && w->mods;
}

/* Never sent twice: whether the first arrived is not known when its connection breaks. */
static enum result write_run(struct directory *d, struct write *w, const char *name,
                             int (*run)(LDAP *, struct timeval, void *))
{
    const struct operation op = {.name = name, .run = run, .meaning = meaning_of_write, .arg = w};
    return arena_failed(w->arena) ? RESULT_INTERNAL : operation_run(d, LANE_SEARCH, &op);
}

static int run_add(LDAP *handle, struct timeval left, void *arg)
{
    struct write *w = arg;
    (void)left;
    return ldap_add_ext_s(handle, w->dn, w->mods, NULL, NULL);
}

enum result registry_add(struct directory *d, struct str rdn, const struct attribute *attributes, size_t n)
{
    struct write w;
    bool ready = write_begin(d, rdn, n, &w);
    for (size_t i = 0, at = 0; ready && i < n; i++) {
        if (attributes[i].count > 0)
            w.mods[at++] = mod_of(w.arena, LDAP_MOD_ADD, &attributes[i]);
    }
    enum result r = ready ? write_run(d, &w, "add", run_add) : RESULT_INTERNAL;
    arena_free(w.arena);
    return r;
}

static int run_modify(LDAP *handle, struct timeval left, void *arg)
{
    struct write *w = arg;
    struct assertion as;
    (void)left;
    int code = assertion_make(handle, w, &as);
    if (code == LDAP_SUCCESS)
        code = ldap_modify_ext_s(handle, w->dn, w->mods, assertion_list(&as), NULL);
    assertion_free(&as);
    return code;
}

static bool write_while_seen(struct write *w, const struct entry *seen)
{
    w->still = seen ? filter_of_seen(w->arena, seen) : NULL;
    return !seen || w->still;
}

enum result registry_modify(struct directory *d, struct str rdn, const struct change *changes, size_t n)
{
    return registry_modify_seen(d, rdn, NULL, changes, n);
}

enum result registry_modify_seen(struct directory *d, struct str rdn, const struct entry *seen,
                                 const struct change *changes, size_t n)
{
    static const int ops[] = {
        [CHANGE_ADD] = LDAP_MOD_ADD, [CHANGE_DELETE] = LDAP_MOD_DELETE, [CHANGE_REPLACE] = LDAP_MOD_REPLACE};
    struct write w;
    bool ready = write_begin(d, rdn, n, &w) && write_while_seen(&w, seen);
    for (size_t i = 0; ready && i < n; i++)
        w.mods[i] = mod_of(w.arena, ops[changes[i].kind], &changes[i].attribute);
    enum result r = ready ? write_run(d, &w, "modify", run_modify) : RESULT_INTERNAL;
    arena_free(w.arena);
    return r;
}

static int run_delete(LDAP *handle, struct timeval left, void *arg)
{
    struct write *w = arg;
    struct assertion as;
    (void)left;
    int code = assertion_make(handle, w, &as);
    if (code == LDAP_SUCCESS)
        code = ldap_delete_ext_s(handle, w->dn, assertion_list(&as), NULL);
    assertion_free(&as);
    return code;
}

enum result registry_delete(struct directory *d, struct str rdn)
{
    return registry_delete_seen(d, rdn, NULL);
}

enum result registry_delete_seen(struct directory *d, struct str rdn, const struct entry *seen)
{
    struct write w;
    bool ready = write_begin(d, rdn, 0, &w) && write_while_seen(&w, seen);
    enum result r = ready ? write_run(d, &w, "delete", run_delete) : RESULT_INTERNAL;
    arena_free(w.arena);
    return r;
}
