/* One entry of the directory as the model understands it: parsed once, never changed, shared by counting. */
#ifndef ONEDOOR_DIRECTORY_MODEL_ITEM_H
#define ONEDOOR_DIRECTORY_MODEL_ITEM_H

#include "directory/model/catalogue.h"
#include "directory/model/content.h"
#include "directory/model/grammar.h"
#include "directory/model/mandate.h"

#include <stdatomic.h>

enum item_kind {
    ITEM_ORGANISATION,
    ITEM_GROUP,
    ITEM_APPLICATION,
    ITEM_ROLE,
    ITEM_ASSIGNMENT,
    ITEM_RESOURCE,
    ITEM_MANDATE,
    ITEM_KIND_COUNT
};
/* "organisation", "group" … */
const char *item_kind_name(enum item_kind kind);

/* What is wrong with an entry, and what would be right. */
struct item_fault {
    struct item_fault *next;
    struct str why;
};

/* An assignment with the keys of its holders, in the same order. */
struct held {
    struct assignment of;
    struct dn_key *keys;
};

struct application_part {
    struct str client_id;
    struct permission *permissions; /* by type and action, each once */
    size_t permission_count;
    struct resource_type *types;
    size_t type_count;
    bool disabled, takes_mandates;
};

struct item {
    atomic_uint users;
    struct arena *arena; /* everything of it, this struct included */
    enum item_kind kind;
    bool valid;
    bool builtin; /* one of builtin.h, not of the registry */
    struct str dn;
    struct dn_key key, parent;
    struct item_fault *faults;
    union {
        struct organisation organisation;
        struct {
            struct group of;
            struct dn_key *members;
        } group;
        struct application_part application;
        struct {
            struct role of;
            struct held own; /* by the role's own `member`; without holders: none */
        } role;
        struct held assignment;
        struct resource_item resource;
        struct mandate mandate;
    };
};

/*
 * The entry, copied and parsed, with one user; NULL in *out when its class is none of the model's. An item
 * that is not valid still names its faults; a valid one may have some as well. INTERNAL without memory.
 */
MUST_CHECK enum result item_of_entry(const struct content_config *config, enum content_source from,
                                     const struct entry *e, struct item **out);
/* The same for one of Onedoor's own (builtin.h), written down as an entry; NULL without memory. */
struct item *item_builtin(const struct content_config *config, const struct entry *e);

struct item *item_use(struct item *item);
/* NULL is taken. */
void item_done(struct item *item);

#endif
