/* What the pages of mandates share. */
#ifndef ONEDOOR_PAGES_MANDATE_LOOK_H
#define ONEDOOR_PAGES_MANDATE_LOOK_H

#include "authn/mandate_edit.h"
#include "server/pages/visit.h"

/* Confirmed and within its period, as its entry says. */
bool mandate_entry_holds(const struct mandate *md);
/* Who is signed in, as agent, for the history and the audit log. */
struct mandate_actor mandate_actor_of(const struct visit *v);
/* The mandate by which who is signed in represents that company. NOT_FOUND when there is none that holds. */
MUST_CHECK enum result mandate_representative(struct visit *v, const struct dn_key *company,
                                              struct mandate_entry *out);
/* The same by the mandate's id. */
MUST_CHECK enum result mandate_representative_by_id(struct visit *v, struct str id,
                                                    struct mandate_entry *out);
/* Where one is given for that company; for the person themselves when `appoint` is NULL. */
struct str mandate_new_uri(struct visit *v, const struct mandate *appoint);
/* One mandate for a template: who stands on the other side, where and until when it may be used. */
json_t *mandate_item(struct visit *v, const struct mandate_entry *e, enum mandate_side side);

#endif
