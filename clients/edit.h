/* Changing the registered applications: what `onedoor app` does. */
#ifndef ONEDOOR_CLIENTS_EDIT_H
#define ONEDOOR_CLIENTS_EDIT_H

#include "clients/application.h"

/*
 * The settings of an application that can be given as name=value, in the order of `onedoor app show`.
 * One table: command-line name, LDAP attribute, whether it may repeat, help.
 */
struct application_setting {
    const char *name, *attribute;
    bool repeats;
    const char *accepted; /* for help and errors: "https address", "low, substantial or high" */
};
extern const struct application_setting application_settings[];
extern const size_t application_setting_count;

/*
 * Adds an application from settings such as {"redirect-uri=https://a/cb", "name=Portal"}; the whole is
 * validated as application_from_entry does before anything is written. REFUSED with *why; USED when the id is
 * taken. A confidential application's new secret is returned in *secret, and nowhere else ever again.
 */
MUST_CHECK enum result application_add(struct directory *d, struct arena *a, struct str client_id,
                                       const struct str *settings, size_t n, struct str *secret,
                                       struct str *why);
/* Replaces the named settings; `name=` removes one; a repeating one given several times sets all values. */
MUST_CHECK enum result application_set(struct directory *d, struct arena *a, struct str client_id,
                                       const struct str *settings, size_t n, struct str *why);
/*
 * What the two above would write, checked as they check it, and not written: the whole entry without a
 * secret; the changes of the entry that was seen, each setting's old values deleted and its new ones added,
 * so that they are made only while the old ones stand.
 */
MUST_CHECK enum result application_plan_add(struct directory *d, struct arena *a, struct str client_id,
                                            const struct str *settings, size_t n, struct entry *out,
                                            struct str *why);
struct planned_changes {
    struct change *v;
    size_t n;
};
MUST_CHECK enum result application_plan_set(struct directory *d, struct arena *a, const struct entry *seen,
                                            const struct str *settings, size_t n, struct planned_changes *out,
                                            struct str *why);
/* The relative name of an application's entry. */
struct str application_rdn(struct arena *a, struct str client_id);
/* A new secret; the old one stays valid too until `onedoor app secret ID --drop-old`. */
MUST_CHECK enum result application_new_secret(struct directory *d, struct arena *a, struct str client_id,
                                              struct str *secret, struct str *why);
MUST_CHECK enum result application_drop_old_secret(struct directory *d, struct arena *a,
                                                   struct str client_id);
MUST_CHECK enum result application_remove(struct directory *d, struct arena *a, struct str client_id);
/* name=value lines of one application, hashes left out. */
MUST_CHECK enum result application_describe(struct directory *d, struct arena *a, struct str client_id,
                                            struct str *text);

#endif
