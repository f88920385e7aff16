#include "clients/client_auth.h"
#include "clients/edit_parts.h"
#include "server/base/clock.h"

bool stored_secret_make(struct arena *a, int64_t now, struct str *secret, struct str *stored)
{
    struct str hash;
    if (!client_secret_make(a, secret, &hash))
        return false;
    *stored = arena_printf(a, STR_FMT " %lld", STR_ARG(hash), (long long)now);
    return stored->len > 0;
}

/* The second in which a stored secret was made. */
static int64_t made_at(struct str stored)
{
    struct str hash;
    uint64_t seconds = 0;
    if (str_cut(&stored, ' ', &hash))
        (void)str_to_u64(stored, INT64_MAX, &seconds);
    return (int64_t)seconds;
}

static int64_t newest_secret(const struct attribute *hashes)
{
    int64_t newest = -1;
    for (size_t i = 0; hashes && i < hashes->count; i++)
        if (made_at(hashes->values[i]) > newest)
            newest = made_at(hashes->values[i]);
    return newest;
}

enum result application_new_secret(struct directory *d, struct arena *a, struct str client_id,
                                   struct str *secret, struct str *why)
{
    struct entry e;
    *secret = STR_EMPTY;
    enum result r = registry_read(d, a, application_rdn(a, client_id), &e);
    if (r != RESULT_OK)
        return r;
    const struct attribute *hashes = entry_attribute(&e, "onedoorSecretHash");
    *why = STR_EMPTY;
    if (str_eq(entry_value(&e, "onedoorAuthMethod"), STR("none")))
        *why = STR("a public application (method=none) has no secret");
    else if (hashes && hashes->count >= SECRETS_MAX)
        *why = STR("two secrets are valid already: drop the old one first");
    if (why->len > 0)
        return RESULT_REFUSED;

    int64_t now = clock_now(), newest = newest_secret(hashes);
    struct str stored, made;
    if (!stored_secret_make(a, now > newest ? now : newest + 1, &made, &stored))
        return RESULT_INTERNAL;
    struct change add = {CHANGE_ADD, {"onedoorSecretHash", &stored, 1}};
    r = registry_modify(d, application_rdn(a, client_id), &add, 1);
    if (r == RESULT_OK)
        *secret = made;
    return r;
}

enum result application_drop_old_secret(struct directory *d, struct arena *a, struct str client_id)
{
    struct entry e;
    enum result r = registry_read(d, a, application_rdn(a, client_id), &e);
    if (r != RESULT_OK)
        return r;
    const struct attribute *hashes = entry_attribute(&e, "onedoorSecretHash");
    struct change drop = {CHANGE_DELETE, {"onedoorSecretHash", NULL, 0}};
    drop.attribute.values = arena_alloc(a, (hashes ? hashes->count : 0) * sizeof(struct str));
    if (!drop.attribute.values)
        return RESULT_INTERNAL;
    int64_t newest = newest_secret(hashes);
    for (size_t i = 0; hashes && i < hashes->count; i++)
        if (made_at(hashes->values[i]) < newest)
            drop.attribute.values[drop.attribute.count++] = hashes->values[i];
    return drop.attribute.count > 0 ? registry_modify(d, application_rdn(a, client_id), &drop, 1) : RESULT_OK;
}
