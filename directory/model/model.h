/*
 * The permission model: organisations, groups, applications' permissions, roles, who holds them, resources
 * and mandates, compiled from the directory into one unchanging snapshot. Every question is answered from
 * memory; nothing here waits, locks or allocates but from the arena that is given.
 */
#ifndef ONEDOOR_DIRECTORY_MODEL_MODEL_H
#define ONEDOOR_DIRECTORY_MODEL_MODEL_H

#include "directory/model/scope.h"
#include "directory/model/subject.h"
#include "server/base/acr.h"

struct model;

struct words {
    struct str *v;
    size_t n;
};

/*
 * Why a decision is what it is. enum, the code that logs and `reason_admin` name, in words.
 * The first row is the only one that allows.
 */
#define DECISION_REASONS(X)                                                                                  \
    X(ALLOWED, "P-00", "a role that holds allows it")                                                        \
    X(UNKNOWN_APPLICATION, "P-10", "no such application is registered and enabled")                          \
    X(UNKNOWN_PERMISSION, "P-11", "the application declares no such permission")                             \
    X(UNKNOWN_SUBJECT, "P-12", "there is no such person")                                                    \
    X(DISABLED, "P-13", "the account is disabled")                                                           \
    X(NO_ROLE, "P-14", "no role that the subject holds has the permission")                                  \
    X(PERIOD, "P-15", "the role is not valid at this time")                                                  \
    X(EXCLUDED, "P-16", "the subject holds two roles that exclude each other, so neither counts")            \
    X(SCOPE, "P-17", "the resource is outside the data scope of the role")                                   \
    X(PROPERTIES, "P-18", "the resource's owner or organisation is not known, so its scope cannot be told")  \
    X(ASSURANCE, "P-19", "the sign-in is too weak for the permission")                                       \
    X(IDENTITY, "P-20", "the person is not identified well enough for the permission")                       \
    X(MANDATE, "P-21", "the mandate does not cover it, or does not hold")                                    \
    X(SIGN_IN, "P-22", "the access token given as proof of the sign-in does not hold, or is another's")

enum decision_reason {
#define X(name, code, text) REASON_##name,
    DECISION_REASONS(X)
#undef X
        REASON_COUNT
};
const char *reason_code(enum decision_reason r);
const char *reason_text(enum decision_reason r);

/* A mandate as an evaluation names it: see mandate.h of this folder. */
struct mandate;

struct evaluation {
    struct str client_id;             /* whose permission */
    struct str resource_type, action; /* "case", "approve" */
    struct str resource_id;           /* may be empty: then the type as a whole */
    const struct subject *subject;    /* who, or who is represented; NULL: a represented company */
    const struct mandate *mandate;    /* NULL: in one's own name */
    /* Who acts by the mandate: what they hold may exclude what they deputise for. NULL: what they hold
     * themselves and by groups is known from the mandate, what their organisations hold is not. */
    const struct subject *agent;
    enum authn_level level; /* how they signed in; AUTHN_NONE: not known */
    int64_t identity_level; /* 0: not known */
    /* What a trusted caller said of the resource; a resource of the registry is known without it. */
    struct str owner, organisation;
    int64_t now; /* Unix seconds */
};

struct decision {
    enum decision_reason reason; /* REASON_ALLOWED: yes */
    struct str role;             /* the role that allowed it, or came nearest; may be empty */
    struct str holder;           /* by what it is held: "subject", the group's or organisation's path, or the
                                    mandate's id */
    enum data_scope scope;       /* of that role's assignment */
    enum authn_level needed_level;
    int64_t needed_identity;
};

/* What is in the answer is borrowed from the model and the evaluation. */
void model_decide(const struct model *m, const struct evaluation *q, struct decision *out);

/* What a person may at one application, as tokens tell it. */
struct type_scope {
    struct str resource_type;
    enum data_scope scope;      /* the widest one */
    struct words organisations; /* for SCOPE_LISTED and SCOPE_LISTED_AND_BELOW */
};
struct rights {
    struct words roles;         /* names, sorted */
    struct words groups;        /* paths of those by which the roles are held, sorted */
    struct words entitlements;  /* "case:approve", sorted */
    struct words organisations; /* the subject's own, the primary one first */
    struct type_scope *scopes;  /* by resource type */
    size_t scope_count;
};
/*
 * Only what concerns that application. `subject` and `mandate` as in an evaluation. False when the arena is
 * out of memory.
 */
bool model_rights(const struct model *m, struct arena *a, struct str client_id, const struct subject *subject,
                  const struct mandate *mandate, int64_t now, struct rights *out);

/* Whether the subject is in that group, itself or through groups in it. */
bool model_in_group(const struct model *m, const struct subject *subject, struct str group_dn);
/* Paths of all groups that the subject is in, for logs and pages. False when the arena is out of memory. */
bool model_groups(const struct model *m, struct arena *a, const struct subject *subject, struct words *out);

struct organisation {
    struct str path, name, name_en; /* "330102/D0412", description, description;lang-en */
    struct str dn;
    struct str parent; /* path; empty at the top */
};
/* NULL when there is none of that path. */
const struct organisation *model_organisation(const struct model *m, struct str path);
/* The same by DN, however it is written. */
const struct organisation *model_organisation_of_dn(const struct model *m, struct str dn);
/* Whether `path` is `top` or lies below it. */
bool model_is_below(const struct model *m, struct str path, struct str top);
/* The organisations right below `path` (empty: the top ones), by path. */
bool model_organisations_below(const struct model *m, struct arena *a, struct str path,
                               const struct organisation *const **out, size_t *n);

/* The next second, later than `now`, from which on some answer may be another because a period begins or
 * ends. */
int64_t model_next_change(const struct model *m, int64_t now);

struct model_size {
    size_t organisations, groups, memberships, applications, permissions, roles, assignments, resources,
        mandates;
    size_t bytes; /* of the snapshot */
};
struct model_size model_size(const struct model *m);

#endif
