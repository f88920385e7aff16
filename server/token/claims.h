/* Which claims which scope releases, from one table; values from the person's entry. */
#ifndef ONEDOOR_TOKEN_CLAIMS_H
#define ONEDOOR_TOKEN_CLAIMS_H

#include "server/token/grant.h"

/*
 * Puts the claims of the person's entry that the scopes release (profile, email, phone) into the object. What
 * roles, groups and organisation release stands in rights.h.
 */
void claims_for_scope(const struct person *person, struct str scope, json_t *out);
/* acr, amr, auth_time, authn_level, identity_level. */
void claims_of_sign_in(const struct provider *p, const struct person *person, enum authn_level level,
                       struct str amr, int64_t auth_time, json_t *out);
/* The identity level of a kind of person, from the settings' table; 0 when none is named. */
int64_t identity_level(const struct provider *p, struct str kind);
/* That of a person: their own, as the directory says it of them alone, or else that of their kind. */
int64_t identity_level_of(const struct provider *p, struct str kind, int64_t own);
/* Space-separated scopes that the server knows, and the claims they release, for discovery. */
struct str claims_scopes_supported(void);
void claims_supported(json_t *array);
/* Whether every word of scope is known; and what the scope releases, in words for the consent page: msgid's.
 */
bool claims_scope_known(struct str word);

#endif
