/* Everything that a subject is: themselves, their organisations and what lies above, their groups. */
#ifndef ONEDOOR_DIRECTORY_MODEL_WALK_H
#define ONEDOOR_DIRECTORY_MODEL_WALK_H

#include "directory/model/snapshot.h"

enum holder_kind { HOLDER_SUBJECT, HOLDER_ORGANISATION, HOLDER_GROUP };

struct holder {
    enum holder_kind kind;
    uint32_t number; /* of the organisation or group */
    struct run held; /* within by_holder.values */
};

struct walk {
    const struct model *m;
    const struct subject *subject;
    bool begun;
    struct str organisations, path; /* paths not yet come to; what is left of the present one */
    struct run groups;              /* direct ones of the present key, not yet come to */
    struct above above;             /* those above the last direct one, not yet come to */
};

void walk_begin(struct walk *w, const struct model *m, const struct subject *subject);
/* The next one; the same group may come more than once, by several ways. */
bool walk_next(struct walk *w, struct holder *out);
/* "subject", or the path of the organisation or group. */
struct str holder_name(const struct model *m, const struct holder *h);

#endif
