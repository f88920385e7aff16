/* Every address below /admin, and what one must be allowed for it to be there. */
#include "server/admin/desk.h"

const struct page admin_page_table[] = {
    {"/admin", NULL, page_overview, NULL},
    {"/admin/applications", "application:read", page_applications, NULL},
    {"/admin/application", "application:read", page_application, page_application_post},
    {"/admin/roles", "role:read", page_roles, NULL},
    {"/admin/role", "role:read", page_role, page_role_post},
    {"/admin/organisations", "role:assign", page_organisations, NULL},
    {"/admin/person", "account:remove-factor", page_person, page_person_post},
    {"/admin/changes", NULL, page_changes, NULL},
    {"/admin/change", NULL, page_change, page_change_post},
    {"/admin/audit", "audit:read", page_audit, NULL},
};
const size_t admin_page_count = sizeof admin_page_table / sizeof admin_page_table[0];
