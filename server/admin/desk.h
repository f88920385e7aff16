/* One request to the pages of administration: who asks, what they may, and how they are answered. */
#ifndef ONEDOOR_ADMIN_DESK_H
#define ONEDOOR_ADMIN_DESK_H

#include "authn/session.h"
#include "server/admin/change.h"
#include "server/admin/holders.h"
#include "server/http/request.h"
#include "server/http/response.h"

struct desk {
    struct provider *p;
    struct request *req;
    struct response *resp;
    struct arena *a; /* more room than the request's own; what is answered is copied from it */
    struct session *session;
    struct actor actor;
    const struct model *m;
    enum why why;      /* why a form is shown again */
    struct str detail; /* the same, in English */
    const char *kind;  /* of the change that was refused; NULL when not known */
};

/* One address. */
struct page {
    const char *path;
    const char *permission; /* without it the address is not there; NULL: every administrator has it */
    void (*show)(struct desk *d);
    void (*post)(struct desk *d); /* NULL: there is nothing to post */
};

/* A parameter of the address, and a field of the form that was posted. */
struct str desk_param(const struct desk *d, const char *name);
struct str desk_value(const struct desk *d, const char *name);
/* Whether a form is shown again, with what was typed. */
bool desk_is_again(const struct desk *d);
bool desk_may(const struct desk *d, const char *permission);
bool desk_may_everywhere(const struct desk *d, const char *permission);

/* The data of a page, with what its frame needs; NULL (and answered) without memory. */
json_t *desk_data(struct desk *d);
void desk_view(struct desk *d, const char *view, json_t *data);
void desk_not_found(struct desk *d);
void desk_failure(struct desk *d, enum result r);
/* On to an address with one more parameter: message=word. */
void desk_done(struct desk *d, struct str address, const char *message);
/* path?name=value&name=value, encoded; an empty second name is left out. */
struct str desk_address(struct desk *d, const char *path, const char *name, struct str value,
                        const char *name2, struct str value2);

/* A change of that kind, asked for by who asks here. */
struct proposal desk_proposal(struct desk *d, const char *kind, struct str target, json_t *after);
/*
 * Asks for it and answers: on to `address` when it is made, to the change when it waits, `again` with the
 * reason when it is refused.
 */
void desk_ask(struct desk *d, struct proposal *w, struct str address, void (*again)(struct desk *d));
/* Answers for what came of a change. */
void desk_answer(struct desk *d, struct proposal *w, enum result r, struct str address,
                 void (*again)(struct desk *d));

/* A new object in a list, NULL without memory. */
json_t *desk_item(json_t *list);
/* A list under that name; borrowed. */
json_t *desk_list(json_t *data, const char *name);
/* Label in both languages; the Chinese one falls back to the other. */
void desk_label(json_t *item, struct str plain, struct str zh);
/* "2026-11-25 10:21" of the server's own time zone. */
void desk_time(json_t *item, const char *name, int64_t at);
/* What the fields of two objects are: rows of name, before[], after[]; flags as words of admin.choice. */
void desk_rows(struct desk *d, json_t *data, const json_t *before, const json_t *after);
/* A digest of an object, by which a form tells what was shown when it was filled in. */
struct str desk_digest(struct desk *d, const json_t *object);
/* Organisations and groups to choose from. */
void desk_choices(struct desk *d, json_t *data, const char *permission);

extern const struct page admin_page_table[];
extern const size_t admin_page_count;

void page_overview(struct desk *d);
void page_applications(struct desk *d);
void page_application(struct desk *d);
void page_application_post(struct desk *d);
void page_roles(struct desk *d);
void page_role(struct desk *d);
void page_role_post(struct desk *d);
void page_organisations(struct desk *d);
void page_person(struct desk *d);
void page_person_post(struct desk *d);
void page_changes(struct desk *d);
void page_change(struct desk *d);
void page_change_post(struct desk *d);
void page_audit(struct desk *d);

#endif
