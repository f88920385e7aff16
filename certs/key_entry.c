#include "certs/key_entry.h"

#include "certs/crosscheck.h"
#include "server/base/clock.h"
#include "server/base/encode.h"
#include "server/base/log.h"

enum { SCRATCH = 4 * 1024 * 1024, SERIAL_MAX = 1000000000 };

static bool parse_seconds(struct str text, int64_t *out)
{
    uint64_t seconds = 0;
    bool valid = str_to_u64(text, INT64_MAX, &seconds);
    *out = (int64_t)seconds;
    return valid;
}

/* "ES256-3" */
static bool parse_name(struct str name, enum jws_alg *alg, uint64_t *serial)
{
    struct str head;
    return str_cut(&name, '-', &head) && jws_alg_parse(head, alg) && str_to_u64(name, SERIAL_MAX, serial);
}

static struct str make_name(struct arena *a, enum jws_alg alg, uint64_t serial)
{
    return arena_printf(a, "%s-%llu", jws_alg_name(alg), (unsigned long long)serial);
}

static struct str seal_place(struct arena *a, struct str name)
{
    return arena_join(a, (struct str[]){STR("key:"), name}, 2);
}

/* The key itself: sealed, and bound to the entry's name. */
static enum result open_pair(const struct keyring *k, struct arena *a, struct str name, struct str sealed,
                             enum jws_alg alg, struct key_pair **out)
{
    struct str bytes, der;
    if (!base64url_decode(a, sealed, &bytes) ||
        seal_open(k->seal, a, seal_place(a, name), bytes, &der) != RESULT_OK)
        return RESULT_INTERNAL;
    enum result r = key_parse(alg, der, out);
    if (r != RESULT_OK)
        return r;
    r = key_crosscheck(*out);
    if (r != RESULT_OK)
        key_unref(*out);
    return r;
}

static enum result read_entry(const struct keyring *k, struct arena *a, const struct key_set *known,
                              const struct entry *e, struct key_record *out)
{
    struct str name = entry_value(e, "cn");
    struct str kid = entry_value(e, "onedoorKeyId");
    enum jws_alg alg;
    if (!parse_name(name, &alg, &out->serial) ||
        !str_eq(entry_value(e, "onedoorKeyAlgorithm"), str_of(jws_alg_name(alg))) ||
        !key_state_parse(entry_value(e, "onedoorKeyState"), &out->state) ||
        !parse_seconds(entry_value(e, "onedoorKeyCreated"), &out->created) ||
        !parse_seconds(entry_value(e, "onedoorKeyChanged"), &out->changed))
        return RESULT_INTERNAL;
    const struct key_record *same = known ? key_set_find(known, alg, out->serial) : NULL;
    if (same && str_eq(key_id(same->pair), kid)) {
        out->pair = key_ref(same->pair);
        return RESULT_OK;
    }
    enum result r = open_pair(k, a, name, entry_value(e, "onedoorKeySealed"), alg, &out->pair);
    if (r == RESULT_OK && !str_eq(key_id(out->pair), kid)) {
        key_unref(out->pair);
        return RESULT_INTERNAL;
    }
    return r;
}

static enum result read_all(const struct keyring *k, struct arena *a, const struct key_set *known,
                            const struct entries *entries, struct key_set *set)
{
    for (size_t i = 0; i < entries->n; i++) {
        struct key_record record = {0};
        enum result r = read_entry(k, a, known, &entries->v[i], &record);
        if (r != RESULT_OK) {
            LOG(LOG_LEVEL_ERROR, "keys.unreadable", LOG_STR("entry", entries->v[i].dn),
                LOG_Z("result", result_name(r)));
            return r;
        }
        if (!key_set_add(set, record))
            return RESULT_INTERNAL;
    }
    return RESULT_OK;
}

enum result key_entries_read(const struct keyring *k, const struct key_set *known, struct key_set **out)
{
    struct arena *a = arena_new(SCRATCH);
    struct entries entries = {0};
    if (!a)
        return RESULT_INTERNAL;
    enum result r = registry_list(k->directory, a, STR("ou=keys"), "(objectClass=onedoorKey)", &entries);
    struct key_set *set = r == RESULT_OK ? key_set_new(entries.n) : NULL;
    if (r == RESULT_OK)
        r = set ? read_all(k, a, known, &entries, set) : RESULT_INTERNAL;
    if (r == RESULT_OK)
        *out = set;
    else
        key_set_unref(set);
    arena_free(a);
    return r;
}

