/*
 * What a code or refresh token comes of: its grant and the session that this hangs on. Both are named in its
 * value, so that whoever looks it up asks for all of it in the same round trip. They are no secrets: access
 * tokens tell them too.
 */
#ifndef ONEDOOR_TOKEN_LINEAGE_H
#define ONEDOOR_TOKEN_LINEAGE_H

#include "server/token/grant.h"

/* As a value tells them: always so many characters. */
enum { LINEAGE_CHARACTERS = 66, LINEAGE_RECORDS = GRANT_RECORDS + 1 };

struct lineage {
    struct str gid, sid;               /* borrowed */
    bool ends_sign_in;                 /* of a code: what follows belongs to the sign-in itself */
    struct str found[LINEAGE_RECORDS]; /* what lay under lineage_keys; p is NULL for what was not there */
};

/* What stands in a value; STR_EMPTY when that can't be told, or without memory. */
struct str lineage_text(struct arena *a, const struct lineage *l);
/* The other way, from its first characters; nothing is found yet. False when that is none. */
bool lineage_read(struct str text, struct lineage *out);
MUST_CHECK enum result lineage_keys(struct arena *a, const struct lineage *l,
                                    struct store_key out[LINEAGE_RECORDS]);

/*
 * As grant_find and grant_person, of what was found. At the end of a sign-in the directory is not asked again
 * for what it said at its beginning, where that is sure to hold (session_person_is_fresh).
 */
MUST_CHECK enum result lineage_grant(struct arena *a, const struct lineage *l, struct grant **out);
MUST_CHECK enum result lineage_person(struct provider *p, struct arena *a, const struct lineage *l,
                                      struct grant *g, struct person *person);

#endif
