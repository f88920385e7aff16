/* What the commands of edit.h share. */
#ifndef ONEDOOR_CLIENTS_EDIT_PARTS_H
#define ONEDOOR_CLIENTS_EDIT_PARTS_H

#include "clients/settings.h"

/* Attributes under way to the registry. */
struct change_set {
    struct attribute *v;
    size_t n;
};

/*
 * name=value texts as attributes: one for each setting that is named, in the order of the table; one without
 * values is to be removed. False with *why.
 */
bool gather_changes(struct arena *a, const struct str *settings, size_t n, struct change_set *out,
                    struct str *why);
/* The attribute of that name in the set, or NULL. */
const struct attribute *find_change(const struct change_set *set, const char *attribute);

/* A new secret, and the value that stands for it in the registry: "hash second". False when randomness fails.
 */
bool stored_secret_make(struct arena *a, int64_t now, struct str *secret, struct str *stored);

#endif
