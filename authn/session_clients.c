#include "authn/session_clients.h"

#include "server/base/buf.h"
#include "server/base/log.h"

enum { WORDS_MAX = 1 << 20 };

/* The set lies under the kind of sessions too; no sid has a colon. */
static struct str set_of(struct arena *a, struct str sid)
{
    return arena_join(a, (struct str[]){STR("clients:"), sid}, 2);
}

enum result session_entered(struct authn *au, struct arena *a, const struct session *s, struct str client_id)
{
    size_t count;
    struct str record;
    const struct store_key session = {STORE_SESSION, s->sid};
    /* In this order: whoever ends the session afterwards sees the application, and before, we see the end. */
    const struct store_addition add = {.kind = STORE_SESSION,
                                       .id = set_of(a, s->sid),
                                       .member = client_id,
                                       .ttl = au->config.session_absolute_seconds,
                                       .keys = &session,
                                       .n = 1};
    if (add.id.len == 0)
        return RESULT_INTERNAL;
    enum result r = store_set_add_and_read(au->store, a, &add, &count, &record);
    if (r == RESULT_OK && !(record.p && session_parse(au, a, s->sid, record)))
        r = arena_failed(a) ? RESULT_INTERNAL : RESULT_NOT_FOUND;
    return r;
}

enum result session_clients(struct authn *au, struct arena *a, const struct session *s, struct str *out)
{
    struct str *entered, set = set_of(a, s->sid);
    size_t n = 0;
    struct buf words;
    if (set.len == 0)
        return RESULT_INTERNAL;
    enum result r = store_set_members(au->store, a, STORE_SESSION, set, &entered, &n);
    if (r != RESULT_OK)
        return r;
    buf_init(&words, WORDS_MAX);
    buf_add(&words, s->inherited);
    for (size_t i = 0; i < n; i++) {
        buf_add(&words, words.len > 0 ? STR(" ") : STR_EMPTY);
        buf_add(&words, entered[i]);
    }
    *out = arena_copy(a, buf_str(&words));
    r = words.failed || arena_failed(a) ? RESULT_INTERNAL : RESULT_OK;
    buf_free(&words);
    return r;
}

void session_clients_forget(struct authn *au, struct arena *a, struct str sid)
{
    struct str set = set_of(a, sid);
    enum result r = set.len > 0 ? store_delete(au->store, a, STORE_SESSION, set) : RESULT_INTERNAL;
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_DEBUG, "authn.session_clients_left", LOG_STR("sid", sid),
            LOG_Z("result", result_name(r)));
}
