#include "authn/session_index.h"

#include "server/base/log.h"

enum { CLEARED_EVERY = 32, MOST_AT_ONCE = 256 };

static void drop_dead(struct authn *au, struct arena *a, struct str uuid, const struct str *sids, size_t n)
{
    struct store_key keys[MOST_AT_ONCE] = {{STORE_SESSION, STR_EMPTY}};
    struct str found[MOST_AT_ONCE];
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct store_key){STORE_SESSION, sids[i]};
    if (store_get_many(au->store, a, keys, n, found) != RESULT_OK)
        return;
    for (size_t i = 0; i < n; i++)
        if (!found[i].p)
            session_index_remove(au, a, uuid, sids[i]);
}

/* Sessions that ran out leave their sid behind. Who signs in all day long would gather them without end. */
static void clear(struct authn *au, struct str uuid)
{
    struct arena *a = arena_new(4 << 20);
    struct str *sids;
    size_t n;
    if (a && store_set_members(au->store, a, STORE_PERSON, uuid, &sids, &n) == RESULT_OK)
        for (size_t i = 0; i < n; i += MOST_AT_ONCE)
            drop_dead(au, a, uuid, sids + i, n - i < MOST_AT_ONCE ? n - i : MOST_AT_ONCE);
    arena_free(a);
}

enum result session_index_store(struct authn *au, struct arena *a, const struct session *s,
                                const struct store_put *record, const struct store_key keys[NOTICE_RECORDS],
                                struct str found[NOTICE_RECORDS])
{
    size_t count;
    const struct store_addition add = {.kind = STORE_PERSON,
                                       .id = s->person.uuid,
                                       .member = s->sid,
                                       .ttl = au->config.session_absolute_seconds,
                                       .put = record,
                                       .keys = keys,
                                       .n = NOTICE_RECORDS};
    enum result r = store_set_add_and_read(au->store, a, &add, &count, found);
    if (r == RESULT_OK && count % CLEARED_EVERY == 0)
        clear(au, s->person.uuid);
    return r;
}

void session_index_remove(struct authn *au, struct arena *a, struct str uuid, struct str sid)
{
    enum result r = store_set_remove(au->store, a, STORE_PERSON, uuid, sid);
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_DEBUG, "authn.session_left_in_index", LOG_STR("sid", sid),
            LOG_Z("result", result_name(r)));
}

enum result session_list(struct authn *au, struct arena *a, struct str uuid, struct str **sids, size_t *n)
{
    return store_set_members(au->store, a, STORE_PERSON, uuid, sids, n);
}
