/* How permissions and resource types are written in the registry: one line a value, words separated by
 * spaces. */
#ifndef ONEDOOR_DIRECTORY_MODEL_GRAMMAR_H
#define ONEDOOR_DIRECTORY_MODEL_GRAMMAR_H

#include "directory/model/catalogue.h"

enum { MODEL_NAME_MAX = 64 };

/* How an application's resources of one type say whose they are. */
struct resource_type {
    struct str name;
    struct str owner_property;        /* of a resource's properties in a decision request; "owner" */
    struct str organisation_property; /* "organisation" */
    bool owner_is_mail;               /* the owner is named by mail address, not by `sub` */
};

/* Letters, digits, `_`, `-` and `.`: what a resource type, an action or a role may be named. */
bool is_model_name(struct str name);

/*
 * "case:approve", then in any order "acr=substantial" (low, substantial or high) and "identity=3" (1 to 5).
 * NULL when taken, else a constant text of what is wrong. Borrows the text.
 */
const char *permission_read(struct str text, struct permission *out);
#define PERMISSION_ACCEPTED "type:action, such as case:approve, then acr=substantial and identity=3 if needed"

/* "case", then in any order "owner=PROPERTY", "owner-is=sub" or "owner-is=mail", "organisation=PROPERTY". */
const char *resource_type_read(struct str text, struct resource_type *out);
#define RESOURCE_TYPE_ACCEPTED                                                                               \
    "a type, such as case, then owner=PROPERTY, owner-is=sub or owner-is=mail, organisation=PROPERTY if "    \
    "needed"

/* "20261231235959Z", the seconds or the minutes may be missing; always UTC. False for anything else. */
bool time_read(struct str text, int64_t *out);

#endif
