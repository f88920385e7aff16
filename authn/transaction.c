#include "authn/transaction.h"

#include "authn/record.h"
#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/log.h"
#include "server/base/packed.h"
#include "server/base/random.h"
#include "server/base/secret.h"

#include <stddef.h>

enum { COOKIE_BYTES = 32, COOKIE_CHARACTERS = 43, ID_BYTES = 16, ID_CHARACTERS = 22, CSRF_BYTES = 16 };

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct transaction, name)                                                      \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, browser),   FIELD(FIELD_NEEDED, csrf),        FIELD(FIELD_TEXT, client_id),
    FIELD(FIELD_NEEDED, return_to), FIELD(FIELD_LEVEL, needed),       FIELD(FIELD_FLAG, reauthenticate),
    FIELD(FIELD_TEXT, login_hint),  FIELD(FIELD_TEXT, ui_locales),    FIELD(FIELD_TEXT, form_target),
    FIELD(FIELD_TEXT, uuid),        FIELD(FIELD_FLAG, password_done), FIELD(FIELD_FLAG, otp_done),
    FIELD(FIELD_TEXT, amr),         FIELD(FIELD_TEXT, enrol_seed),    FIELD(FIELD_FLAG, consent_done),
    FIELD(FIELD_TEXT, replaces),    FIELD(FIELD_FLAG, from_session),  FIELD(FIELD_TEXT, sid),
    FIELD(FIELD_FLAG, act_done),    FIELD(FIELD_TEXT, mandate),       FIELD(FIELD_NUMBER, begun),
    FIELD(FIELD_FLAG, denied),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0], FORMAT = 1 };

static bool is_token(struct arena *a, struct str s, size_t characters)
{
    struct str bytes;
    return s.len == characters && base64url_decode(a, s, &bytes);
}

static struct str record_of(struct arena *a, const struct transaction *t)
{
    struct buf out;
    record_begin(&out, FORMAT);
    bool whole = record_pack(&out, a, t, fields, FIELD_COUNT);
    pack_number(&out, (int64_t)t->asked.n);
    for (size_t i = 0; i < t->asked.n; i++) {
        pack_text(&out, a, t->asked.v[i].name);
        pack_text(&out, a, t->asked.v[i].value);
    }
    return record_end(&out, a, whole && !out.failed);
}

static bool unpack_asked(struct arena *a, struct str *rest, struct pairs *out)
{
    struct str name, value;
    int64_t n;
    if (!unpack_number(rest, &n))
        return false;
    for (; n > 0; n--)
        if (!unpack_text(rest, a, &name) || !unpack_text(rest, a, &value) || !pairs_add(out, a, name, value))
            return false;
    return rest->len == 0;
}

static struct transaction *parse(struct arena *a, struct str id, struct str record)
{
    struct transaction *t = arena_alloc(a, sizeof *t);
    struct str rest;
    if (!t || !record_open(record, FORMAT, &rest) || !record_unpack(a, &rest, t, fields, FIELD_COUNT) ||
        !unpack_asked(a, &rest, &t->asked))
        return NULL;
    t->id = arena_copy(a, id);
    return arena_failed(a) ? NULL : t;
}

enum result transaction_begin(struct authn *au, struct arena *a, struct transaction *t,
                              struct str *browser_cookie)
{
    if (!is_token(a, *browser_cookie, COOKIE_CHARACTERS))
        *browser_cookie = random_token(a, COOKIE_BYTES);
    t->id = random_token(a, ID_BYTES);
    t->csrf = random_token(a, CSRF_BYTES);
    t->browser = sha256_base64url(a, *browser_cookie);
    struct str record = record_of(a, t);
    if (browser_cookie->len == 0 || t->id.len == 0 || record.len == 0)
        return RESULT_INTERNAL;
    return store_put(au->store, a, STORE_TRANSACTION, t->id, record, au->config.transaction_seconds);
}

enum result transaction_find(struct authn *au, struct arena *a, struct str id, struct str browser_cookie,
                             struct transaction **out)
{
    struct str record;
    if (!is_token(a, id, ID_CHARACTERS))
        return RESULT_NOT_FOUND;
    enum result r = store_get(au->store, a, STORE_TRANSACTION, id, &record);
    if (r != RESULT_OK)
        return r;
    struct transaction *t = parse(a, id, record);
    struct str browser = sha256_base64url(a, browser_cookie);
    if (!t || browser.len == 0) {
        LOG(LOG_LEVEL_ERROR, "authn.transaction_unreadable");
        return RESULT_INTERNAL;
    }
    if (!is_token(a, browser_cookie, COOKIE_CHARACTERS) || !equal_constant_time(browser, t->browser))
        return RESULT_REFUSED;
    *out = t;
    return RESULT_OK;
}

bool transaction_saving(struct arena *a, const struct transaction *t, struct store_steps *steps)
{
    /* What has ended stays so, and no step makes it live longer. */
    const struct store_step save = {
        .act = STEP_UPDATE, .kind = STORE_TRANSACTION, .id = t->id, .value = record_of(a, t)};
    return save.value.len > 0 && store_steps_add(steps, save);
}

enum result transaction_save(struct authn *au, struct arena *a, const struct transaction *t)
{
    struct store_steps one = {.n = 0};
    return transaction_saving(a, t, &one) ? store_together(au->store, a, &one) : RESULT_INTERNAL;
}

enum result transaction_end(struct authn *au, struct arena *a, const struct transaction *t)
{
    struct str record;
    return store_take(au->store, a, STORE_TRANSACTION, t->id, &record);
}

struct store_step transaction_ending(const struct transaction *t)
{
    return (struct store_step){.act = STEP_TAKE, .kind = STORE_TRANSACTION, .id = t->id};
}
