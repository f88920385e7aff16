/* Onedoor's own application and roles as items beside those of the registry. */
#include "directory/dn.h"
#include "directory/model/content_internal.h"

enum { VALUES_MAX = 32 };

static bool take(struct content *c, const struct entry *e)
{
    struct item *item = c->builtin_count < BUILTIN_ITEMS_MAX ? item_builtin(&c->config, e) : NULL;
    if (item)
        c->builtin[c->builtin_count++] = item;
    return item != NULL;
}

static bool make_application(struct content *c, struct arena *a)
{
    struct str class = STR("onedoorApplication"), id = STR(BUILTIN_CLIENT_ID), lines[VALUES_MAX];
    size_t n = 0;
    while (builtin_permissions[n] && n < VALUES_MAX) {
        lines[n] = str_of(builtin_permissions[n]);
        n++;
    }
    struct attribute attributes[] = {
        {"objectClass", &class, 1}, {"onedoorClientId", &id, 1}, {"onedoorPermission", lines, n}};
    struct entry e = {.dn = dn_join(a, STR("onedoorClientId=" BUILTIN_CLIENT_ID ",ou=applications"),
                                    c->config.registry_base),
                      .attributes = attributes,
                      .count = 3};
    return take(c, &e);
}

static bool make_role(struct content *c, struct arena *a, const struct builtin_role *role)
{
    struct str class = STR("onedoorRole"), id = STR(BUILTIN_CLIENT_ID);
    struct attribute attributes[] = {{"objectClass", &class, 1}, {"onedoorClientId", &id, 1}};
    struct str rdn = arena_printf(a, "cn=%s,ou=" BUILTIN_CLIENT_ID ",ou=roles", role->name);
    struct entry e = {.dn = dn_join(a, rdn, c->config.registry_base), .attributes = attributes, .count = 2};
    return take(c, &e);
}

bool content_make_builtin(struct content *c)
{
    struct arena *a = arena_new(64 * 1024);
    bool good = a && make_application(c, a);
    for (unsigned i = 0; good && i < builtin_role_count; i++)
        good = make_role(c, a, &builtin_roles[i]);
    arena_free(a);
    return good;
}
