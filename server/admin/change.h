/*
 * Changes as they are recorded in ou=changes of the registry: asked for, perhaps approved by a second person,
 * and made once.
 */
#ifndef ONEDOOR_ADMIN_CHANGE_H
#define ONEDOOR_ADMIN_CHANGE_H

#include "server/admin/proposal.h"

/* enum, word in the registry */
#define CHANGE_STATES(X)                                                                                     \
    X(WAITING, "waiting")   /* for a second person */                                                        \
    X(APPLYING, "applying") /* begun; when a server dies here, the next approval finds out what is true */   \
    X(DONE, "done")                                                                                          \
    X(REFUSED, "refused")     /* by the second person */                                                     \
    X(WITHDRAWN, "withdrawn") /* by the first */                                                             \
    X(OVERTAKEN, "overtaken") /* the state before was not true any more */                                   \
    X(FAILED, "failed")       /* was not acceptable any more */                                              \
    X(EXPIRED, "expired")

enum change_state {
#define X(name, word) CHANGE_##name,
    CHANGE_STATES(X)
#undef X
        CHANGE_STATE_COUNT
};
const char *change_state_word(enum change_state s);

struct recorded {
    struct str id;
    const struct kind *kind; /* NULL: of another release */
    struct str kind_name;
    enum change_state state;   /* a waiting one that is too old reads as expired */
    struct str by, decided_by; /* `sub`, or "root" */
    struct str target, before, after;
    int64_t time;
    bool under_way; /* APPLYING, and begun so lately that a server may be at it */
};

/*
 * Asks for a change: kind, target and after are set in w. OK when it is made, or waits (w->waits) for a
 * second person; REFUSED with w->why; USED when another change came first. Nothing is made without its record
 * and its audit line.
 */
MUST_CHECK enum result change_ask(struct proposal *w);
/*
 * A second person, w->actor, approves: it is made when what was before is still true, who asked still may,
 * and the second may too. USED when it was overtaken or decided meanwhile.
 */
MUST_CHECK enum result change_approve(struct proposal *w, struct live *live, struct str id);
/*
 * The second person refuses it, or the first withdraws it. A second person is one who holds the kind's
 * permission everywhere, not in some organisations only.
 */
MUST_CHECK enum result change_turn_down(struct proposal *w, struct str id);
/* Whether the actor may see the change: it is theirs, or they may decide it, or they review all. */
bool change_visible(const struct model *m, const struct actor *who, const struct recorded *c);

/* NOT_FOUND when there is none of that id. */
MUST_CHECK enum result change_find(struct provider *p, struct arena *a, struct str id, struct recorded *out);
/* Those that wait, or (all) those asked for in [from, to), newest first. */
MUST_CHECK enum result change_list_waiting(struct provider *p, struct arena *a, struct recorded **out,
                                           size_t *n);
MUST_CHECK enum result change_list(struct provider *p, struct arena *a, int64_t from, int64_t to,
                                   struct recorded **out, size_t *n);

/*
 * For `onedoor app`, which changes by itself: notes what is there, and afterwards records and audits what has
 * become of it. w->actor is root; kind and target are set.
 */
MUST_CHECK enum result change_note_before(struct proposal *w);
MUST_CHECK enum result change_note_after(struct proposal *w);

#endif
