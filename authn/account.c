#include "authn/account_parts.h"
#include "server/base/clock.h"
#include "server/base/encode.h"
#include "server/base/log.h"

#include <string.h>

enum { ATTRIBUTES_MAX = 8 };

struct str account_rdn(struct arena *a, struct str uuid)
{
    struct str escaped = dn_escape(a, uuid);
    return arena_printf(a, "onedoorAccountId=" STR_FMT ",ou=accounts", STR_ARG(escaped));
}

enum result account_create(struct authn *au, struct arena *a, struct str uuid,
                           const struct attribute *attributes, size_t n)
{
    struct str class = STR("onedoorAccount"), rdn = account_rdn(a, uuid);
    struct attribute all[ATTRIBUTES_MAX + 2] = {{"objectClass", &class, 1}, {"onedoorAccountId", &uuid, 1}};
    if (n > ATTRIBUTES_MAX || rdn.len == 0)
        return RESULT_INTERNAL;
    memcpy(all + 2, attributes, n * sizeof *attributes);
    return registry_add(au->directory, rdn, all, n + 2);
}

static struct str seed_place(struct arena *a, struct str uuid)
{
    return arena_printf(a, "totp:" STR_FMT, STR_ARG(uuid));
}

/* A seed that does not open is a failure, never an account without one. */
static enum result read_seed(struct authn *au, struct arena *a, const struct entry *e, struct account *out)
{
    const struct attribute *at = entry_attribute(e, ATTRIBUTE_SEED);
    struct str sealed;
    if (!at || at->count == 0)
        return RESULT_OK;
    out->has_totp = true;
    out->stored_seed = at->values[0];
    if (at->count == 1 && base64url_decode(a, at->values[0], &sealed) &&
        seal_open(au->account_seal, a, seed_place(a, out->uuid), sealed, &out->totp_seed) == RESULT_OK)
        return RESULT_OK;
    LOG(LOG_LEVEL_ERROR, "authn.seed_unreadable", LOG_STR("account", out->uuid));
    return RESULT_INTERNAL;
}

static enum result read_consents(struct arena *a, const struct entry *e, struct account *out)
{
    const struct attribute *at = entry_attribute(e, ATTRIBUTE_CONSENT);
    size_t n = at ? at->count : 0;
    out->consents = arena_alloc(a, n * sizeof *out->consents);
    if (!out->consents)
        return RESULT_INTERNAL;
    for (size_t i = 0; i < n; i++) {
        struct consent *c = &out->consents[out->consent_count];
        c->scope = at->values[i];
        out->consent_count += str_cut(&c->scope, ' ', &c->client_id);
    }
    return RESULT_OK;
}

enum result account_read(struct authn *au, struct arena *a, struct str uuid, struct account *out)
{
    struct entry e;
    *out = (struct account){.uuid = uuid};
    struct str rdn = account_rdn(a, uuid);
    if (uuid.len == 0 || rdn.len == 0)
        return RESULT_INTERNAL;
    enum result r = registry_read(au->directory, a, rdn, &e);
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? RESULT_OK : r;
    const struct attribute *codes = entry_attribute(&e, ATTRIBUTE_RECOVERY);
    out->recovery_codes_left = codes ? codes->count : 0;
    r = read_seed(au, a, &e, out);
    return r == RESULT_OK ? read_consents(a, &e, out) : r;
}

/* What an enrolment writes. */
struct enrolment {
    struct str seed, since, hashes[RECOVERY_CODES];
};

static bool prepare(struct authn *au, struct arena *a, struct str uuid, struct str seed,
                    struct str codes[RECOVERY_CODES], struct enrolment *out)
{
    struct str sealed;
    if (seal_close(au->account_seal, a, seed_place(a, uuid), seed, &sealed) != RESULT_OK)
        return false;
    out->seed = base64url_encode(a, sealed);
    out->since = arena_printf(a, "%lld", (long long)clock_now());
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        codes[i] = recovery_code_make(a);
        if (!recovery_code_hash(au, a, uuid, codes[i], &out->hashes[i]))
            return false;
    }
    return out->seed.len > 0 && out->since.len > 0;
}

/* The seed that was read is exchanged for the new one in one step, or an entry is made that was not there. */
static enum result write_enrolment(struct authn *au, struct arena *a, const struct account *expected,
                                   struct enrolment *new)
{
    struct str old = expected->stored_seed;
    struct attribute add[] = {{ATTRIBUTE_SEED, &new->seed, 1},
                              {ATTRIBUTE_RECOVERY, new->hashes, RECOVERY_CODES},
                              {ATTRIBUTE_SINCE, &new->since, 1}};
    struct change changes[] = {{CHANGE_DELETE, {ATTRIBUTE_SEED, &old, 1}},
                               {CHANGE_ADD, add[0]},
                               {CHANGE_REPLACE, add[1]},
                               {CHANGE_REPLACE, add[2]}};
    size_t skip = expected->has_totp ? 0 : 1;
    struct str rdn = account_rdn(a, expected->uuid);
    for (int i = 0; i < ACCOUNT_TRIES; i++) {
        enum result r = registry_modify(au->directory, rdn, changes + skip, 4 - skip);
        if (r != RESULT_NOT_FOUND || expected->has_totp)
            return r;
        r = account_create(au, a, expected->uuid, add, 3);
        if (r != RESULT_USED)
            return r;
    }
    return RESULT_USED;
}

enum result account_enrol_totp(struct authn *au, struct arena *a, const struct account *expected,
                               struct str seed, struct str codes[RECOVERY_CODES])
{
    struct enrolment new;
    struct account now;
    if (!prepare(au, a, expected->uuid, seed, codes, &new))
        return RESULT_INTERNAL;
    enum result r = write_enrolment(au, a, expected, &new);
    if (r != RESULT_INTERNAL && r != RESULT_REFUSED)
        return r == RESULT_NOT_FOUND ? RESULT_USED : r;
    /* A second value where one is allowed: directories name that refusal differently, so look. */
    if (account_read(au, a, expected->uuid, &now) == RESULT_OK &&
        !str_eq(now.stored_seed, expected->stored_seed))
        return RESULT_USED;
    return RESULT_INTERNAL;
}

enum result account_remove_totp(struct authn *au, struct arena *a, struct str uuid)
{
    static const struct change changes[] = {{CHANGE_REPLACE, {ATTRIBUTE_SEED, NULL, 0}},
                                            {CHANGE_REPLACE, {ATTRIBUTE_RECOVERY, NULL, 0}},
                                            {CHANGE_REPLACE, {ATTRIBUTE_SINCE, NULL, 0}}};
    enum result r = registry_modify(au->directory, account_rdn(a, uuid), changes, 3);
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}
