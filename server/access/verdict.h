/* From a question to a decision. */
#ifndef ONEDOOR_ACCESS_VERDICT_H
#define ONEDOOR_ACCESS_VERDICT_H

#include "server/access/inquiry.h"

/* Whether the type of a subject is one of those that people have: user, identity, person. */
bool is_person_type(struct str type);

/*
 * Who the subject is: from memory, else from the directory once the request may wait for it. NOT_FOUND for
 * certain, or UNAVAILABLE.
 */
MUST_CHECK enum result subject_find(struct inquiry *in, const struct entity *e, struct subject *out);

/*
 * Everything of the evaluation but the subject and how they signed in: the permission, the resource, and,
 * where the caller is trusted, what it says of it.
 */
struct evaluation evaluation_of(const struct inquiry *in, const struct question *q);

/*
 * The decision. UNAVAILABLE or INTERNAL when there is none, which is never a denial.
 */
MUST_CHECK enum result decide(struct inquiry *in, const struct question *q, struct decision *out);
/* The same for a subject that is known already. */
MUST_CHECK enum result decide_for(struct inquiry *in, const struct question *q, const struct subject *subject,
                                  struct decision *out);

#endif
