/* The pages that people see, as the route table names them. `app` is a struct provider. */
#ifndef ONEDOOR_PAGES_HANDLERS_H
#define ONEDOOR_PAGES_HANDLERS_H

#include "server/http/request.h"
#include "server/http/response.h"

void page_portal(void *app, struct request *req, struct response *resp); /* GET /; quick */
void page_signin(void *app, struct request *req, struct response *resp); /* GET, POST /signin; dir */
void page_otp(void *app, struct request *req, struct response *resp);    /* GET, POST /signin/otp; dir */
void page_recovery(void *app, struct request *req,
                   struct response *resp);                              /* GET, POST /signin/recovery; dir */
void page_enrol(void *app, struct request *req, struct response *resp); /* GET, POST /signin/enrol; dir */
void page_consent(void *app, struct request *req, struct response *resp);  /* GET, POST /consent; dir */
void page_account(void *app, struct request *req, struct response *resp);  /* GET, POST /account; dir */
void page_rights(void *app, struct request *req, struct response *resp);   /* GET /rights; dir */
void page_act(void *app, struct request *req, struct response *resp);      /* GET, POST /signin/act; dir */
void page_mandates(void *app, struct request *req, struct response *resp); /* GET, POST /mandates; dir */
void page_mandate_new(void *app, struct request *req,
                      struct response *resp); /* GET, POST /mandates/new; dir */
void page_signed_out(void *app, struct request *req, struct response *resp); /* GET /signed-out; now */
void page_language(void *app, struct request *req, struct response *resp);   /* GET /language; now */
void page_static(void *app, struct request *req, struct response *resp);     /* GET /static/...; now */

struct pages;
/*
 * Loads templates, message catalogues and static files (compiled into the program). NULL with *why set when
 * one is broken. pages_render is the listener's render hook.
 */
struct pages *pages_new(const char **why);
void pages_free(struct pages *pages);
void pages_render(void *app, const struct request *req, struct response *resp);

#endif
