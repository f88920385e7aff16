/* Who holds what, in words: for `onedoor explain`. */
#ifndef ONEDOOR_SERVER_COMMAND_EXPLAIN_ROLES_H
#define ONEDOOR_SERVER_COMMAND_EXPLAIN_ROLES_H

#include "directory/model/mandate.h"

#include <stdio.h>

struct explanation {
    FILE *out;
    const struct model *model;
    struct arena *arena;
    const struct subject *subject;
    struct str client_id, permission; /* "case:approve" */
    int64_t now;
};

/* Organisations with their names, and all groups. */
void explain_person(const struct explanation *x);
/* Each role with the permission: its assignments, by what they are held, their period and reach, exclusions.
 */
void explain_roles(const struct explanation *x);
/* For whom the subject may act. */
void explain_mandates(const struct explanation *x);

#endif
