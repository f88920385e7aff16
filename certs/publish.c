#include "certs/keyring_internal.h"
#include "server/base/buf.h"
#include "server/base/clock.h"

enum { JWKS_MAX = 256 * 1024 };

/* Active keys first: some clients take the first that fits. */
static const enum key_state order[] = {KEY_ACTIVE, KEY_NEXT, KEY_RETIRED};
enum { STATES = sizeof order / sizeof *order };

static void add_state(struct buf *out, const struct key_set *set, enum key_state state, int64_t now,
                      int64_t overlap_seconds)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct key_record *r = &set->v[i];
        if (r->state != state || !key_record_verifies(r, now, overlap_seconds))
            continue;
        if (!str_ends(buf_str(out), STR("[")))
            buf_add_char(out, ',');
        buf_add(out, r->pair->jwk);
    }
}

struct str keyring_jwks(struct keyring *k, struct arena *a)
{
    struct held_keys keys = keyring_hold(k);
    struct buf text;
    buf_init(&text, JWKS_MAX);
    buf_add(&text, STR("{\"keys\":["));
    for (size_t i = 0; keys.set && i < STATES; i++)
        add_state(&text, keys.set, order[i], clock_now(), k->config.overlap_seconds);
    buf_add(&text, STR("]}"));
    struct str copy = keys.set ? arena_copy(a, buf_str(&text)) : STR_EMPTY;
    keyring_let_go(&keys);
    buf_free(&text);
    return copy;
}

static json_t *describe(const struct key_record *r)
{
    json_t *o = json_object();
    if (!o)
        return NULL;
    json_put_str(o, "kid", key_id(r->pair));
    json_put_str(o, "alg", str_of(jws_alg_name(r->pair->alg)));
    json_put_str(o, "state", str_of(key_state_name(r->state)));
    json_put_int(o, "created", r->created);
    return o;
}

static void release(void *json)
{
    json_decref(json);
}

json_t *keyring_describe(struct keyring *k, struct arena *a)
{
    json_t *list = json_array();
    if (!list || !arena_own(a, release, list))
        return NULL;
    struct held_keys keys = keyring_hold(k);
    bool whole = keys.set != NULL;
    for (size_t i = 0; whole && i < keys.set->n; i++)
        whole = json_array_append_new(list, describe(&keys.set->v[i])) == 0;
    keyring_let_go(&keys);
    return whole ? list : NULL;
}
