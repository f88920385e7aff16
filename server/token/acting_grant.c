/* A grant that was given by a mandate: whether it still holds, and what its tokens tell. */
#include "server/base/clock.h"
#include "server/token/acting.h"

const struct person *acting_subject(const struct grant *g, const struct person *person)
{
    return g->mandate.len > 0 ? &g->represented : person;
}

static bool is_company(const struct person *represented)
{
    return str_eq(represented->kind, STR(KIND_COMPANY));
}

/* What became of a represented person since; companies are told by their mandates alone. */
static enum result represented_stays(struct provider *p, struct arena *a, struct grant *g)
{
    struct notice notice;
    if (is_company(&g->represented))
        return RESULT_OK;
    enum result r = notice_find(&p->authn, a, g->represented.uuid, &notice);
    if (r != RESULT_OK)
        return r;
    if (notice_ends(&notice, g->created))
        return RESULT_NOT_FOUND;
    notice_renew(&notice, &g->represented, &g->represented_read);
    return RESULT_OK;
}

/* The application that an audience stands for; NULL when none is registered any more. */
static const struct application *application_of(struct provider *p, struct arena *a, struct str audience)
{
    const struct application *app = applications_find(p->applications, a, audience);
    return app ? app : applications_of_resource(p->applications, a, audience);
}

enum result acting_holds(struct provider *p, struct arena *a, struct grant *g, struct str audience)
{
    const struct mandate *md;
    struct str dn = g->person.dn;
    if (g->mandate.len == 0)
        return RESULT_OK;
    enum result r = acting_mandate(p, a, g->mandate, dn, g->subject, g->client_id, &md);
    if (r == RESULT_OK && !str_eq(audience, g->client_id)) {
        const struct application *app = application_of(p, a, audience);
        r = app ? acting_mandate(p, a, g->mandate, dn, g->subject, app->client_id, &md) : RESULT_NOT_FOUND;
    }
    return r == RESULT_OK ? represented_stays(p, a, g) : r;
}

enum result acting_renew(struct provider *p, struct arena *a, struct grant *g, const struct person *person)
{
    const struct mandate *md;
    if (g->mandate.len == 0)
        return RESULT_OK;
    enum result r = acting_holds(p, a, g, g->client_id);
    if (r == RESULT_OK)
        r = acting_mandate(p, a, g->mandate, person->dn, g->subject, g->client_id, &md);
    if (r == RESULT_OK)
        r = acting_represented(p, a, md, &g->represented);
    if (r == RESULT_OK)
        g->represented_read = clock_now();
    return r;
}

enum result acting_question(struct provider *p, struct arena *a, const struct grant *g,
                            const struct person *person, struct str audience, struct rights_question *out)
{
    *out = (struct rights_question){.audience = audience, .person = person};
    if (g->mandate.len == 0)
        return RESULT_OK;
    out->person = is_company(&g->represented) ? NULL : &g->represented;
    return acting_mandate(p, a, g->mandate, person->dn, g->subject, g->client_id, &out->mandate);
}

struct str acting_scope(struct arena *a, struct str scope)
{
    struct str word, out = STR_EMPTY;
    while (str_word(&scope, &word)) {
        struct str parts[] = {out, out.len > 0 ? STR(" ") : STR_EMPTY, word};
        if (!str_eq(word, STR("email")) && !str_eq(word, STR("phone")))
            out = arena_join(a, parts, 3);
    }
    return out;
}

bool acting_put(json_t *out, struct str mandate, struct str actor)
{
    if (mandate.len == 0)
        return true;
    json_t *act = json_object();
    json_put_str(act, "sub", actor);
    if (json_object_size(act) != 1 || json_object_set(out, "act", act) != 0) {
        json_decref(act);
        return false;
    }
    json_decref(act);
    json_put_str(out, "mandate", mandate);
    return json_object_get(out, "mandate") != NULL;
}