static struct attribute single(const char *name, struct str *value)
{
    return (struct attribute){name, value, 1};
}

static enum result seal_pair(const struct keyring *k, struct arena *a, struct str name,
                             const struct key_pair *pair, struct str *text)
{
    struct str der, sealed;
    enum result r = key_pkcs8(pair, a, &der);
    if (r == RESULT_OK)
        r = seal_close(k->seal, a, seal_place(a, name), der, &sealed);
    if (r != RESULT_OK)
        return r;
    *text = base64url_encode(a, sealed);
    return text->len > 0 ? RESULT_OK : RESULT_INTERNAL;
}

static enum result create(const struct keyring *k, struct arena *a, const struct rotation_step *step,
                          struct str rdn, struct str name, struct str now)
{
    struct str sealed;
    struct key_pair *pair = key_generate(step->alg);
    enum result r = pair ? key_crosscheck_new(pair) : RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = seal_pair(k, a, name, pair, &sealed);
    if (r == RESULT_OK) {
        struct str class = STR("onedoorKey"), alg = str_of(jws_alg_name(step->alg));
        struct str state = str_of(key_state_name(step->from)), kid = key_id(pair);
        const struct attribute attributes[] = {
            single("objectClass", &class),       single("cn", &name),
            single("onedoorKeyAlgorithm", &alg), single("onedoorKeyState", &state),
            single("onedoorKeySealed", &sealed), single("onedoorKeyId", &kid),
            single("onedoorKeyCreated", &now),   single("onedoorKeyChanged", &now),
        };
        r = registry_add(k->directory, rdn, attributes, sizeof attributes / sizeof *attributes);
    }
    key_unref(pair);
    return r;
}

/* Compare-and-swap: only one server moves a key out of a state. */
static enum result move(const struct keyring *k, struct str rdn, enum key_state from, enum key_state to,
                        struct str now)
{
    struct str old_state = str_of(key_state_name(from)), new_state = str_of(key_state_name(to));
    const struct change changes[] = {
        {CHANGE_DELETE, single("onedoorKeyState", &old_state)},
        {CHANGE_ADD, single("onedoorKeyState", &new_state)},
        {CHANGE_REPLACE, single("onedoorKeyChanged", &now)},
    };
    return registry_modify(k->directory, rdn, changes, sizeof changes / sizeof *changes);
}

static enum result carry_out(const struct keyring *k, struct arena *a, const struct rotation_step *step,
                             struct str name)
{
    struct str rdn = arena_join(a, (struct str[]){STR("cn="), name, STR(",ou=keys")}, 3);
    struct str now = arena_printf(a, "%lld", (long long)clock_now());
    if (arena_failed(a))
        return RESULT_INTERNAL;
    switch (step->act) {
    case ROTATION_CREATE_ACTIVE:
    case ROTATION_CREATE_NEXT:
        return create(k, a, step, rdn, name, now);
    case ROTATION_PROMOTE:
        return move(k, rdn, step->from, KEY_ACTIVE, now);
    case ROTATION_RETIRE:
        return move(k, rdn, step->from, KEY_RETIRED, now);
    case ROTATION_REMOVE:
        return registry_delete(k->directory, rdn);
    case ROTATION_NOTHING:
        break;
    }
    return RESULT_OK;
}

static const char *const events[] = {
    [ROTATION_NOTHING] = "keys.unchanged",     [ROTATION_CREATE_ACTIVE] = "keys.active_made",
    [ROTATION_CREATE_NEXT] = "keys.next_made", [ROTATION_PROMOTE] = "keys.promoted",
    [ROTATION_RETIRE] = "keys.retired",        [ROTATION_REMOVE] = "keys.removed",
};

enum result key_entry_change(const struct keyring *k, const struct rotation_step *step)
{
    struct arena *a = arena_new(SCRATCH);
    if (!a)
        return RESULT_INTERNAL;
    struct str name = make_name(a, step->alg, step->serial);
    enum result r = carry_out(k, a, step, name);
    if (r == RESULT_OK)
        LOG(LOG_LEVEL_INFO, events[step->act], LOG_STR("key", name));
    arena_free(a);
    return r;
}
