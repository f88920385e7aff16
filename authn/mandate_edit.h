/*
 * Granting, confirming and ending mandates: each a compare-and-swap of the entry, written into its history
 * and, before that, into the audit log. Who acts by a mandate cannot pass it on: a mandate is granted by the
 * represented themselves, by a company's representative, or at the counter, and gives what the represented
 * has by their own right.
 */
#ifndef ONEDOOR_AUTHN_MANDATE_EDIT_H
#define ONEDOOR_AUTHN_MANDATE_EDIT_H

#include "authn/mandate_entry.h"

/* Who makes the change, and by what right: the side's DN must be the entry's. */
struct mandate_actor {
    enum mandate_side side;
    struct str dn;      /* of the side; empty for the administrator */
    struct str subject; /* who is signed in; empty at the counter */
    struct str sid, source, reference;
};

struct mandate_party {
    struct str dn, subject, name;
};

/* Where it may be used: an application that takes mandates, with the permissions that it declares. */
struct mandate_place {
    struct str client_id;
    struct words permissions; /* "case:approve" */
};

struct mandate_wish {
    enum mandate_kind kind;
    struct mandate_party represented, agent;
    struct words applications, permissions; /* empty: all that take mandates; all that they declare */
    int64_t until;
    bool appoints;  /* of a company's representative: at the counter only */
    bool confirmed; /* the agent's word is known already: at the counter only */
};

/* What can be wrong with a wish: a word for pages, a text for the command line. */
#define MANDATE_FAULTS(X)                                                                                    \
    X(NONE, "none", "nothing")                                                                               \
    X(SAME, "same", "the agent is the represented")                                                          \
    X(END, "end", "the end must lie in the future, at most a year ahead for a deputy, three for others")     \
    X(APPLICATION, "application", "an application is not registered, or takes no mandates")                  \
    X(PERMISSION, "permission", "a permission is declared by none of the applications")                      \
    X(RIGHT, "right", "whoever asks may not grant this")                                                     \
    X(MANY, "many", "the represented has given as many mandates as may stand open at once")

enum mandate_fault {
#define X(name, word, text) MANDATE_FAULT_##name,
    MANDATE_FAULTS(X)
#undef X
        MANDATE_FAULT_COUNT
};
const char *mandate_fault_word(enum mandate_fault f);
const char *mandate_fault_text(enum mandate_fault f);

/* "2027-12-31": its last second where the server stands. False for anything else. */
bool mandate_day(struct str date, int64_t *end);

/* *id is the new mandate's. REFUSED with *fault. Both parties are known to exist. */
MUST_CHECK enum result mandate_grant(struct authn *au, struct arena *a, const struct mandate_actor *by,
                                     const struct mandate_wish *wish, const struct mandate_place *places,
                                     size_t place_count, struct str *id, enum mandate_fault *fault);
/* By the agent. REFUSED when it is not theirs, not waiting, or over; USED when another change came between.
 */
MUST_CHECK enum result mandate_confirm(struct authn *au, struct arena *a, const struct mandate_actor *by,
                                       struct str id);
/* By either side (declining is ending), or the administrator. OK also when it was ended already. */
MUST_CHECK enum result mandate_end(struct authn *au, struct arena *a, const struct mandate_actor *by,
                                   struct str id);

#endif
