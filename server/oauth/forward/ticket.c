/* A sign-in under way at an application's own host: what the browser wanted, bound to it by a cookie there.
 */
#include "server/oauth/forward/forward.h"

#include "authn/record.h"
#include "server/base/digest.h"
#include "server/base/random.h"
#include "server/oauth/location.h"
#include "server/oauth/scope.h"

#include <stddef.h>

enum { TICKET_SECONDS = 900, RANDOM_BYTES = 32, RETURN_MAX = 2000 };

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct ticket, name)                                                           \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, client_id), FIELD(FIELD_NEEDED, redirect_uri), FIELD(FIELD_NEEDED, return_to),
    FIELD(FIELD_NEEDED, state),     FIELD(FIELD_NEEDED, verifier),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

/* A path of that very host, of printable ASCII; anything else leads to the host's front page. */
static struct str path_of(struct str uri)
{
    bool plain = uri.len > 0 && uri.len <= RETURN_MAX && uri.p[0] == '/';
    for (size_t i = 0; plain && i < uri.len; i++)
        plain = uri.p[i] > ' ' && uri.p[i] < 0x7F && uri.p[i] != '\\';
    bool ours = str_starts(uri, STR("/.onedoor/"));
    return plain && !ours ? uri : STR("/");
}

/* offline_access would outlive the session, which is the one thing that a cookie must not. */
static struct str scope_of(struct forward *f)
{
    struct str rest = f->app->scopes, word, out = STR_EMPTY;
    while (str_word(&rest, &word))
        if (!str_eq(word, STR("offline_access")))
            out = arena_join(f->arena, (struct str[]){out, out.len > 0 ? STR(" ") : STR_EMPTY, word}, 3);
    return out;
}

static enum result store_ticket(struct forward *f, const struct ticket *t, struct str cookie)
{
    json_t *record = json_new(f->arena);
    struct str text = record_write(record, t, fields, FIELD_COUNT) ? json_text(f->arena, record) : STR_EMPTY;
    if (cookie.len == 0 || text.len == 0)
        return RESULT_INTERNAL;
    return store_put(f->p->store, f->arena, STORE_FORWARD, cookie, text, TICKET_SECONDS);
}

static struct str authorization_address(struct forward *f, const struct ticket *t, struct str acr)
{
    struct pairs asked = {0};
    const struct pair all[] = {
        {STR("response_type"), STR("code")},
        {STR("client_id"), t->client_id},
        {STR("redirect_uri"), t->redirect_uri},
        {STR("scope"), scope_of(f)},
        {STR("state"), t->state},
        {STR("code_challenge"), sha256_base64url(f->arena, t->verifier)},
        {STR("code_challenge_method"), STR("S256")},
        {STR("acr_values"), acr},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i].value.len > 0 && !pairs_add(&asked, f->arena, all[i].name, all[i].value))
            return STR_EMPTY;
    struct str endpoint = arena_join(f->arena, (struct str[]){f->p->config.issuer, STR("/authorize")}, 2);
    return location_with(f->arena, endpoint, &asked);
}

void forward_begin(struct forward *f, struct str acr)
{
    const struct ticket t = {.client_id = f->app->client_id,
                             .redirect_uri = f->redirect_uri,
                             .return_to = path_of(request_header(f->req, "x-forwarded-uri")),
                             .state = random_token(f->arena, RANDOM_BYTES),
                             .verifier = random_token(f->arena, RANDOM_BYTES)};
    struct str cookie = random_token(f->arena, RANDOM_BYTES), address = authorization_address(f, &t, acr);
    const char *name = forward_ticket_cookie(f);
    enum result r = store_ticket(f, &t, cookie);
    if (r == RESULT_OK && (address.len == 0 || !name))
        r = RESULT_INTERNAL;
    if (r != RESULT_OK) {
        response_failure(f->resp, r);
        return;
    }
    response_redirect(f->resp, address);
    response_cookie(f->resp, name, cookie, TICKET_SECONDS);
}

enum result forward_ticket_take(struct forward *f, struct ticket *out)
{
    const char *name = forward_ticket_cookie(f);
    struct str cookie = name ? request_cookie(f->req, name) : STR_EMPTY, text;
    if (cookie.len == 0)
        return RESULT_NOT_FOUND;
    enum result r = store_take(f->p->store, f->arena, STORE_FORWARD, cookie, &text);
    if (r != RESULT_OK)
        return r;
    const json_t *record = json_parse(f->arena, text);
    bool read = record && record_read(f->arena, record, out, fields, FIELD_COUNT);
    /* A cookie of another kind of ours, or of another application, is no ticket of this one. */
    return read && str_eq(out->client_id, f->app->client_id) ? RESULT_OK : RESULT_NOT_FOUND;
}
