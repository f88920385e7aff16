/* The parts of the model one by one: for searches, explanations, administration and pages. */
#ifndef ONEDOOR_DIRECTORY_MODEL_CATALOGUE_H
#define ONEDOOR_DIRECTORY_MODEL_CATALOGUE_H

#include "directory/model/model.h"

/* One permission that an application declares. */
struct permission {
    struct str resource_type, action;
    enum authn_level level; /* needed; AUTHN_NONE: none */
    int64_t identity_level; /* needed; 0: none */
};
/* By name; empty for an unknown application. All that follows is borrowed from the model. */
size_t model_permissions(const struct model *m, struct str client_id, const struct permission **out);

/* NULL when the application declares no such type; then "owner" and "organisation" name what they say. */
struct resource_type;
const struct resource_type *model_resource_type(const struct model *m, struct str client_id, struct str name);

/* Who holds a role: one assignment. */
struct assignment {
    struct str name;      /* of the entry; empty for those named by the role's own `member` */
    struct str dn;        /* of the entry (the role's for those) */
    struct words holders; /* DNs of people, groups, posts and organisations */
    enum data_scope scope;
    struct words organisations; /* paths: what "department" and "listed" mean here; empty: the holder's own */
    int64_t from, until;        /* Unix seconds; 0: without limit */
};
struct role {
    struct str client_id, name, display_name, description, dn;
    struct words permissions; /* "case:approve" */
    struct words excludes;    /* "client_id/name" */
    bool delegated; /* onedoorDelegated: administrators of departments may assign it to their people */
    const struct assignment *assignments;
    size_t assignment_count;
};
/* By name; of all applications, by client_id, when client_id is empty. */
size_t model_roles(const struct model *m, struct str client_id, const struct role *const **out);
const struct role *model_role(const struct model *m, struct str client_id, struct str name);

/* Two roles that exclude each other, both held at once. */
struct conflict {
    const struct role *one, *other;
};
/* Those of the subject at that time, each pair once. False when the arena is out of memory. */
bool model_conflicts(const struct model *m, struct arena *a, const struct subject *subject, int64_t now,
                     struct conflict **out, size_t *n);

/* A resource that the registry knows, so that its owner and organisation need not come from the caller. */
struct resource_item {
    struct str client_id, resource_type, id;
    struct str owner, organisation;
};
/* By id. */
size_t model_resources(const struct model *m, struct str client_id, struct str resource_type,
                       const struct resource_item *const **out);

struct group {
    struct str dn, path, description;
    struct words members; /* DNs as the directory writes them */
};
const struct group *model_group(const struct model *m, struct str dn);
size_t model_group_list(const struct model *m, const struct group *const **out);

#endif
