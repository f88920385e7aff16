/* Roles in the registry: where they stand, and what an entry of one says. */
#ifndef ONEDOOR_ADMIN_ROLES_H
#define ONEDOOR_ADMIN_ROLES_H

#include "server/admin/proposal.h"

struct fields role_fields(void);
struct fields assignment_fields(void);
struct str role_branch(struct arena *a, struct str client_id);
struct str role_rdn(struct arena *a, struct str client_id, struct str name);
struct str assignment_rdn(struct arena *a, struct str client_id, struct str role, struct str id);
/*
 * Whether the entry is of exactly that role: a directory finds it by its name in any case, which would get
 * past what is known of the role by its own name.
 */
bool role_is(const struct entry *e, struct str client_id, struct str name);
/* Adds the role, with the attributes given (room for three more), and its application's branch. */
MUST_CHECK enum result role_make(struct directory *d, struct arena *a, struct str client_id, struct str name,
                                 struct entry *more);

#endif
