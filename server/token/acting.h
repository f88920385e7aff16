/*
 * Acting for another: by which mandates a person may act at an application, and whether one still lets them.
 * The tokens' `sub` is then the represented, `act` the person (RFC 8693 section 4.1); the session stays the
 * person's own.
 */
#ifndef ONEDOOR_TOKEN_ACTING_H
#define ONEDOOR_TOKEN_ACTING_H

#include "authn/mandate_edit.h"
#include "server/token/grant.h"
#include "server/token/rights.h"

/* A represented company's kind, as an application's person-kind may name it. */
#define KIND_COMPANY "company"

/* The applications that take mandates, with the permissions that they declare. */
MUST_CHECK enum result acting_places(struct provider *p, struct arena *a, struct mandate_place **out,
                                     size_t *n);

/*
 * The mandates that hold now and that the person of that DN may use at the application, by id; none when it
 * takes none. From memory. UNAVAILABLE while the directory was never read.
 */
MUST_CHECK enum result acting_choices(struct provider *p, struct arena *a, struct str agent_dn,
                                      const struct application *app, const struct mandate ***out, size_t *n);
/*
 * The mandate of that id, if it is one of those and still for that `sub` (empty: for whomever). NOT_FOUND for
 * certain, whatever was wrong; UNAVAILABLE as above.
 */
MUST_CHECK enum result acting_mandate(struct provider *p, struct arena *a, struct str id, struct str agent_dn,
                                      struct str sub, struct str client_id, const struct mandate **out);

/*
 * The represented as the directory says now: a person, or a company as one of kind KIND_COMPANY. NOT_FOUND
 * when they are gone or disabled, or when the mandate's DN and `sub` do not name the same. Waits for LDAP.
 */
MUST_CHECK enum result acting_represented(struct provider *p, struct arena *a, const struct mandate *md,
                                          struct person *out);

/* What follows concerns a grant and its person; without a mandate it is the person who is meant. */

/* Whom the tokens are about: the person, or for whom they act. */
const struct person *acting_subject(const struct grant *g, const struct person *person);
/*
 * Whether the mandate still holds for tokens of that audience. NOT_FOUND when it was ended, is over, no
 * longer covers the application or the audience's application, or names others, and when the represented
 * person was disabled or gone since; what a notice says of them is taken over. Asks memory and Redis alone.
 */
MUST_CHECK enum result acting_holds(struct provider *p, struct arena *a, struct grant *g,
                                    struct str audience);
/* The same, and reads the represented anew. Waits for LDAP. */
MUST_CHECK enum result acting_renew(struct provider *p, struct arena *a, struct grant *g,
                                    const struct person *person);
/* Whose rights a token of that audience tells. */
MUST_CHECK enum result acting_question(struct provider *p, struct arena *a, const struct grant *g,
                                       const struct person *person, struct str audience,
                                       struct rights_question *out);
/*
 * The scopes without those that release addresses: a mandate hands out neither those of the represented, who
 * is not there to be asked, nor those of the person, which are no part of the matter.
 */
struct str acting_scope(struct arena *a, struct str scope);
/* "act": {"sub": the person} (RFC 8693 section 4.1) and "mandate"; nothing in one's own name. False without
 * memory. */
bool acting_put(json_t *out, struct str mandate, struct str actor);

#endif
