/* Who may come into question for a permission: everybody by whom some role with it is held. */
#ifndef ONEDOOR_ACCESS_HOLDERS_H
#define ONEDOOR_ACCESS_HOLDERS_H

#include "directory/model/catalogue.h"

/* A person who is named, or is in a group that is named. */
struct candidate {
    struct dn_key key;
    struct str dn; /* empty for the owner of the resource */
};

struct holders {
    struct candidate *people; /* by key, each once */
    size_t people_count, people_room;
    struct str *organisations; /* paths, sorted, each once: whoever belongs to one of them holds it too */
    size_t organisation_count, organisation_room;
};

/* The resource that is asked about, as far as it is known: then only who can reach it comes into question. */
struct reached {
    struct str client_id, permission; /* "case:approve" */
    struct str organisation;          /* of the resource; empty: not known, so only scope `all` reaches it */
    const struct subject *owner;      /* of the resource; NULL when not known */
    int64_t now;
};

/*
 * More than really may is possible (exclusions, scopes, disabled accounts: each is decided for itself), fewer
 * is not. False when the arena is out of memory.
 */
bool holders_of(const struct model *m, struct arena *a, const struct reached *r, struct holders *out);
bool holders_has_person(const struct holders *h, const struct dn_key *key);
/* The place of that path in organisations, or -1. */
long holders_find_organisation(const struct holders *h, struct str path);

#endif
