/* What account.c, recovery.c and consent.c share. */
#ifndef ONEDOOR_AUTHN_ACCOUNT_PARTS_H
#define ONEDOOR_AUTHN_ACCOUNT_PARTS_H

#include "authn/account.h"

#define ATTRIBUTE_SEED     "onedoorTotpSeed"
#define ATTRIBUTE_RECOVERY "onedoorRecoveryCode"
#define ATTRIBUTE_SINCE    "onedoorSecondFactorSince"
#define ATTRIBUTE_CONSENT  "onedoorConsentGiven"

/* How often a change is tried again when another server changed the same entry in between. */
enum { ACCOUNT_TRIES = 4 };

/* The relative name of a person's entry; STR_EMPTY when there is no memory. */
struct str account_rdn(struct arena *a, struct str uuid);
/* Makes the entry with these attributes beside objectClass and id; at most eight. USED when it is there. */
MUST_CHECK enum result account_create(struct authn *au, struct arena *a, struct str uuid,
                                      const struct attribute *attributes, size_t n);

/* "XXXXX-XXXXX" in an alphabet without I, L, O and U: 50 random bits. STR_EMPTY when that fails. */
struct str recovery_code_make(struct arena *a);
/* What is kept of it: a MAC bound to the person. False when the text can't be a recovery code. */
bool recovery_code_hash(struct authn *au, struct arena *a, struct str uuid, struct str code,
                        struct str *hash);

#endif
