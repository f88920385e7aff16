#include "server/token/rights.h"

#include "server/base/clock.h"
#include "server/token/claims.h"

static const struct {
    const char *scope;
    unsigned part;
} parts_of[] = {
    {"roles", RIGHTS_ROLES},
    {"groups", RIGHTS_GROUPS},
    {"organisation", RIGHTS_ORGANISATION},
};

unsigned rights_parts(struct str scope)
{
    unsigned parts = 0;
    for (size_t i = 0; i < sizeof parts_of / sizeof parts_of[0]; i++)
        if (str_has_word(scope, str_of(parts_of[i].scope)))
            parts |= parts_of[i].part;
    return parts;
}

void rights_claims_supported(json_t *array)
{
    static const char *const names[] = {"roles",      "groups", "entitlements",
                                        "data_scope", "org",    "access_evaluation_endpoint"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        json_array_append_new(array, json_string(names[i]));
}

/* Every append and set is checked: a right that got lost for lack of memory must not look like none. */
static bool put_list(json_t *out, const char *name, const struct words *words)
{
    json_t *array = json_array();
    bool good = array != NULL;
    for (size_t i = 0; good && i < words->n; i++)
        good = json_array_append_new(array, json_stringn(words->v[i].p, words->v[i].len)) == 0;
    if (good && words->n > 0)
        good = json_object_set(out, name, array) == 0;
    json_decref(array);
    return good;
}

/* {"primary": "330102/D0412", "others": ["330102/D0077"]} */
static bool put_organisations(json_t *out, const struct words *words)
{
    if (words->n == 0)
        return true;
    json_t *org = json_object();
    const struct words others = {words->v + 1, words->n - 1};
    bool good = org && json_object_set_new(org, "primary", json_stringn(words->v[0].p, words->v[0].len)) == 0;
    good = good && put_list(org, "others", &others) && json_object_set(out, "org", org) == 0;
    json_decref(org);
    return good;
}

/* Paths one by one; one that ends in "/" + "*" stands for itself and all below. */
static bool put_paths(struct arena *a, json_t *out, const char *type, const struct type_scope *s)
{
    struct words paths = {arena_alloc(a, (s->organisations.n + 1) * sizeof(struct str)), s->organisations.n};
    bool below = s->scope == SCOPE_LISTED_AND_BELOW;
    for (size_t i = 0; paths.v && i < paths.n; i++) {
        struct str parts[] = {s->organisations.v[i], below ? STR("/*") : STR_EMPTY};
        paths.v[i] = arena_join(a, parts, 2);
    }
    return paths.v && put_list(out, type, &paths);
}

/* {"case": "department-and-below", "form": ["330102/D0412"]} */
static bool put_scopes(struct arena *a, json_t *out, const struct rights *r)
{
    json_t *scopes = json_object();
    bool good = scopes != NULL;
    for (size_t i = 0; good && i < r->scope_count; i++) {
        const struct type_scope *s = &r->scopes[i];
        const char *type = arena_cstr(a, s->resource_type);
        bool listed = s->scope == SCOPE_LISTED || s->scope == SCOPE_LISTED_AND_BELOW;
        good = type && (listed ? put_paths(a, scopes, type, s)
                               : json_object_set_new(scopes, type, json_string(scope_word(s->scope))) == 0);
    }
    if (good && json_object_size(scopes) > 0)
        good = json_object_set(out, "data_scope", scopes) == 0;
    json_decref(scopes);
    return good;
}

static bool put_rights(struct arena *a, json_t *out, const struct rights *r, unsigned parts)
{
    bool good = true;
    if (parts & RIGHTS_ROLES)
        good = put_list(out, "roles", &r->roles) && put_list(out, "entitlements", &r->entitlements) &&
               put_scopes(a, out, r);
    if (good && (parts & RIGHTS_GROUPS))
        good = put_list(out, "groups", &r->groups);
    return good;
}

/* The application that a token's audience stands for; STR_EMPTY when none is registered any more. */
static struct str client_of_audience(struct provider *p, struct arena *a, struct str audience)
{
    const struct application *app = applications_find(p->applications, a, audience);
    if (!app)
        app = applications_of_resource(p->applications, a, audience);
    return app ? app->client_id : STR_EMPTY;
}

static enum result ask_model(struct provider *p, struct arena *a, const struct rights_question *q,
                             struct rights *out)
{
    struct subject subject;
    const struct model *m = live_model(p->live, a);
    if (!m)
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_UNAVAILABLE;
    if (q->person && !subject_of_person(q->person, &subject))
        return RESULT_INTERNAL;
    struct str client_id = client_of_audience(p, a, q->audience);
    bool good = model_rights(m, a, client_id, q->person ? &subject : NULL, q->mandate, clock_now(), out);
    return good ? RESULT_OK : RESULT_INTERNAL;
}

enum result rights_put(struct provider *p, struct arena *a, const struct rights_question *q, unsigned parts,
                       json_t *out)
{
    struct rights rights = {0};
    json_t *claims = json_new(a);
    if (parts == 0)
        return RESULT_OK;
    enum result r = ask_model(p, a, q, &rights);
    if (r != RESULT_OK)
        return r;
    if (!claims || !put_rights(a, claims, &rights, parts))
        return RESULT_INTERNAL;
    if (json_object_size(claims) > 0 && json_text(a, claims).len > (size_t)p->config.rights_bytes) {
        json_object_clear(claims);
        json_put_str(claims, "access_evaluation_endpoint",
                     arena_join(a, (struct str[]){p->config.issuer, STR("/access/v1/evaluation")}, 2));
    }
    bool good = !(parts & RIGHTS_ORGANISATION) || put_organisations(claims, &rights.organisations);
    good = good && json_object_update(out, claims) == 0 && !arena_failed(a);
    return good ? RESULT_OK : RESULT_INTERNAL;
}

static bool is_in_one_of(const struct model *m, const struct subject *who, const struct str_list *groups)
{
    for (size_t i = 0; i < groups->n; i++)
        if (model_in_group(m, who, groups->v[i]))
            return true;
    return groups->n == 0;
}

enum result rights_admit(struct provider *p, struct arena *a, const struct application *app,
                         const struct person *person)
{
    struct subject who;
    const struct model *m;
    int64_t identity = identity_level_of(p, person->kind, person->identity_level);
    if (!application_admits_kind(app, person->kind) || identity < app->required_identity)
        return RESULT_REFUSED;
    if (app->allowed_groups.n == 0)
        return RESULT_OK;
    m = live_model(p->live, a);
    if (!m)
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_UNAVAILABLE;
    if (!subject_of_person(person, &who))
        return RESULT_INTERNAL;
    return is_in_one_of(m, &who, &app->allowed_groups) ? RESULT_OK : RESULT_REFUSED;
}
