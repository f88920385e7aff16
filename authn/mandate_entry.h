/* Mandates as entries of the registry, read when they are to be shown or changed; what holds is told by the
 * model. */
#ifndef ONEDOOR_AUTHN_MANDATE_ENTRY_H
#define ONEDOOR_AUTHN_MANDATE_ENTRY_H

#include "authn/authn.h"
#include "directory/model/mandate.h"
#include "directory/registry.h"

struct mandate_entry {
    struct mandate md;
    struct str agent_name; /* as it was when it was granted */
    struct words history;
};

struct mandate_entries {
    struct mandate_entry *v;
    size_t n;
};

/* "company", "granted": as they stand in the registry; and back, false for any other. */
const char *mandate_kind_word(enum mandate_kind kind);
const char *mandate_state_word(enum mandate_state state);
bool mandate_kind_of_word(struct str word, enum mandate_kind *out);

/*
 * Whether it is the mandate of a company's representative, who may appoint agents for it and end what they
 * were given: it names Onedoor itself as application and this permission.
 */
#define MANDATE_APPOINT "mandate:appoint"
bool mandate_appoints(const struct mandate *md);

/* NOT_FOUND also for an entry that is no valid mandate. */
MUST_CHECK enum result mandate_read(struct authn *au, struct arena *a, struct str id,
                                    struct mandate_entry *out);
/* All, or those that name the DN as agent, or as represented; by id. Entries that are not valid are left out.
 */
enum mandate_side { MANDATE_AGENT, MANDATE_REPRESENTED, MANDATE_ADMINISTRATOR };
MUST_CHECK enum result mandate_list(struct authn *au, struct arena *a, enum mandate_side side, struct str dn,
                                    struct mandate_entries *out);

#endif
