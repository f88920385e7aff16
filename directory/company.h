/* Legal persons, as whoever keeps the directory keeps them. Only read. Nobody signs in as one. */
#ifndef ONEDOOR_DIRECTORY_COMPANY_H
#define ONEDOOR_DIRECTORY_COMPANY_H

#include "directory/directory.h"

struct company {
    struct str dn;
    struct str uuid; /* text; the key of what Onedoor keeps about it */
    struct str id;   /* `sub` where somebody acts for it */
    struct str name, name_en;
};

/*
 * The one company of that id, in the subtree of the settings. NOT_FOUND when there is none or more than one,
 * or no subtree is set.
 */
MUST_CHECK enum result company_by_id(struct directory *d, struct arena *a, struct str id,
                                     struct company **out);
/* The company of that entry. NOT_FOUND also for an entry that is no company or lies elsewhere. */
MUST_CHECK enum result company_by_dn(struct directory *d, struct arena *a, struct str dn,
                                     struct company **out);

#endif
