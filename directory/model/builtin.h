/*
 * The application "onedoor": the server itself. Its permissions and roles are built in; who holds the roles
 * stands in the registry, as for any role: in onedoorAssignment entries below cn=ROLE,ou=onedoor,ou=roles.
 */
#ifndef ONEDOOR_DIRECTORY_MODEL_BUILTIN_H
#define ONEDOOR_DIRECTORY_MODEL_BUILTIN_H

#include "server/base/acr.h"

#define BUILTIN_APPLICATION "onedoor"

/* Every permission of it needs that sign-in strength. */
#define BUILTIN_LEVEL AUTHN_SUBSTANTIAL

/* "type:action", each once. */
extern const char *const builtin_permissions[];
extern const size_t builtin_permission_count;

struct builtin_role {
    const char *name;
    const char *permissions; /* "type:action", separated by spaces */
    const char *excludes;    /* names of roles of "onedoor", separated by spaces */
};
extern const struct builtin_role builtin_roles[];
extern const size_t builtin_role_count;

/* NULL when there is none of that name. */
const struct builtin_role *builtin_role(struct str name);
/* Whether it is the client_id of the built-in application, which no entry may take. */
bool is_builtin_application(struct str client_id);

#endif
