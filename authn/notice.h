/*
 * What became of a person since they signed in: noted in Redis by whichever server hears of it first, read
 * beside every session and grant, so that a leaver is out on all servers at once. Without a notice, nothing
 * has changed that was not read from the directory itself.
 */
#ifndef ONEDOOR_AUTHN_NOTICE_H
#define ONEDOOR_AUTHN_NOTICE_H

#include "authn/authn.h"

enum { PERSON_TAG = 22, NOTICE_RECORDS = 2 };

struct notice {
    int64_t ended; /* when the account was last seen disabled or gone, Unix seconds; 0: never */

    int64_t changed; /* when what follows was true; 0: nothing is noted of it */
    bool disabled;   /* or gone: then the rest is empty */
    struct str dn, subject, kind, mail, organisation, organisations;
    int64_t identity_level;
};

/*
 * The name of a person where no name may stand, 22 characters: what grants carry in their gid and notices lie
 * under. Nobody comes back from it to the uuid. STR_EMPTY when memory or OpenSSL fails.
 */
struct str person_tag(struct arena *a, struct str uuid);

/* Where the notice of that tag lies, to be fetched with other records. False without memory. */
bool notice_keys(struct arena *a, struct str tag, struct store_key out[NOTICE_RECORDS]);
/* What was found there; nothing is an empty notice. False when a record cannot be read. */
bool notice_parse(struct arena *a, const struct str found[NOTICE_RECORDS], struct notice *out);
/* OK also when there is none. INTERNAL when it cannot be read. */
MUST_CHECK enum result notice_find(struct authn *au, struct arena *a, struct str uuid, struct notice *out);

/*
 * Whether what began then (a session, a grant) is over: the account is disabled or gone, or was at that time
 * or later. Enabled again it begins anew: nothing from before comes back.
 */
bool notice_ends(const struct notice *n, int64_t began);
/*
 * Makes a person who was read at *read what the notice says, if that is newer; *read then says so. False when
 * their `sub` is another one now: what was given to the old one is over, for that may be somebody else's some
 * day.
 */
bool notice_renew(const struct notice *n, struct person *p, int64_t *read);

/* The person as the directory says now. Someone who is disabled is noted as ended. */
MUST_CHECK enum result notice_person(struct authn *au, struct arena *a, const struct person *p);
/* There is no such person any more. */
MUST_CHECK enum result notice_gone(struct authn *au, struct arena *a, struct str uuid);

#endif
