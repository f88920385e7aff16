/* Fields of forms: what they accept and what they say, in words of the message catalogues. */
#ifndef ONEDOOR_ADMIN_FORM_H
#define ONEDOOR_ADMIN_FORM_H

#include "server/admin/desk.h"

/* What one kind of form asks for. Its hints are the messages admin.accepted.PREFIX + field. */
struct form {
    const char *kind, *prefix;
    struct fields (*fields)(void);
    struct application_setting id; /* what a new one is called; not among the fields */
};
extern const struct form forms[];
extern const size_t form_count;

/* The form by which a kind of change is asked for; NULL for kinds without. */
const struct form *form_of_kind(const char *kind);
/* A field for _admin_field.html; `words` to choose from, flags always Yes and No. */
void form_field(struct desk *d, json_t *list, const struct form *form, const struct application_setting *s,
                struct str words, struct str value);
/* The field that a refusal's detail begins with, "permission: …" or "name (displayName): …"; NULL for none.
 */
const struct application_setting *form_blamed(const struct form *form, struct str detail);
/* Tells the field that was refused (error_field) and what it accepts (error_hint). */
void form_tell_blamed(struct desk *d, json_t *data);
/* Whether a field of that name is TRUE or FALSE. */
bool form_is_flag(const char *name);
/* The word by which admin.choice calls a value: "yes", "no", or the value itself. */
struct str form_choice(struct str value);

#endif
