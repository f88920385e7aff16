/* One change in the making, and the table of what can be changed. */
#ifndef ONEDOOR_ADMIN_PROPOSAL_H
#define ONEDOOR_ADMIN_PROPOSAL_H

#include "server/admin/actor.h"
#include "server/admin/fields.h"
#include "server/admin/why.h"
#include "server/token/provider.h"

struct proposal;

/*
 * A kind of change. `before` and `after` are objects of fields, or null for "nothing there". Each function
 * gives REFUSED with w->why when what was asked is not acceptable.
 */
struct kind {
    const char *name;       /* "role.assign" */
    const char *permission; /* of "onedoor" */
    bool dangerous;         /* needs a second person unless the settings say otherwise */
    /* Fills in and normalises `after` when a change is asked for; may be NULL. */
    enum result (*complete)(struct proposal *w);
    /* What is there now of what `after` is about, and sets w->seen. */
    enum result (*state)(struct proposal *w, json_t **now);
    /* Whether w->actor may bring `after` about where w->before is. */
    enum result (*check)(struct proposal *w);
    /* Makes it, only while what w->seen says is true: USED otherwise. */
    enum result (*apply)(struct proposal *w);
};

struct proposal {
    struct provider *p;
    struct arena *a;
    const struct model *m;
    const struct actor *actor;
    const struct kind *kind;
    struct str target; /* "permit-hall", "permit-hall/approver", "permit-hall/approver/a-…", a person's sub */
    json_t *before, *after;
    struct entry seen; /* what `state` read; without attributes: nothing there */
    enum why why;
    struct str detail; /* more about why, in English: the value and what is accepted */
    struct str id;     /* of the recorded change */
    struct str secret; /* made by apply: to be shown once */
    bool waits;        /* for a second person */
};

extern const struct kind kinds[];
extern const size_t kind_count;
/* NULL when there is none of that name. */
const struct kind *kind_find(struct str name);
/* Whether a second person is needed, as the setting [admin] second_person says. */
bool kind_needs_second(const struct provider *p, const struct kind *kind);
/* The first word of the setting that names no kind; STR_EMPTY when all do. */
struct str kinds_unknown(struct str setting);
/* What the setting accepts, in words. */
struct str kinds_accepted(struct arena *a);

/* REFUSED, with the reason. */
enum result proposal_refuse(struct proposal *w, enum why why, struct str detail);
/* Reads the entry into w->seen and tells its fields; json null when there is none. */
enum result proposal_state(struct proposal *w, struct str rdn, struct fields f, json_t **now);
/* Makes changes of the entry, or removes it, only while it is as w->seen says. */
enum result proposal_modify(struct proposal *w, struct str rdn, struct fields f,
                            const struct planned_changes *changes);
enum result proposal_delete(struct proposal *w, struct str rdn, struct fields f);
/* The parts of a target between slashes: false unless there are exactly n, none empty. */
bool proposal_target(const struct proposal *w, size_t n, struct str *parts);

/* The functions of the kinds, by file. */
enum result kind_application_complete_add(struct proposal *w);
enum result kind_application_complete_set(struct proposal *w);
enum result kind_application_complete_enable(struct proposal *w);
enum result kind_application_complete_disable(struct proposal *w);
enum result kind_application_complete_secret(struct proposal *w);
enum result kind_application_complete_drop(struct proposal *w);
enum result kind_application_state(struct proposal *w, json_t **now);
enum result kind_application_secret_state(struct proposal *w, json_t **now);
enum result kind_application_check_add(struct proposal *w);
enum result kind_application_check_set(struct proposal *w);
enum result kind_application_check_remove(struct proposal *w);
enum result kind_application_check_secret(struct proposal *w);
enum result kind_application_apply_add(struct proposal *w);
enum result kind_application_apply_set(struct proposal *w);
enum result kind_application_apply_remove(struct proposal *w);
enum result kind_application_apply_secret(struct proposal *w);

enum result kind_role_state(struct proposal *w, json_t **now);
enum result kind_role_check_write(struct proposal *w);
enum result kind_role_check_remove(struct proposal *w);
enum result kind_role_apply_add(struct proposal *w);
enum result kind_role_apply_set(struct proposal *w);
enum result kind_role_apply_remove(struct proposal *w);

enum result kind_assignment_complete(struct proposal *w);
enum result kind_assignment_state(struct proposal *w, json_t **now);
enum result kind_assignment_check_assign(struct proposal *w);
enum result kind_assignment_check_withdraw(struct proposal *w);
enum result kind_assignment_apply_assign(struct proposal *w);
enum result kind_assignment_apply_withdraw(struct proposal *w);

enum result kind_member_complete(struct proposal *w);
enum result kind_member_state(struct proposal *w, json_t **now);
enum result kind_member_check(struct proposal *w);
enum result kind_member_apply(struct proposal *w);

enum result kind_factor_complete(struct proposal *w);
enum result kind_factor_state(struct proposal *w, json_t **now);
enum result kind_factor_check(struct proposal *w);
enum result kind_factor_apply(struct proposal *w);

enum result kind_mandate_complete(struct proposal *w);
enum result kind_mandate_state(struct proposal *w, json_t **now);
enum result kind_mandate_check(struct proposal *w);
enum result kind_mandate_apply(struct proposal *w);

#endif
