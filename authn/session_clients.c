#include "authn/session_clients.h"

#include "server/base/buf.h"
#include "server/base/log.h"

enum { WORDS_MAX = 1 << 20 };

/* The set lies under the kind of sessions too; no sid has a colon. */
static struct str set_of(struct arena *a, struct str sid)
{
    return arena_join(a, (struct str[]){STR("clients:"), sid}, 2);
}

enum result session_entered_with(struct authn *au, struct arena *a, const struct session *s,
                                 struct str client_id, struct store_steps *steps)
{
    const struct store_step add = {.act = STEP_ADD,
                                   .kind = STORE_SESSION,
                                   .id = set_of(a, s->sid),
                                   .value = client_id,
                                   .ttl = au->config.session_absolute_seconds};
    const struct store_step look = {.act = STEP_GET, .kind = STORE_SESSION, .id = s->sid};
    size_t looked = steps->n + 1;
    /* One step: whoever ends the session afterwards sees the application, and before, we see the end. */
    if (add.id.len == 0 || !store_steps_add(steps, add) || !store_steps_add(steps, look))
        return RESULT_INTERNAL;
    enum result r = store_together(au->store, a, steps);
    if (r == RESULT_UNAVAILABLE || r == RESULT_INTERNAL)
        return r;
    struct str record = steps->v[looked].value;
    if (record.p && session_parse(au, a, s->sid, record))
        return RESULT_OK;
    return arena_failed(a) ? RESULT_INTERNAL : RESULT_NOT_FOUND;
}

enum result session_entered(struct authn *au, struct arena *a, const struct session *s, struct str client_id)
{
    struct store_steps none = {.n = 0};
    return session_entered_with(au, a, s, client_id, &none);
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
