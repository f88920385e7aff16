/* What the permission model must know of a person; groups and roles are the model's own knowledge. */
#ifndef ONEDOOR_DIRECTORY_MODEL_SUBJECT_H
#define ONEDOOR_DIRECTORY_MODEL_SUBJECT_H

#include "directory/model/dn_key.h"
#include "directory/person.h"

struct subject {
    struct str id; /* `sub` */
    struct str uuid, kind, mail;
    struct str organisations; /* paths (330102/D0412), space-separated, the primary one first */
    struct dn_key dn;
    int64_t identity_level; /* 1 to 5, of the person alone; 0: that of their kind */
    bool disabled;
};

/* Borrows the person's strings. False when the DN is none. */
bool subject_of_person(const struct person *p, struct subject *out);

#endif
