/* Who is meant by the holders of a role: people, groups and organisations, by DN. */
#ifndef ONEDOOR_ADMIN_HOLDERS_H
#define ONEDOOR_ADMIN_HOLDERS_H

#include "directory/live.h"

enum holder_kind { HOLDER_PERSON, HOLDER_GROUP, HOLDER_ORGANISATION };
struct holder {
    enum holder_kind kind;
    struct str dn;
    struct str name;       /* `sub`, or the path of the group or organisation */
    struct str label;      /* for people to read */
    struct subject person; /* of HOLDER_PERSON */
};

/* NOT_FOUND when nothing of that DN can hold a role. Asks the directory for people only. */
MUST_CHECK enum result holder_of_dn(struct directory *d, const struct model *m, struct arena *a,
                                    struct str dn, struct holder *out);
/* The DN of a person by what they type, of a group or an organisation by path. NOT_FOUND when there is none.
 */
MUST_CHECK enum result holder_of_name(struct directory *d, const struct model *m, struct arena *a,
                                      enum holder_kind kind, struct str name, struct str *dn);
/* Whether what the DN names is the person, or a group or organisation that they are in. */
bool holder_covers(const struct model *m, struct str dn, const struct subject *person);

/*
 * The role ("client_id/name") by whose exclusion the holder may not hold that role as well; STR_EMPTY when
 * there is none. Periods don't count: what will exclude tomorrow is not assigned today. For a group or an
 * organisation only what the model knows of it is looked at: the same holder, and members that are named
 * themselves; decisions look at each person again.
 */
struct str holder_excluded_by(const struct model *m, const struct holder *holder, struct str client_id,
                              struct str role);

#endif
