#include "directory/model/item.h"

#include "directory/dn.h"
#include "directory/model/parse.h"

/* Most entries take less than one block; a group of thousands has pieces of its own. */
enum { ITEM_BLOCK = 448, ITEM_MEMORY = 512 * 1024 * 1024 };

/* By object class, and where such entries are believed. */
static const struct known_class {
    const char *object_class;
    enum content_source from;
    enum item_kind kind;
    bool (*parse)(struct parse *p);
} classes[] = {
    {"onedoorApplication", CONTENT_REGISTRY, ITEM_APPLICATION, parse_application},
    {"onedoorRole", CONTENT_REGISTRY, ITEM_ROLE, parse_role},
    {"onedoorAssignment", CONTENT_REGISTRY, ITEM_ASSIGNMENT, parse_assignment},
    {"onedoorResourceItem", CONTENT_REGISTRY, ITEM_RESOURCE, parse_resource},
    {"onedoorMandate", CONTENT_REGISTRY, ITEM_MANDATE, parse_mandate},
    {"groupOfNames", CONTENT_GROUPS, ITEM_GROUP, parse_group},
    {"groupOfUniqueNames", CONTENT_GROUPS, ITEM_GROUP, parse_group},
    {"group", CONTENT_GROUPS, ITEM_GROUP, parse_group}, /* Active Directory */
    {"organizationalUnit", CONTENT_GROUPS, ITEM_ORGANISATION, parse_organisation},
    {"organization", CONTENT_GROUPS, ITEM_ORGANISATION, parse_organisation},
};

const char *item_kind_name(enum item_kind kind)
{
    static const char *const names[ITEM_KIND_COUNT] = {[ITEM_ORGANISATION] = "organisation",
                                                       [ITEM_GROUP] = "group",
                                                       [ITEM_APPLICATION] = "application",
                                                       [ITEM_ROLE] = "role",
                                                       [ITEM_ASSIGNMENT] = "assignment",
                                                       [ITEM_RESOURCE] = "resource",
                                                       [ITEM_MANDATE] = "mandate"};
    return names[kind];
}

static const struct known_class *class_of(enum content_source from, const struct entry *e)
{
    const struct attribute *names = entry_attribute(e, "objectClass");
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        for (size_t j = 0; names && classes[i].from == from && j < names->count; j++)
            if (str_eq_nocase(names->values[j], str_of(classes[i].object_class)))
                return &classes[i];
    return NULL;
}

/* No organisation, and nothing wrong with it: it is kept to notice when those below it get new names. */
static bool parse_branch(struct parse *p)
{
    (void)p;
    return false;
}

static const struct known_class branch = {"organizationalUnit", CONTENT_GROUPS, ITEM_ORGANISATION,
                                          parse_branch};

/* Units that only hold entries: people's branches, and the base itself. */
static bool is_elsewhere(const struct content_config *config, const struct known_class *known,
                         const struct entry *e)
{
    if (known->kind != ITEM_ORGANISATION)
        return false;
    struct arena *a = arena_new(64 * 1024);
    bool below = a && dn_is_below(a, e->dn, str_of(config->organisations_base));
    arena_free(a);
    return !below;
}

static struct item *item_new(const struct entry *e, enum item_kind kind)
{
    struct arena *a = arena_new_of(ITEM_MEMORY, ITEM_BLOCK);
    struct item *item = a ? arena_alloc(a, sizeof *item) : NULL;
    if (!item) {
        arena_free(a);
        return NULL;
    }
    atomic_init(&item->users, 1);
    item->arena = a;
    item->kind = kind;
    item->dn = arena_copy(a, e->dn);
    return item;
}

static struct item *item_parsed(const struct content_config *config, const struct known_class *known,
                                const struct entry *e, bool builtin)
{
    struct item *item = item_new(e, known->kind);
    if (!item)
        return NULL;
    struct parse p = {.config = config, .e = e, .a = item->arena, .item = item};
    item->builtin = builtin;
    bool named = dn_key_of(e->dn, &item->key) && dn_key_of_parent(e->dn, &item->parent);
    item->valid = named && known->parse(&p);
    if (!named)
        parse_fault(&p, "is not named by a DN");
    if (!arena_failed(item->arena))
        return item;
    item_done(item);
    return NULL;
}

enum result item_of_entry(const struct content_config *config, enum content_source from,
                          const struct entry *e, struct item **out)
{
    const struct known_class *known = class_of(from, e);
    *out = NULL;
    if (!known)
        return RESULT_OK;
    *out = item_parsed(config, is_elsewhere(config, known, e) ? &branch : known, e, false);
    return *out ? RESULT_OK : RESULT_INTERNAL;
}

struct item *item_builtin(const struct content_config *config, const struct entry *e)
{
    const struct known_class *known = class_of(CONTENT_REGISTRY, e);
    return known ? item_parsed(config, known, e, true) : NULL;
}

struct item *item_use(struct item *item)
{
    atomic_fetch_add_explicit(&item->users, 1, memory_order_relaxed);
    return item;
}

void item_done(struct item *item)
{
    if (item && atomic_fetch_sub_explicit(&item->users, 1, memory_order_acq_rel) == 1)
        arena_free(item->arena);
}
