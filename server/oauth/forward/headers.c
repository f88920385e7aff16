/*
 * What the application is told. libmicrohttpd keeps the head of a request and the head of its answer in the
 * memory of the connection, and closes that without a word when they don't fit: so both are counted before.
 */
#include "server/base/buf.h"
#include "server/base/clock.h"
#include "server/base/encode.h"
#include "server/oauth/forward/forward.h"

enum {
    HEADER_MAX = 4096,
    ALL_MAX = 12 * 1024, /* of names and values together */
    MEMORY = 24 * 1024,  /* CONNECTION_MEMORY of server/http/listener.c */
    RESERVED = 1536,     /* for the lines and headers that every request and answer has */
    FOR_EACH = 64,       /* what the library keeps of a header, cookie or parameter beside its text */
    AROUND = 4           /* colon, space and line end */
};

/* The headers to be, the shorter and more important first; what does not fit is named in `omitted`. */
struct told {
    struct forward *f;
    struct pairs headers;
    size_t bytes;
    struct str omitted;
};

static void omit(struct told *t, const char *name)
{
    struct str parts[] = {t->omitted, t->omitted.len > 0 ? STR(",") : STR_EMPTY, str_of(name)};
    t->omitted = arena_join(t->f->arena, parts, 3);
}

/* libmicrohttpd sends no header without a value; the proxy then hands none on, and none of the browser's. */
static void put(struct told *t, const char *name, struct str value)
{
    size_t bytes = str_of(name).len + value.len + AROUND;
    if (value.len == 0)
        return;
    if (value.len > HEADER_MAX || t->bytes + bytes > ALL_MAX) {
        omit(t, name);
        return;
    }
    t->bytes += bytes;
    pairs_add(&t->headers, t->f->arena, str_of(name), value);
}

/* Names are not ASCII, so they travel percent-encoded. Half of somebody's roles is no answer: all or none. */
static void put_words(struct told *t, const char *name, const struct words *words)
{
    struct buf out;
    buf_init(&out, HEADER_MAX);
    for (size_t i = 0; i < words->n; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        url_encode(&out, words->v[i]);
    }
    if (out.failed)
        omit(t, name);
    else
        put(t, name, arena_copy(t->f->arena, buf_str(&out)));
    buf_free(&out);
}

static void put_text(struct told *t, const char *name, struct str text)
{
    const struct words one = {&text, text.len > 0};
    put_words(t, name, &one);
}

/* Only what the application's scopes release. */
static void put_person(struct told *t, const struct visitor *v)
{
    bool acts = v->grant->mandate.len > 0;
    struct str scope = acts ? acting_scope(t->f->arena, v->grant->scope) : v->grant->scope;
    put(t, "Remote-User", v->grant->subject);
    if (acts)
        put(t, "Remote-Actor", v->session->person.subject);
    put(t, "Remote-Acr", str_of(acr_word(v->grant->level)));
    if (str_has_word(scope, STR("profile")))
        put_text(t, "Remote-Name", v->person->display_name);
    if (str_has_word(scope, STR("email")))
        put_text(t, "Remote-Email", v->person->mail);
}

static enum result put_rights(struct told *t, const struct rights_question *q)
{
    struct forward *f = t->f;
    struct rights rights = {0};
    struct subject subject;
    const struct model *m = live_model(f->p->live, f->arena);
    if (!m)
        return RESULT_UNAVAILABLE;
    if ((q->person && !subject_of_person(q->person, &subject)) ||
        !model_rights(m, f->arena, f->app->client_id, q->person ? &subject : NULL, q->mandate, clock_now(),
                      &rights))
        return RESULT_INTERNAL;
    struct words first = {rights.organisations.v, rights.organisations.n > 0};
    put_words(t, "Remote-Organisation", &first);
    put_words(t, "Remote-Roles", &rights.roles);
    put_words(t, "Remote-Entitlements", &rights.entitlements);
    put_words(t, "Remote-Groups", &rights.groups);
    return RESULT_OK;
}

/* What the head of the request takes; a Cookie header is copied to be taken apart. */
static size_t head_bytes(const struct request *r)
{
    size_t bytes = r->path.len + r->query_raw.len + FOR_EACH * (r->query.n + r->cookies.n);
    for (size_t i = 0; i < r->headers.n; i++) {
        const struct pair *h = &r->headers.v[i];
        bool cookie = str_eq_nocase(h->name, STR("cookie"));
        bytes += h->name.len + h->value.len + AROUND + FOR_EACH + (cookie ? h->value.len : 0);
    }
    return bytes;
}

void forward_headers(struct forward *f, const struct visitor *v)
{
    struct told t = {.f = f};
    put_person(&t, v);
    enum result r = put_rights(&t, &v->rights);
    if (r != RESULT_OK) {
        response_failure(f->resp, r);
        return;
    }
    if (head_bytes(f->req) + t.bytes + RESERVED > MEMORY) {
        forward_say(f, 431, "The request is too large: too many cookies, or too large ones.",
                    "请求头过大：Cookie 过多或过长。");
        return;
    }
    for (size_t i = 0; i < t.headers.n; i++)
        response_header(f->resp, t.headers.v[i].name.p, t.headers.v[i].value);
    if (t.omitted.len > 0)
        response_header(f->resp, "Remote-Omitted", t.omitted);
}
