#include "directory/model/builtin.h"

#define FRESH " acr=substantial"

const char *const builtin_permissions[] = {
    "application:read" FRESH,      /* see applications and their settings */
    "application:write" FRESH,     /* add, change and remove them; new secrets */
    "application:enable" FRESH,    /* take one into use or out of it */
    "role:read" FRESH,             /* see roles and who holds them */
    "role:write" FRESH,            /* add, change and remove their definitions */
    "role:assign" FRESH,           /* say who holds them, within the data scope */
    "administrator:assign" FRESH,  /* the same for the roles of "onedoor" itself */
    "account:remove-factor" FRESH, /* after a lost phone */
    "mandate:end" FRESH,           /* end another's mandate */
    "audit:read" FRESH,            /* the audit log */
    "change:read" FRESH,           /* the history of changes */
    NULL,
};

/*
 * Whoever creates does not enable and assign, whoever enables and assigns does not create, and who reviews
 * both does neither. A department's administrator reaches as far as the data scope of their assignment.
 */
const struct builtin_role builtin_roles[] = {
    {"audit-administrator", "Audit administrator", "Reads what the other administrators did",
     "audit:read change:read", "department-administrator security-administrator system-administrator"},
    {"department-administrator", "Department administrator",
     "Assigns delegated roles to people of their own organisations", "role:read role:assign",
     "audit-administrator system-administrator"},
    {"security-administrator", "Security administrator", "Enables applications and assigns roles",
     "application:read application:enable role:read role:assign administrator:assign account:remove-factor "
     "mandate:end",
     "audit-administrator system-administrator"},
    {"system-administrator", "System administrator", "Makes, changes and removes applications and roles",
     "application:read application:write role:read role:write",
     "audit-administrator department-administrator security-administrator"},
};
const unsigned builtin_role_count = sizeof builtin_roles / sizeof builtin_roles[0];

const struct builtin_role *builtin_role(struct str name)
{
    for (unsigned i = 0; i < builtin_role_count; i++)
        if (str_eq(name, str_of(builtin_roles[i].name)))
            return &builtin_roles[i];
    return NULL;
}

bool is_builtin_application(struct str client_id)
{
    return str_eq_nocase(client_id, STR(BUILTIN_CLIENT_ID));
}
