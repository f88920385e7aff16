#include "server/base/buf.h"
#include "server/base/clock.h"
#include "server/base/encode.h"
#include "server/oauth/forward/forward.h"

enum { HEADER_MAX = 4096 };

/* libmicrohttpd sends no header without a value; the proxy then hands none on, and none of the browser's. */
static void put(struct forward *f, const char *name, struct str value)
{
    if (value.len > 0)
        response_header(f->resp, name, value);
}

static struct str encoded(struct forward *f, struct str text)
{
    struct buf out;
    buf_init(&out, HEADER_MAX);
    url_encode(&out, text);
    struct str told = out.failed ? STR_EMPTY : arena_copy(f->arena, buf_str(&out));
    buf_free(&out);
    return told;
}

/* Only what the application's scopes release. Names are not ASCII, so they travel percent-encoded. */
static void put_person(struct forward *f, const struct visitor *v)
{
    bool acts = v->grant->mandate.len > 0;
    struct str scope = acts ? acting_scope(f->arena, v->grant->scope) : v->grant->scope;
    put(f, "Remote-User", v->grant->subject);
    if (acts)
        put(f, "Remote-Actor", v->session->person.subject);
    if (str_has_word(scope, STR("profile")))
        put(f, "Remote-Name", encoded(f, v->person->display_name));
    if (str_has_word(scope, STR("email")))
        put(f, "Remote-Email", encoded(f, v->person->mail));
}

/* A list that would not fit is left out whole: half of somebody's roles is no answer. */
static struct str joined(struct forward *f, const struct words *words)
{
    struct buf out;
    buf_init(&out, HEADER_MAX);
    for (size_t i = 0; i < words->n; i++) {
        if (i > 0)
            buf_add_char(&out, ',');
        url_encode(&out, words->v[i]);
    }
    struct str list = out.failed ? STR_EMPTY : arena_copy(f->arena, buf_str(&out));
    buf_free(&out);
    return list;
}

static void put_rights(struct forward *f, const struct rights_question *q)
{
    struct rights rights = {0};
    struct subject subject;
    const struct model *m = live_model(f->p->live, f->arena);
    if (m && (!q->person || subject_of_person(q->person, &subject)))
        (void)model_rights(m, f->arena, f->app->client_id, q->person ? &subject : NULL, q->mandate,
                           clock_now(), &rights);
    struct words first = {rights.organisations.v, rights.organisations.n > 0};
    put(f, "Remote-Roles", joined(f, &rights.roles));
    put(f, "Remote-Groups", joined(f, &rights.groups));
    put(f, "Remote-Entitlements", joined(f, &rights.entitlements));
    put(f, "Remote-Organisation", joined(f, &first));
}

void forward_headers(struct forward *f, const struct visitor *v)
{
    put_person(f, v);
    put_rights(f, &v->rights);
    put(f, "Remote-Acr", str_of(acr_word(v->grant->level)));
}
