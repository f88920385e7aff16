/* Whether roles count for somebody, and how far they reach. */
#ifndef ONEDOOR_DIRECTORY_MODEL_REACH_H
#define ONEDOOR_DIRECTORY_MODEL_REACH_H

#include "directory/model/walk.h"

/* The holdings of one application or role that a holder has, one after the other. */
struct cursor {
    const uint32_t *at, *end;
    uint32_t limit;
};
struct cursor cursor_of(const struct model *m, const struct holder *h, struct run within);
/* The number of the next one; NO_NUMBER at the end. */
uint32_t cursor_next(struct cursor *c);

/* From its beginning up to, not including, its end. */
bool assignment_holds(const struct assignment *a, int64_t now);
/* Whether the subject holds a role now that excludes this one. */
bool role_is_excluded(const struct model *m, uint32_t role, const struct subject *subject, int64_t now);

/*
 * Whether it does not count for the subject: it is excluded by what they hold, or by what their deputy holds:
 * nobody comes to two duties at once by acting for another. The mandate and the agent may be NULL; without
 * the agent, their groups alone are known.
 */
bool role_is_barred(const struct model *m, uint32_t role, const struct subject *subject,
                    const struct mandate *mandate, const struct subject *agent, int64_t now);

/*
 * The scope in full: what "department" means when the assignment or its holder names organisations is the
 * same as "listed". The organisations of a "listed" one are in *bases; for the subject's own it is empty.
 */
enum data_scope scope_in_full(const struct model *m, const struct assignment *a, const struct holder *h,
                              struct words *bases, struct str *room);

#endif
