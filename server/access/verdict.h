/* From a question to a decision. */
#ifndef ONEDOOR_ACCESS_VERDICT_H
#define ONEDOOR_ACCESS_VERDICT_H

#include "server/access/party.h"

/* The resource of a question, as far as the caller is believed; the party is still missing. */
struct evaluation evaluation_of(const struct inquiry *in, const struct question *q);
/* The decision for a party. */
void decide_for(const struct inquiry *in, const struct question *q, const struct party *who,
                struct decision *out);
/* The same for whom the question names. UNAVAILABLE or INTERNAL when there is none, which is never a denial.
 */
MUST_CHECK enum result decide(struct inquiry *in, const struct question *q, struct decision *out);

#endif
