/* The two forms of a role's page: its definition, and one more holder. */
#ifndef ONEDOOR_ADMIN_ROLE_FORM_H
#define ONEDOOR_ADMIN_ROLE_FORM_H

#include "server/admin/desk.h"

/* What the fields hold: what was typed when the form is shown again. */
void role_form_put(struct desk *d, json_t *data, const json_t *present);
/* What the form says that is not so already; NULL without memory. */
json_t *role_form_read(struct desk *d, const json_t *present);

void assign_form_put(struct desk *d, json_t *data, const char *permission);
/* The assignment that the form asks for; REFUSED with d->why when a holder or a day is not to be found. */
MUST_CHECK enum result assign_form_read(struct desk *d, json_t **after);

#endif
