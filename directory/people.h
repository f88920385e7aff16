/* People by where they stand: for lists of who holds what. Only read. */
#ifndef ONEDOOR_DIRECTORY_PEOPLE_H
#define ONEDOOR_DIRECTORY_PEOPLE_H

#include "directory/person.h"

/* The person of that entry. NOT_FOUND also for an entry that is no person, or lies elsewhere. */
MUST_CHECK enum result person_by_dn(struct directory *d, struct arena *a, struct str dn, struct person **out);

/* The one person of that mail address. NOT_FOUND when nobody or more than one has it. */
MUST_CHECK enum result person_by_mail(struct directory *d, struct arena *a, struct str mail,
                                      struct person **out);

struct people {
    struct person **v;
    size_t n;
};
/*
 * Everybody with that path among their organisations, in no order; who lacks a uuid or a subject is left out
 * (and logged). The server's account needs a size limit that lets it see them all.
 */
MUST_CHECK enum result people_of_organisation(struct directory *d, struct arena *a, struct str path,
                                              struct people *out);

#endif
