/* What the two grants on a person's behalf share: the family of tokens that one authorization gives. */
#ifndef ONEDOOR_OAUTH_FAMILY_H
#define ONEDOOR_OAUTH_FAMILY_H

#include "server/oauth/grants/grants.h"
#include "server/token/lineage.h"

/* The tokens to be made of a grant. */
struct family {
    struct grant *grant;
    struct person person;   /* as the directory says now; set by family_person */
    struct str scope;       /* of the access token: the grant's, or less */
    struct str audience;    /* set by family_audience */
    struct store_puts puts; /* what family_store writes: the tokens, and what is kept of the grant */
};

/*
 * The grant that a code or refresh token comes of, with its person: INVALID_GRANT when it was ended, the
 * session is over, the account is gone or disabled, or the application no longer admits them. What ended for
 * good is ended in the store too.
 */
enum oauth_error family_open(struct token_request *tr, const struct lineage *line, struct family *f);
/*
 * RFC 8707 section 2.2: a resource asked for now must be one that was granted, or, where none was named then,
 * one that the registration allows; else the granted one, else the client itself.
 */
enum oauth_error family_audience(struct token_request *tr, struct family *f);
/* Signs the tokens and puts them into tr->answer. Nothing is to be sent before family_store was FINE. */
enum oauth_error family_issue(struct token_request *tr, struct family *f);
/*
 * Writes the audit line of what is about to be sent, then, in one atomic step, stores the tokens and spends
 * what gave them: the first of `spending` does. INVALID_GRANT when the grant was ended meanwhile, and when it
 * was spent before: then, too, whatever it gave is ended, under that name in the audit log.
 */
enum oauth_error family_store(struct token_request *tr, struct family *f, const struct store_steps *spending,
                              enum audit_event reused);

/* A code or refresh token came a second time: whatever it gave is ended (RFC 9700 section 4.14.2). */
enum oauth_error family_reused(struct token_request *tr, struct str gid, enum audit_event event);

#endif
