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

/*
 * Rarer the more there are, so that a sign-in looks at three of them or so however many that is, and those
 * that ran out are never more than those that live.
 */
static bool is_to_be_cleared(uint64_t count)
{
    uint64_t every = CLEARED_EVERY;
    while (every < count / 2)
        every *= 2;
    return count % every == 0;
}

enum result session_index_store(struct authn *au, struct arena *a, const struct session *s, struct str record,
                                int64_t ttl, const struct store_steps *more, struct str found[NOTICE_RECORDS])
{
    enum { ADDED, PUT, NOTICES };
    struct store_key keys[NOTICE_RECORDS];
    struct store_steps all = {.v = {{.act = STEP_ADD,
                                     .kind = STORE_PERSON,
                                     .id = s->person.uuid,
                                     .value = s->sid,
                                     .ttl = au->config.session_absolute_seconds},
                                    {STEP_PUT, STORE_SESSION, s->sid, record, ttl, 0, RESULT_OK}},
                              .n = NOTICES};
    bool fits = notice_keys(a, person_tag(a, s->person.uuid), keys);
    for (size_t i = 0; fits && i < NOTICE_RECORDS; i++)
        fits = store_steps_add(&all,
                               (struct store_step){.act = STEP_GET, .kind = keys[i].kind, .id = keys[i].id});
    for (size_t i = 0; fits && more && i < more->n; i++)
        fits = store_steps_add(&all, more->v[i]);
    enum result r = fits ? store_together(au->store, a, &all) : RESULT_INTERNAL;
    for (size_t i = 0; r == RESULT_OK && i < NOTICE_RECORDS; i++)
        found[i] = all.v[NOTICES + i].value;
    if (r == RESULT_OK && is_to_be_cleared((uint64_t)all.v[ADDED].number))
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
