/*
 * The directory's interface in memory, for tests of what stands above it: one person, and a registry of
 * applications and accounts that the test writes down. It takes the place of directory/ at linking.
 */
#ifndef ONEDOOR_TESTS_MEMORY_DIRECTORY_H
#define ONEDOOR_TESTS_MEMORY_DIRECTORY_H

#include "directory/company.h"
#include "directory/person.h"
#include "directory/registry.h"

#include <strings.h>

struct directory {
    bool away;
    struct person *person; /* NULL: gone */
    struct person *other;  /* one more, known by subject; for whom the person may act */
    struct company *company;
    struct entries applications;
    struct entry account; /* of that person; without attributes: there is none */
};

const struct attribute *entry_attribute(const struct entry *e, const char *name)
{
    for (size_t i = 0; i < e->count; i++)
        if (strcasecmp(e->attributes[i].name, name) == 0)
            return &e->attributes[i];
    return NULL;
}

struct str entry_value(const struct entry *e, const char *name)
{
    const struct attribute *attribute = entry_attribute(e, name);
    return attribute && attribute->count > 0 ? attribute->values[0] : STR_EMPTY;
}

enum result person_by_uuid(struct directory *d, struct arena *a, struct str uuid, struct person **out)
{
    if (d->away)
        return RESULT_UNAVAILABLE;
    if (!d->person || !str_eq(d->person->uuid, uuid))
        return RESULT_NOT_FOUND;
    *out = arena_alloc(a, sizeof **out);
    if (!*out)
        return RESULT_INTERNAL;
    **out = *d->person;
    return RESULT_OK;
}

enum result person_by_subject(struct directory *d, struct arena *a, struct str subject, struct person **out)
{
    struct person *all[] = {d->person, d->other};
    for (size_t i = 0; !d->away && i < 2; i++)
        if (all[i] && str_eq(all[i]->subject, subject)) {
            *out = arena_alloc(a, sizeof **out);
            if (!*out)
                return RESULT_INTERNAL;
            **out = *all[i];
            return RESULT_OK;
        }
    return d->away ? RESULT_UNAVAILABLE : RESULT_NOT_FOUND;
}

enum result company_by_dn(struct directory *d, struct arena *a, struct str dn, struct company **out)
{
    (void)a;
    if (d->away || !d->company || !str_eq(d->company->dn, dn))
        return d->away ? RESULT_UNAVAILABLE : RESULT_NOT_FOUND;
    *out = d->company;
    return RESULT_OK;
}

enum result registry_list(struct directory *d, struct arena *a, struct str rdn, const char *filter,
                          struct entries *out)
{
    (void)a, (void)rdn, (void)filter;
    *out = d->applications;
    return d->away ? RESULT_UNAVAILABLE : RESULT_OK;
}

enum result registry_read(struct directory *d, struct arena *a, struct str rdn, struct entry *out)
{
    (void)a, (void)rdn;
    *out = d->account;
    if (d->away)
        return RESULT_UNAVAILABLE;
    return d->account.count > 0 ? RESULT_OK : RESULT_NOT_FOUND;
}

enum result registry_add(struct directory *d, struct str rdn, const struct attribute *attributes, size_t n)
{
    (void)d, (void)rdn, (void)attributes, (void)n;
    return RESULT_INTERNAL;
}

enum result registry_modify(struct directory *d, struct str rdn, const struct change *changes, size_t n)
{
    (void)d, (void)rdn, (void)changes, (void)n;
    return RESULT_INTERNAL;
}

enum result registry_delete(struct directory *d, struct str rdn)
{
    (void)d, (void)rdn;
    return RESULT_INTERNAL;
}

#endif
