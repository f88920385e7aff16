/* What the caller says, as far as it is believed. */
#ifndef ONEDOOR_ACCESS_BELIEVED_H
#define ONEDOOR_ACCESS_BELIEVED_H

#include "server/access/inquiry.h"

/*
 * Owner and organisation of the resource, by the names that the application's resource type gives them. Left
 * alone when the application is not trusted with that. A resource of the registry is known without it, and
 * the model lets that win.
 */
void believe_resource(const struct inquiry *in, const struct question *q, struct evaluation *out);

/*
 * How the subject signed in. The identity level is that of the person's kind; a trusted caller may say both
 * levels, of several words the lowest counts; an access token, from whomever, is looked up and says both for
 * certain. REFUSED when that token does not hold, is another's, or is none of the caller's business.
 */
MUST_CHECK enum result believe_sign_in(struct inquiry *in, const struct question *q,
                                       const struct subject *subject, struct evaluation *out);

#endif
