/* Mandates: one acts for another. Granted, confirmed by the agent, narrowed, with an end; live like the rest.
 */
#ifndef ONEDOOR_DIRECTORY_MODEL_MANDATE_H
#define ONEDOOR_DIRECTORY_MODEL_MANDATE_H

#include "directory/model/model.h"

enum mandate_state { MANDATE_GRANTED, MANDATE_CONFIRMED, MANDATE_ENDED };
enum mandate_kind {
    MANDATE_COMPANY,  /* a legal person acts through its agent */
    MANDATE_GUARDIAN, /* a parent for a child */
    MANDATE_DEPUTY    /* an official for another: never more than the represented may themselves */
};

struct mandate {
    struct str id; /* of the entry: cn */
    enum mandate_kind kind;
    enum mandate_state state;
    struct str represented_dn, agent_dn;
    struct dn_key represented, agent;
    struct str represented_sub, represented_name; /* `sub` in tokens, and what pages show */
    struct words applications;                    /* client_ids; empty: every one that takes mandates */
    struct words permissions; /* "case:approve"; empty: all (for a deputy: all that the represented has) */
    int64_t from, until;      /* Unix seconds; from 0: at once; there is always an end */
};

/* NULL when there is none of that id. */
const struct mandate *model_mandate(const struct model *m, struct str id);
/* Whether it is confirmed and within its period. */
bool mandate_holds(const struct mandate *md, int64_t now);
/* Whether it may be used at that application. */
bool mandate_covers(const struct mandate *md, struct str client_id);
/* Whether it is not narrowed to other permissions than this one. */
struct permission;
bool mandate_permits(const struct mandate *md, const struct permission *p);
/* Those in which the DN is the agent, or the represented; in any state, by id. */
bool model_mandates_of_agent(const struct model *m, struct arena *a, const struct dn_key *agent,
                             const struct mandate *const **out, size_t *n);
bool model_mandates_of_represented(const struct model *m, struct arena *a, const struct dn_key *represented,
                                   const struct mandate *const **out, size_t *n);

#endif
