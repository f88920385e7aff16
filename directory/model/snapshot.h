/* The compiled model from the inside: arrays in order of their names, and numbers that point into them. */
#ifndef ONEDOOR_DIRECTORY_MODEL_SNAPSHOT_H
#define ONEDOOR_DIRECTORY_MODEL_SNAPSHOT_H

#include "directory/model/item.h"
#include "directory/model/keymap.h"

enum { NO_NUMBER = UINT32_MAX };

/* `held`: within by_holder.values; `groups`: within by_member.values. */
struct organisation_node {
    const struct organisation *of;
    struct run held, groups;
};
struct group_node {
    struct run held;
    uint32_t above; /* within model.above: the groups that it is in, through any number of others */
};
/* Some groups, then those of another one; NO_NUMBER: no more. Many share their ends: see compile_above.c. */
struct above {
    struct run groups; /* within above_groups; never empty */
    uint32_t then;
};
struct application_node {
    const struct application_part *of;
    struct run roles, holdings;
};
struct role_node {
    uint32_t application;
    struct run permissions; /* within model.role_permissions: numbers within the application's, ascending */
    struct run excludes;    /* within model.excludes: roles, in both directions */
    struct run holdings;
};
struct holding {
    const struct assignment *of;
    uint32_t role;
};

struct model {
    struct arena *arena;
    struct item **items; /* everything that the arrays below point into */
    size_t item_count, item_bytes;

    struct organisation_node *organisations; /* by path */
    const struct organisation **organisation_list;
    const struct group **groups; /* by path */
    struct group_node *group_nodes;
    struct application_node *applications; /* by client_id */
    struct role *roles;                    /* by client_id and name */
    const struct role **role_list;
    struct role_node *role_nodes;
    struct holding *holdings;               /* by role */
    const struct resource_item **resources; /* by client_id, type and id */
    const struct mandate **mandates;        /* by id */
    uint32_t organisation_count, group_count, application_count, role_count, holding_count, resource_count,
        mandate_count;

    struct keymap organisation_keys, group_keys; /* → their own number */
    struct keymap by_member;                     /* → groups that name the key as a member */
    struct keymap by_holder;                     /* → holdings, ascending */
    struct keymap by_agent, by_represented;      /* → mandates, ascending */
    struct above *above;
    uint32_t *above_groups, *role_permissions, *excludes;
    int64_t *times; /* at which some period begins or ends, ascending */
    size_t time_count;
    size_t permission_count;
};

/* By byte order, the shorter first. */
int model_compare(struct str a, struct str b);

/* NULL or NO_NUMBER when there is none. */
const struct application_node *model_application(const struct model *m, struct str client_id);
uint32_t model_permission_number(const struct application_part *app, struct str type, struct str action);
uint32_t model_role_number(const struct model *m, struct str client_id, struct str name);
uint32_t model_organisation_number(const struct model *m, struct str path);
const struct resource_item *model_resource(const struct model *m, struct str client_id, struct str type,
                                           struct str id);
bool model_role_has(const struct model *m, uint32_t role, uint32_t permission);

#endif
