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

/* Only what the application's scopes release. Names are not ASCII, so they travel percent-encoded. */
static void put_person(struct forward *f, const struct grant *g, const struct person *person)
{
    struct str name = str_has_word(g->scope, STR("profile")) ? person->display_name : STR_EMPTY;
    struct str mail = str_has_word(g->scope, STR("email")) ? person->mail : STR_EMPTY;
    struct buf encoded;
    buf_init(&encoded, HEADER_MAX);
    url_encode(&encoded, name);
    struct str told = encoded.failed ? STR_EMPTY : arena_copy(f->arena, buf_str(&encoded));
    buf_free(&encoded);
    put(f, "Remote-User", g->subject);
    put(f, "Remote-Name", told);
    put(f, "Remote-Email", mail);
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

static void put_rights(struct forward *f, const struct person *person)
{
    struct rights rights = {0};
    struct subject subject;
    const struct model *m = live_model(f->p->live, f->arena);
    if (m && subject_of_person(person, &subject))
        (void)model_rights(m, f->arena, f->app->client_id, &subject, NULL, clock_now(), &rights);
    put(f, "Remote-Roles", joined(f, &rights.roles));
    put(f, "Remote-Groups", joined(f, &rights.groups));
    put(f, "Remote-Entitlements", joined(f, &rights.entitlements));
    struct words first = {rights.organisations.v, rights.organisations.n > 0};
    put(f, "Remote-Organisation", joined(f, &first));
}

void forward_headers(struct forward *f, const struct grant *g, const struct session *session)
{
    put_person(f, g, &session->person);
    put_rights(f, &session->person);
    put(f, "Remote-Acr", str_of(acr_word(g->level)));
}
