/* Where an entry stands in the tree. */
#ifndef ONEDOOR_DIRECTORY_DN_H
#define ONEDOOR_DIRECTORY_DN_H

#include "server/base/arena.h"

/*
 * Whether dn stands below base: compared without regard to case and to the way either is written. False when
 * one of them is no DN.
 */
bool dn_is_below(struct arena *a, struct str dn, struct str base);
/* Whether both name the same entry, likewise. */
bool dn_is_same(struct arena *a, struct str dn, struct str other);
/* The nearest entry that both are below, or are; empty when they share nothing. */
struct str dn_common(struct arena *a, struct str dn, struct str other);
/* rdn below base; base itself when rdn is empty. */
struct str dn_join(struct arena *a, struct str rdn, const char *base);
/* The value of its first name: "approver" of cn=approver,ou=posts. STR_EMPTY when it is no DN. */
struct str dn_first_value(struct arena *a, struct str dn);
/*
 * Where dn stands below base, by the values of its names from the top: "330102/D0412" for
 * ou=D0412,ou=330102 below the base. STR_EMPTY when it stands elsewhere, or a value is empty or has a slash.
 */
struct str dn_path(struct arena *a, struct str dn, struct str base);

#endif
