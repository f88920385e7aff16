/*
 * What a person may at an application, from the permission model as it is now: as claims, and whether the
 * application is meant for them at all. Nothing of another application ever stands beside it.
 */
#ifndef ONEDOOR_TOKEN_RIGHTS_H
#define ONEDOOR_TOKEN_RIGHTS_H

#include "server/base/json.h"
#include "server/token/provider.h"

/* Whose rights, and where. */
struct rights_question {
    struct str audience;           /* of the token: a client_id, or an identifier of a resource */
    const struct person *person;   /* who, or who is represented; NULL: a represented company */
    const struct mandate *mandate; /* NULL: in one's own name */
};

/* Which claims; the words are the scopes that release them at userinfo. */
enum rights_part {
    RIGHTS_ROLES = 1 << 0,        /* "roles": roles, entitlements (RFC 9068 section 2.2.3.1), data_scope */
    RIGHTS_GROUPS = 1 << 1,       /* "groups": those by which the roles are held */
    RIGHTS_ORGANISATION = 1 << 2, /* "organisation": org */
    RIGHTS_ALL = RIGHTS_ROLES | RIGHTS_GROUPS | RIGHTS_ORGANISATION
};
/* The parts that a scope releases. */
unsigned rights_parts(struct str scope);

/*
 * Puts the claims into `out`. When roles, groups, entitlements and data_scope would be longer than the
 * settings allow, `access_evaluation_endpoint` stands in their place: where to ask (AuthZEN 1.0). UNAVAILABLE
 * while there is no model.
 */
MUST_CHECK enum result rights_put(struct provider *p, struct arena *a, const struct rights_question *q,
                                  unsigned parts, json_t *out);

/*
 * Whether the application is meant for the person: their kind, how well they were identified, and a group
 * that they are in. REFUSED when it is not; UNAVAILABLE as above.
 */
MUST_CHECK enum result rights_admit(struct provider *p, struct arena *a, const struct application *app,
                                    const struct person *person);

/* The names of the claims, for discovery. */
void rights_claims_supported(json_t *array);

#endif
