/* One visit of a page: who is there, which sign-in is under way, and where to go from here. */
#ifndef ONEDOOR_PAGES_VISIT_H
#define ONEDOOR_PAGES_VISIT_H

#include "authn/flow.h"
#include "server/pages/pages.h"

struct visit {
    struct provider *p;
    struct authn *au;
    struct arena *arena;
    struct request *req;
    struct response *resp;
    struct session *session; /* NULL: nobody is signed in here */
    struct transaction *t;   /* set by visit_transaction */
};

/* Each function below that gives bool has answered the request when it gives false. */

/* Refuses parameters that come twice, and finds the session. */
bool visit_begin(struct visit *v, void *app, struct request *req, struct response *resp);
/*
 * Finds the sign-in that parameter `t` names (of the form for a post, else of the query), begun in this
 * browser. A post must come from our own page and carry the sign-in's csrf value.
 */
bool visit_transaction(struct visit *v);
/* Whether a post comes from our own page: Origin, Sec-Fetch-Site, and the csrf field equal to that value. */
bool visit_form_is_ours(struct visit *v, struct str csrf);
/* Whether who is signed in is who signed in in this very sign-in; sends the browser to sign in otherwise. */
bool visit_signed_in(struct visit *v);
/*
 * Whether somebody is signed in, for a page of ours at that path; their person is then what the directory
 * says now. Sends the browser to sign in otherwise.
 */
bool visit_person(struct visit *v, struct str path);
/* Whether the sign-in stands at that step; sends the browser to where it stands otherwise. */
bool visit_at_step(struct visit *v, enum flow_step step);

/* Answers: begins a sign-in for a page of ours, and sends the browser there. */
void visit_sign_in(struct visit *v, struct str return_to, enum authn_level needed, bool reauthenticate);
/* Answers: on to where the sign-in came from. */
void visit_return(struct visit *v);
/* That address, in the arena. */
struct str visit_return_uri(const struct visit *v);
/* Answers: an error page with a key of the catalogue (problem.title.*, problem.text.*). */
void visit_error(struct visit *v, int status, const char *problem);
/* Answers: a view of the sign-in under way, with its t and csrf, and CSP for what follows the post. */
void visit_view(struct visit *v, int status, const char *view, json_t *data);

/* What a form says when it is shown again. */
struct form_error {
    const char *word; /* NULL, "wrong", "empty", "braked" */
    int64_t retry_after;
};
/* Whether the form is to be shown again, with *error; what else came of the step is answered, cookies set. */
bool visit_shows_form_again(struct visit *v, enum flow_outcome outcome, const struct flow_grant *grant,
                            struct form_error *error);
/* Sets the cookies of a finished sign-in. */
void visit_set_cookies(struct visit *v, const struct flow_grant *grant);
/* Puts the error into the data; the status to answer with. Braked ones get their Retry-After with visit_view.
 */
int form_error_put(struct visit *v, const struct form_error *error, json_t *data);

struct flow_request visit_flow_request(const struct visit *v);
/* The application's name or description in the request's language. */
struct str visit_words(const struct visit *v, struct str plain, struct str zh);
/* The scope that the application asked for; empty for a sign-in of our own. */
struct str visit_asked_scope(const struct visit *v);
/* Any other parameter of its request that was kept. */
struct str visit_asked(const struct visit *v, const char *name);
/* Space-separated words, each once, as an array for a template. */
json_t *visit_word_list(struct str words);
/* The day on which that moment (Unix seconds) lies where the server stands: "2027-12-31". */
struct str visit_day(const struct visit *v, int64_t at);
/* Tells the frame of signed-in pages whether the person administers, as far as it is known without asking. */
void visit_put_administers(const struct visit *v, json_t *data);
/* The person's name for a greeting. */
struct str visit_person_name(const struct person *person);

#endif
