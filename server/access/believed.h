/* What a trusted caller says. */
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
 * How the subject signed in, by `acr` of the subject's properties and of the context, and `authn_level`: of
 * several the lowest counts, and a word that is no level is none. `identity_level` replaces the one that is
 * there.
 */
void believe_sign_in(const struct question *q, enum authn_level *level, int64_t *identity_level);

#endif
