/* What the three searches share: section 8. Results are what `decide` would allow now. */
#ifndef ONEDOOR_ACCESS_HUNT_H
#define ONEDOOR_ACCESS_HUNT_H

#include "server/access/page.h"
#include "server/access/verdict.h"

struct hunt {
    struct inquiry in;
    struct question q;
    struct page page;
    enum authn_level lacking; /* the sign-in that would have given more results; AUTHN_NONE: none */
    bool over;                /* the page is full, or enough was looked at for one request */
    size_t examined;
};

/* False when the answer stands in resp, or the request moves on. `parts`: see question.h. */
bool hunt_begin(struct hunt *h, void *app, struct request *req, struct response *resp, const char *kind,
                unsigned parts);
/* Whether h->q holds for the party; then it is added as type and id, at that place of the search's order. */
void hunt_examine(struct hunt *h, const struct party *who, struct str type, struct str id, struct str place);
/* The answer, when the search came to its end or the page did; else the failure. */
void hunt_end(struct hunt *h, enum result r);
/* Bytes, as memcmp; the shorter of two that begin alike is the smaller one. */
int hunt_order(struct str a, struct str b);

#endif
