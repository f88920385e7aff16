/* Onedoor's own suffix: small entries read and changed by relative name. */
#ifndef ONEDOOR_DIRECTORY_REGISTRY_H
#define ONEDOOR_DIRECTORY_REGISTRY_H

#include "directory/directory.h"

struct attribute {
    const char *name; /* may carry an option: displayName;lang-zh */
    struct str *values;
    size_t count;
};

struct entry {
    struct str dn;
    struct attribute *attributes;
    size_t count;
};

struct entries {
    struct entry *v;
    size_t n;
};

/* The values of an attribute (case of the name does not matter); NULL when the entry has none. */
const struct attribute *entry_attribute(const struct entry *e, const char *name);
/* Its first value, or STR_EMPTY. */
struct str entry_value(const struct entry *e, const char *name);

/*
 * `rdn` names an entry below the registry's base: "onedoorClientId=portal,ou=applications", already escaped;
 * an empty one is the base itself.
 */
MUST_CHECK enum result registry_read(struct directory *d, struct arena *a, struct str rdn, struct entry *out);
/* The entries one level below rdn that match the filter; NOT_FOUND when rdn itself does not exist. */
MUST_CHECK enum result registry_list(struct directory *d, struct arena *a, struct str rdn, const char *filter,
                                     struct entries *out);
/* USED when it exists already. The attributes include objectClass. */
MUST_CHECK enum result registry_add(struct directory *d, struct str rdn, const struct attribute *attributes,
                                    size_t n);

enum change_kind { CHANGE_ADD, CHANGE_DELETE, CHANGE_REPLACE };
struct change {
    enum change_kind kind;
    struct attribute attribute; /* DELETE with count 0 removes all values; REPLACE with count 0 likewise */
};
/*
 * All changes or none. NOT_FOUND when there is no such entry; USED when a value to delete is not there or one
 * to add is: deleting the old value and adding the new one is a compare-and-swap.
 */
MUST_CHECK enum result registry_modify(struct directory *d, struct str rdn, const struct change *changes,
                                       size_t n);
MUST_CHECK enum result registry_delete(struct directory *d, struct str rdn);

/*
 * The same, only while the entry still holds every value of `seen`, and none of an attribute that is in
 * `seen` without values (RFC 4528), else USED. Where the directory does not know assertions, a change holds
 * by the values that it deletes, and a removal at once after reading.
 */
MUST_CHECK enum result registry_modify_seen(struct directory *d, struct str rdn, const struct entry *seen,
                                            const struct change *changes, size_t n);
MUST_CHECK enum result registry_delete_seen(struct directory *d, struct str rdn, const struct entry *seen);

/*
 * Makes what is missing of the registry's own entries: the base's branches, and the decoy with a random
 * password hashed by the directory's own scheme.
 */
MUST_CHECK enum result registry_prepare(struct directory *d);

#endif
