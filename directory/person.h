/* People, as whoever keeps the directory keeps them. Only read. */
#ifndef ONEDOOR_DIRECTORY_PERSON_H
#define ONEDOOR_DIRECTORY_PERSON_H

#include "directory/directory.h"
#include "directory/registry.h"

struct person {
    struct str dn;
    struct str uuid;    /* text; the key of everything that Onedoor keeps about them */
    struct str subject; /* `sub` */
    struct str kind;    /* "staff", "citizen" … by subtree; may be empty */
    struct str display_name, given_name, family_name, mail, mobile;
    struct str organisation;  /* the first of them, which is the primary one */
    struct str organisations; /* paths (330102/D0412), space-separated, in the directory's order */
    int64_t identity_level;   /* 1 to 5, of the person alone; 0: that of their kind */
    bool disabled;
};

/*
 * The one person whose login attribute equals `login`. NOT_FOUND when nobody or more than one matches, and
 * for a login that is no plain text, has spaces at its ends or is longer than 128 bytes. A disabled person is
 * found, with the mark. No referral is followed.
 */
MUST_CHECK enum result person_by_login(struct directory *d, struct arena *a, struct str login,
                                       struct person **out);
/* The person of that uuid, wherever their entry has moved. */
MUST_CHECK enum result person_by_uuid(struct directory *d, struct arena *a, struct str uuid,
                                      struct person **out);
/* The person of that `sub`, spelt so. */
MUST_CHECK enum result person_by_subject(struct directory *d, struct arena *a, struct str subject,
                                         struct person **out);

/* What must be asked for to make a person of an entry; ends with NULL. NULL without memory. */
const char *const *person_attributes(const struct directory_config *c, struct arena *a);
/*
 * The person that the entry is. REFUSED (and logged) when it has not one uuid and one
 * subject, INTERNAL without memory.
 */
MUST_CHECK enum result person_of_entry(const struct directory_config *c, struct arena *a,
                                       const struct entry *e, struct person **out);
/* The uuid as text, from the 16 bytes by which RFC 4533 names the entry: written as the directory writes it.
 */
struct str person_uuid_text(const struct directory_config *c, struct arena *a, struct str bytes);
/* Whether the uuid is one of the identifiers that are written so: nothing else tells of an entry that is
 * gone. */
bool person_uuid_is_followed(const struct directory_config *c);

/*
 * Binds with the DN that a search returned, on a connection that never serves searches. OK only for LDAP
 * success; REFUSED for wrong credentials and for an empty password or one with a NUL byte, which never reach
 * the wire (RFC 4513 section 5.1.2); UNAVAILABLE for everything that is no answer about the password.
 */
MUST_CHECK enum result person_check_password(struct directory *d, struct str dn, struct str password);
/*
 * The same work against the registry's decoy entry, so that an unknown person costs the time of a known one.
 * REFUSED, or UNAVAILABLE.
 */
MUST_CHECK enum result person_check_decoy(struct directory *d, struct str password);

#endif
