/* Whom a question is about, and how they signed in. */
#ifndef ONEDOOR_ACCESS_PARTY_H
#define ONEDOOR_ACCESS_PARTY_H

#include "server/access/inquiry.h"

struct party {
    const struct subject *subject; /* NULL: a company that somebody acts for */
    const struct subject *agent;   /* who acts by the mandate */
    const struct mandate *mandate; /* NULL: in their own name */
    enum authn_level level;
    int64_t identity_level;
};

/* Whether the type of a subject is one of those that people have: user, identity, person. */
bool is_person_type(struct str type);

/*
 * Who the subject is: from memory, else from the directory once the request may wait for it. NOT_FOUND for
 * certain, or UNAVAILABLE.
 */
MUST_CHECK enum result subject_find(struct inquiry *in, const struct entity *e, struct subject *out);

/*
 * The party of a question, by its subject and, if there is one, by `subject.properties.access_token`: that is
 * looked up, so it says for certain how they signed in, and for whom they act. NOT_FOUND for certain: *why is
 * then the reason of the denial. UNAVAILABLE or INTERNAL when there is no telling, which is never a denial.
 */
MUST_CHECK enum result party_find(struct inquiry *in, const struct question *q, struct party *out,
                                  enum decision_reason *why);
/* The party that a known person is in their own name, by what the question says of their sign-in. */
struct party party_of(const struct inquiry *in, const struct question *q, const struct subject *subject);

#endif
