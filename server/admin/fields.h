/* Entries as JSON and back, by a table of fields: what changes say of before and after. */
#ifndef ONEDOOR_ADMIN_FIELDS_H
#define ONEDOOR_ADMIN_FIELDS_H

#include "clients/edit.h"
#include "server/base/json.h"

/* A row is an application_setting: name in the JSON, LDAP attribute, whether it repeats, what it accepts. */
struct fields {
    const struct application_setting *rows;
    size_t n;
};

/*
 * {"name": ["value", …]}, values sorted; a field without a value is null when `only` names it, else left out.
 * With `only` no other field is told. Lives as long as the arena; NULL without memory.
 */
json_t *fields_of_entry(struct arena *a, const struct entry *e, struct fields f, const json_t *only);
/* Sorts the values of every field, each value once: the form in which texts are compared. */
bool fields_sort(json_t *object);
/* The first name that is no field, one value too many, or no array of strings; STR_EMPTY when all fit. */
struct str fields_unfit(const json_t *object, struct fields f);

/* Takes out of two objects what is the same in both. */
void fields_differ(json_t *a, json_t *b);

/* The values of a field; none when it is null or absent. They live as long as the object. */
struct attribute fields_values(struct arena *a, const json_t *object, const char *name);
struct str fields_value(const json_t *object, const char *name);
void fields_put(json_t *object, const char *name, struct str value);

/* The entry with every field that it has not, as registry_modify_seen takes it. False without memory. */
bool fields_seen(struct arena *a, const struct entry *e, struct fields f, struct entry *out);
/* What leads from the entry that was seen to the object: old values deleted, new ones added. */
bool fields_changes(struct arena *a, const struct entry *seen, const json_t *after, struct fields f,
                    struct planned_changes *out);
/* The attributes of a new entry, with room for `more`. False without memory. */
bool fields_attributes(struct arena *a, const json_t *after, struct fields f, size_t more, struct entry *out);
/* "name=value" texts, as clients/edit.h takes them. NULL without memory. */
const struct str *fields_texts(struct arena *a, const json_t *after, size_t *n);

#endif
