/*
 * The application "onedoor": the server itself. Its permissions and roles are built in, so that no entry of
 * the registry can widen them; who holds the roles stands in the registry, as for any role: in
 * onedoorAssignment entries below cn=ROLE,ou=onedoor,ou=roles.
 */
#ifndef ONEDOOR_DIRECTORY_MODEL_BUILTIN_H
#define ONEDOOR_DIRECTORY_MODEL_BUILTIN_H

#include "server/base/str.h"

#define BUILTIN_CLIENT_ID "onedoor"

/* As onedoorPermission of the registry is written (grammar.h); ends with NULL. */
extern const char *const builtin_permissions[];

struct builtin_role {
    const char *name, *display_name, *description;
    const char *permissions; /* "type:action", separated by spaces */
    const char *excludes;    /* names of roles of this table, separated by spaces */
};
extern const struct builtin_role builtin_roles[];
extern const unsigned builtin_role_count;

/* NULL when there is none of that name. */
const struct builtin_role *builtin_role(struct str name);
/*
 * Whether it is the client_id of the built-in application, in upper or lower case: no entry may take it, and
 * directories don't tell cases apart in the names of most entries.
 */
bool is_builtin_application(struct str client_id);

#endif
