#include "directory/model/builtin.h"

const char *const builtin_permissions[] = {
    "application:read",      /* see applications and their settings */
    "application:write",     /* add, change and remove them; new secrets */
    "application:enable",    /* take one into use or out of it */
    "role:read",             /* see roles and who holds them */
    "role:write",            /* add, change and remove their definitions */
    "role:assign",           /* say who holds them, within the data scope */
    "administrator:assign",  /* the same for the roles of "onedoor" itself */
    "account:remove-factor", /* after a lost phone */
    "mandate:end",           /* end another's mandate */
    "audit:read",            /* the audit log */
    "change:read",           /* the history of changes */
};
const size_t builtin_permission_count = sizeof builtin_permissions / sizeof builtin_permissions[0];

/* Whoever creates does not enable and assign, whoever enables and assigns does not create, and who reviews
 * both does neither. */
const struct builtin_role builtin_roles[] = {
    {"system-administrator", "application:read application:write role:read role:write",
     "security-administrator audit-administrator department-administrator"},
    {"security-administrator",
     "application:read application:enable role:read role:assign administrator:assign account:remove-factor "
     "mandate:end",
     "system-administrator audit-administrator"},
    {"audit-administrator", "audit:read change:read",
     "system-administrator security-administrator department-administrator"},
    {"department-administrator", "role:read role:assign", "system-administrator audit-administrator"},
};
const size_t builtin_role_count = sizeof builtin_roles / sizeof builtin_roles[0];

const struct builtin_role *builtin_role(struct str name)
{
    for (size_t i = 0; i < builtin_role_count; i++)
        if (str_eq(name, str_of(builtin_roles[i].name)))
            return &builtin_roles[i];
    return NULL;
}

bool is_builtin_application(struct str client_id)
{
    return str_eq(client_id, STR(BUILTIN_APPLICATION));
}
