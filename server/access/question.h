/* What is asked of the decision point: AuthZEN Authorization API 1.0, section 5, read from JSON. */
#ifndef ONEDOOR_ACCESS_QUESTION_H
#define ONEDOOR_ACCESS_QUESTION_H

#include "server/base/json_read.h"

enum { QUESTION_TEXT_MAX = 512 }; /* bytes of a type, an id or a name */

/* A subject or a resource; everything is borrowed from the JSON. */
struct entity {
    struct str type, id;
    const struct node *properties; /* NULL when there are none */
};

struct question {
    struct entity subject, resource;
    struct str action;
    const struct node *context; /* NULL when there is none */
};

/* What must be there; the rest is not even looked at, as sections 8.4 to 8.6 want it. */
enum question_part {
    PART_SUBJECT_TYPE = 1 << 0,
    PART_SUBJECT_ID = 1 << 1,
    PART_ACTION = 1 << 2,
    PART_RESOURCE_TYPE = 1 << 3,
    PART_RESOURCE_ID = 1 << 4,
    PART_ALL = (1 << 5) - 1
};

/*
 * A member that `object` lacks is taken, as a whole, from `defaults` (may be NULL), as section 7.1.1 says.
 * False with *fault, which names the member, with `where` ("evaluations[3].", or empty) before it, and what
 * would be right.
 */
bool question_read(struct arena *a, const struct node *object, const struct node *defaults, unsigned parts,
                   const char *where, struct question *out, struct str *fault);
/* Checks the members that are there as question_read would: for the defaults of many. */
bool question_check(struct arena *a, const struct node *object, struct str *fault);

#endif
