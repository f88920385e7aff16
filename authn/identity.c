#include "authn/identity.h"

#include "authn/account_parts.h"
#include "server/base/clock.h"
#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/log.h"

#define ATTRIBUTE_NUMBER "onedoorIdentityNumber"
#define ATTRIBUTE_HASH   "onedoorIdentityHash"

static struct str seal_place(struct arena *a, struct str uuid)
{
    return arena_printf(a, "identity:" STR_FMT, STR_ARG(uuid));
}

/* There are few enough numbers to try them all against a bare hash: hence a MAC. Its key is not in the
 * registry. */
static struct str hash_of(struct authn *au, struct arena *a, enum identity_kind kind, struct str number)
{
    unsigned char mac[DIGEST_SIZE];
    struct str parts[] = {kind == IDENTITY_COMPANY ? STR("company:") : STR("citizen:"), number};
    if (!hmac_sha256(secret_str(au->identity_key), parts, 2, mac))
        return STR_EMPTY;
    return base64url_encode(a, (struct str){(const char *)mac, sizeof mac});
}

/* The number in its one spelling, in the arena, and its hash. */
static enum result prepare(struct authn *au, struct arena *a, enum identity_kind kind, struct str typed,
                           struct str *number, struct str *hash, const char **why)
{
    char text[IDENTITY_NUMBER_LENGTH];
    *why = identity_number_read(kind, typed, clock_now(), text);
    if (*why) {
        wipe(text, sizeof text);
        return RESULT_REFUSED;
    }
    *number = arena_copy(a, (struct str){text, sizeof text});
    wipe(text, sizeof text);
    *hash = hash_of(au, a, kind, *number);
    return number->len > 0 && hash->len > 0 ? RESULT_OK : RESULT_INTERNAL;
}

/* Two accounts of one number are a fault of the registry's that nobody may profit from. */
static enum result find_hash(struct authn *au, struct arena *a, struct str hash, struct str *uuid)
{
    struct entries found;
    struct str filter = arena_printf(a, "(" ATTRIBUTE_HASH "=" STR_FMT ")", STR_ARG(hash));
    enum result r = filter.len > 0 ? registry_list(au->directory, a, STR("ou=accounts"), filter.p, &found)
                                   : RESULT_INTERNAL;
    if (r != RESULT_OK)
        return r;
    if (found.n == 0)
        return RESULT_NOT_FOUND;
    *uuid = entry_value(&found.v[0], "onedoorAccountId");
    if (found.n == 1 && uuid->len > 0)
        return RESULT_OK;
    LOG(LOG_LEVEL_ERROR, "authn.identity_number_twice", LOG_STR("account", *uuid));
    return RESULT_INTERNAL;
}

enum result identity_find(struct authn *au, struct arena *a, enum identity_kind kind, struct str number,
                          struct str *uuid, const char **why)
{
    struct str plain, hash;
    enum result r = prepare(au, a, kind, number, &plain, &hash, why);
    return r == RESULT_OK ? find_hash(au, a, hash, uuid) : r;
}

static enum result keep(struct authn *au, struct arena *a, struct str uuid, struct str sealed,
                        struct str hash)
{
    struct attribute attributes[] = {{ATTRIBUTE_NUMBER, &sealed, 1}, {ATTRIBUTE_HASH, &hash, 1}};
    struct change changes[] = {{CHANGE_REPLACE, attributes[0]}, {CHANGE_REPLACE, attributes[1]}};
    enum result r = registry_modify(au->directory, account_rdn(a, uuid), changes, 2);
    return r == RESULT_NOT_FOUND ? account_create(au, a, uuid, attributes, 2) : r;
}

enum result identity_set(struct authn *au, struct arena *a, struct str uuid, enum identity_kind kind,
                         struct str number, const char **why)
{
    struct str plain, hash, bytes, holder;
    enum result r = prepare(au, a, kind, number, &plain, &hash, why);
    if (r == RESULT_OK)
        r = find_hash(au, a, hash, &holder);
    if (r == RESULT_OK && !str_eq_nocase(holder, uuid))
        return RESULT_USED;
    if (r != RESULT_OK && r != RESULT_NOT_FOUND)
        return r;
    r = seal_close(au->account_seal, a, seal_place(a, uuid), plain, &bytes);
    if (r != RESULT_OK)
        return r;
    struct str sealed = base64url_encode(a, bytes);
    return sealed.len > 0 ? keep(au, a, uuid, sealed, hash) : RESULT_INTERNAL;
}

enum result identity_open(struct authn *au, struct arena *a, struct str uuid, struct str *number)
{
    struct entry e;
    struct str sealed;
    enum result r = registry_read(au->directory, a, account_rdn(a, uuid), &e);
    if (r != RESULT_OK)
        return r;
    struct str kept = entry_value(&e, ATTRIBUTE_NUMBER);
    if (kept.len == 0)
        return RESULT_NOT_FOUND;
    if (base64url_decode(a, kept, &sealed) &&
        seal_open(au->account_seal, a, seal_place(a, uuid), sealed, number) == RESULT_OK)
        return RESULT_OK;
    LOG(LOG_LEVEL_ERROR, "authn.identity_number_unreadable", LOG_STR("account", uuid));
    return RESULT_INTERNAL;
}

enum result identity_forget(struct authn *au, struct arena *a, struct str uuid)
{
    static const struct change changes[] = {{CHANGE_REPLACE, {ATTRIBUTE_NUMBER, NULL, 0}},
                                            {CHANGE_REPLACE, {ATTRIBUTE_HASH, NULL, 0}}};
    enum result r = registry_modify(au->directory, account_rdn(a, uuid), changes, 2);
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}
