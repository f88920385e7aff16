/* Who administers: a signed-in person as the directory says now, or root on the command line. */
#ifndef ONEDOOR_ADMIN_ACTOR_H
#define ONEDOOR_ADMIN_ACTOR_H

#include "directory/model/model.h"

struct actor {
    struct subject subject;
    enum authn_level level; /* how they signed in */
    bool root;              /* on the command line: may everything, and no second person is asked */
    struct str sid, source, reference; /* for the audit log */
};

/* `sub`, or "root". */
struct str actor_name(const struct actor *who);
/* Whether a permission of "onedoor" ("role:assign") is held at all, however far it reaches. */
bool actor_may(const struct model *m, const struct actor *who, const char *permission);
/* Whether it is held with the data scope `all`. */
bool actor_may_everywhere(const struct model *m, const struct actor *who, const char *permission);
/* Whether it reaches the organisation of that path. */
bool actor_may_in(const struct model *m, const struct actor *who, const char *permission, struct str path);
/* Whether it reaches that organisation and all below it. */
bool actor_may_below(const struct model *m, struct arena *a, const struct actor *who, const char *permission,
                     struct str path);
/* Whether any role of "onedoor" is held, whatever the sign-in's strength. False also without memory. */
bool actor_is_administrator(const struct model *m, struct arena *a, const struct subject *subject);

#endif
