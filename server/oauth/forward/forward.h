/*
 * Forward authentication: a proxy asks for each request of an application that knows nothing of OpenID
 * Connect whether its browser is signed in. Onedoor is then the application's client too: it begins the
 * authorization, takes the code back at the application's own host, and keeps a cookie there.
 */
#ifndef ONEDOOR_OAUTH_FORWARD_H
#define ONEDOOR_OAUTH_FORWARD_H

#include "server/token/acting.h"

#include "server/http/request.h"
#include "server/http/response.h"

/* What the path of such an application's redirect address is: the proxy hands all below /.onedoor/ on to us.
 */
#define FORWARD_CALLBACK "/.onedoor/callback"

/* One request that a proxy hands on. */
struct forward {
    struct provider *p;
    struct request *req;
    struct response *resp;
    struct arena *arena;
    const struct application *app;
    struct str redirect_uri; /* the registered one of the host that the browser asked for */
    struct str origin;       /* of that address */
};

/*
 * Reads client_id from the query (the proxy's settings put it there) and the host from X-Forwarded-Host,
 * which must be that of a registered redirect address that ends in FORWARD_CALLBACK. False when answered: an
 * unknown application, one without forward-auth, an unknown host.
 */
bool forward_read(struct forward *f, void *app, struct request *req, struct response *resp,
                  struct str client_id);

/* Plain words for the person, in both languages: pages of ours would miss their style at another host. */
void forward_say(struct forward *f, int status, const char *english, const char *chinese);

/* The cookies of one application; in the arena, NULL without memory. Several may share a host. */
const char *forward_cookie(const struct forward *f);
const char *forward_ticket_cookie(const struct forward *f);

/* The way to sign in, in ticket.c. */

/* Stores where to come back to, sets the ticket's cookie and sends the browser to /authorize. `acr` may be
 * empty. */
void forward_begin(struct forward *f, struct str acr);

struct ticket {
    struct str client_id, redirect_uri, return_to, state, verifier;
};
/* The ticket of the browser's cookie, which is spent by it: NOT_FOUND for a second time. */
MUST_CHECK enum result forward_ticket_take(struct forward *f, struct ticket *out);

/* The sign-in at the application, in entry.c. */

/* Stores the entry that hangs on the grant, and sets the application's cookie. */
MUST_CHECK enum result forward_enter(struct forward *f, const struct grant *g);
/* Who is signed in at the application. */
struct visitor {
    struct grant *grant;
    struct session *session;
    const struct person *person;   /* whom it is about: the person, or for whom they act */
    struct rights_question rights; /* whose rights count */
};
/*
 * Who comes with the browser's cookie: OK only if grant and session live, the mandate that they act by holds,
 * they are still admitted, and the sign-in is as strong as the application asks. NOT_FOUND: to be signed in;
 * REFUSED: not admitted.
 */
MUST_CHECK enum result forward_entry(struct forward *f, struct visitor *out);
/* Ends the application's entry and its grant; OK also when there was none. */
MUST_CHECK enum result forward_leave(struct forward *f);

/*
 * Identity and rights as headers, in headers.c. What is too long is left out whole, and named in
 * Remote-Omitted. 431 when the request's own head leaves no room for them.
 */
void forward_headers(struct forward *f, const struct visitor *v);

#endif
