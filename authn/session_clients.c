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
    struct session *still;
    struct str set = set_of(a, s->sid);
    if (set.len == 0)
        return RESULT_INTERNAL;
    enum result r = store_set_add(au->store, a, STORE_SESSION, set, client_id,
                                  au->config.session_absolute_seconds, &count);
    /* In this order: whoever ends the session afterwards sees the application, and before, we see the end. */
    return r == RESULT_OK ? session_stored(au, a, s->sid, &still) : r;
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
