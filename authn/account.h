/* What Onedoor keeps about a person's sign-in, in ou=accounts of the registry, by the person's uuid. */
#ifndef ONEDOOR_AUTHN_ACCOUNT_H
#define ONEDOOR_AUTHN_ACCOUNT_H

#include "authn/authn.h"
#include "directory/registry.h"

struct consent {
    struct str client_id;
    struct str scope; /* space-separated */
};

struct account {
    struct str uuid;
    bool has_totp;
    struct str totp_seed;   /* raw bytes in the arena, wiped with it */
    struct str stored_seed; /* as the registry has it, for the compare-and-swap */
    size_t recovery_codes_left;
    struct consent *consents;
    size_t consent_count;
};

/* An account without an entry is an empty account, and OK. */
MUST_CHECK enum result account_read(struct authn *au, struct arena *a, struct str uuid, struct account *out);

/*
 * Enrols (or replaces) the seed, and makes ten recovery codes, of which only hashes are kept; *codes (10, in
 * the arena) are shown once. `expected_seed` is what account_read gave: USED when another enrolled meanwhile.
 */
enum { RECOVERY_CODES = 10 };
MUST_CHECK enum result account_enrol_totp(struct authn *au, struct arena *a, const struct account *expected,
                                          struct str seed, struct str codes[RECOVERY_CODES]);
MUST_CHECK enum result account_remove_totp(struct authn *au, struct arena *a, struct str uuid);
/* Removes the code's hash in one atomic step: OK for one caller, REFUSED for a code that is not there. */
MUST_CHECK enum result account_spend_recovery_code(struct authn *au, struct arena *a, struct str uuid,
                                                   struct str code);

/* Whether all words of scope were allowed to that application before. */
bool account_has_consent(const struct account *acc, struct str client_id, struct str scope);
/* Remembers; words add up. */
MUST_CHECK enum result account_give_consent(struct authn *au, struct arena *a, struct str uuid,
                                            struct str client_id, struct str scope);
MUST_CHECK enum result account_forget_consent(struct authn *au, struct arena *a, struct str uuid,
                                              struct str client_id);

#endif
