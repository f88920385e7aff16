/* Who is signed in at an application behind a proxy: a cookie at its host, hanging on a grant and its
 * session. */
#include "server/oauth/forward/forward.h"

#include "authn/record.h"
#include "server/base/random.h"
#include "server/token/holder.h"

#include <stddef.h>

enum { COOKIE_BYTES = 32 };

struct entry_record {
    struct str client_id, gid;
};

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct entry_record, name)                                                     \
    }
static const struct field fields[] = {FIELD(FIELD_NEEDED, client_id), FIELD(FIELD_NEEDED, gid)};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

enum result forward_enter(struct forward *f, const struct grant *g)
{
    const struct entry_record e = {f->app->client_id, g->gid};
    struct str cookie = random_token(f->arena, COOKIE_BYTES);
    const char *name = forward_cookie(f);
    json_t *record = json_new(f->arena);
    struct str text = record_write(record, &e, fields, FIELD_COUNT) ? json_text(f->arena, record) : STR_EMPTY;
    if (cookie.len == 0 || !name || text.len == 0)
        return RESULT_INTERNAL;
    enum result r = store_put(f->p->store, f->arena, STORE_FORWARD, cookie, text,
                              f->p->authn.config.session_absolute_seconds);
    if (r == RESULT_OK)
        response_cookie(f->resp, name, cookie, 0);
    return r;
}

static enum result find_entry(struct forward *f, struct str *cookie, struct entry_record *out)
{
    const char *name = forward_cookie(f);
    struct str text;
    *cookie = name ? request_cookie(f->req, name) : STR_EMPTY;
    if (cookie->len == 0)
        return RESULT_NOT_FOUND;
    enum result r = store_get(f->p->store, f->arena, STORE_FORWARD, *cookie, &text);
    if (r != RESULT_OK)
        return r;
    const json_t *record = json_parse(f->arena, text);
    bool read = record && record_read(f->arena, record, out, fields, FIELD_COUNT);
    return read && str_eq(out->client_id, f->app->client_id) ? RESULT_OK : RESULT_NOT_FOUND;
}

static enum result find_living(struct forward *f, struct str gid, struct visitor *v)
{
    enum result r = grant_find(f->p, f->arena, gid, &v->grant);
    if (r == RESULT_OK)
        r = session_by_sid(&f->p->authn, f->arena, v->grant->sid, &v->session);
    if (r == RESULT_OK)
        r = session_touch(&f->p->authn, f->arena, v->session);
    if (r != RESULT_OK)
        return r;
    bool fits = str_eq(v->grant->client_id, f->app->client_id) && v->grant->level >= f->app->required_level;
    return fits ? acting_holds(f->p, f->arena, v->grant, f->app->client_id) : RESULT_NOT_FOUND;
}

/* The grant's person was just asked for anew where the directory may not have been heard: see holder.h. */
static void take_newer_person(struct visitor *v)
{
    if (v->grant->person_read <= v->session->person_read)
        return;
    v->session->person = v->grant->person;
    v->session->person_read = v->grant->person_read;
}

enum result forward_entry(struct forward *f, struct visitor *out)
{
    struct str cookie;
    struct entry_record e;
    struct visitor v;
    enum result r = find_entry(f, &cookie, &e);
    if (r == RESULT_OK)
        r = find_living(f, e.gid, &v);
    if (r != RESULT_OK)
        return r;
    v.person = acting_subject(v.grant, &v.session->person);
    r = rights_admit(f->p, f->arena, f->app, v.person);
    if (r == RESULT_OK)
        r = holder_check(f->p, f->req, v.grant);
    if (r != RESULT_OK)
        return r;
    take_newer_person(&v);
    r = acting_question(f->p, f->arena, v.grant, &v.session->person, f->app->client_id, &v.rights);
    *out = v;
    return r;
}

enum result forward_leave(struct forward *f)
{
    struct str cookie;
    struct entry_record e;
    enum result r = find_entry(f, &cookie, &e);
    if (r == RESULT_NOT_FOUND)
        return RESULT_OK;
    if (r == RESULT_OK)
        r = grant_end(f->p, f->arena, e.gid);
    return r == RESULT_OK ? store_delete(f->p->store, f->arena, STORE_FORWARD, cookie) : r;
}
