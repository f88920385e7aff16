#include "server/pages/mandate_look.h"

#include "server/base/buf.h"
#include "server/base/clock.h"
#include "server/base/encode.h"

bool mandate_entry_holds(const struct mandate *md)
{
    int64_t now = clock_now();
    return md->state == MANDATE_CONFIRMED && md->from <= now && now < md->until;
}

struct mandate_actor mandate_actor_of(const struct visit *v)
{
    return (struct mandate_actor){.side = MANDATE_AGENT,
                                  .dn = v->session->person.dn,
                                  .subject = v->session->person.subject,
                                  .sid = v->session->sid,
                                  .source = v->req->source,
                                  .reference = v->req->reference};
}

/* The first one that holds, of the company or of the id; the registry itself is asked, not a memory of it. */
static enum result find(struct visit *v, const struct dn_key *company, struct str id,
                        struct mandate_entry *out)
{
    struct mandate_entries held;
    enum result r = mandate_list(v->au, v->arena, MANDATE_AGENT, v->session->person.dn, &held);
    if (r != RESULT_OK)
        return r;
    for (size_t i = 0; i < held.n; i++) {
        const struct mandate *md = &held.v[i].md;
        bool meant = company ? dn_key_eq(&md->represented, company) : str_eq(md->id, id);
        if (meant && mandate_appoints(md) && mandate_entry_holds(md)) {
            *out = held.v[i];
            return RESULT_OK;
        }
    }
    return RESULT_NOT_FOUND;
}

enum result mandate_representative(struct visit *v, const struct dn_key *company, struct mandate_entry *out)
{
    return find(v, company, STR_EMPTY, out);
}

enum result mandate_representative_by_id(struct visit *v, struct str id, struct mandate_entry *out)
{
    return find(v, NULL, id, out);
}

struct str mandate_new_uri(struct visit *v, const struct mandate *appoint)
{
    struct buf text;
    buf_init(&text, 1024);
    buf_add(&text, STR("/mandates/new"));
    if (appoint) {
        buf_add(&text, STR("?for="));
        url_encode(&text, appoint->id);
    }
    struct str uri = arena_copy(v->arena, buf_str(&text));
    buf_free(&text);
    return uri;
}

static json_t *application_names(struct visit *v, const struct words *client_ids)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < client_ids->n; i++) {
        struct str id = client_ids->v[i];
        const struct application *app = applications_find(v->p->applications, v->arena, id);
        struct str name = app ? visit_words(v, app->name, app->name_zh) : id;
        json_array_append_new(list, json_stringn(name.p, name.len));
    }
    return list;
}

static json_t *word_list(const struct words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < words->n; i++)
        json_array_append_new(list, json_stringn(words->v[i].p, words->v[i].len));
    return list;
}

json_t *mandate_item(struct visit *v, const struct mandate_entry *e, enum mandate_side side)
{
    const struct mandate *md = &e->md;
    struct str represented = md->represented_name.len > 0 ? md->represented_name : md->represented_sub;
    json_t *item = json_object();
    json_put_str(item, "id", md->id);
    json_put_str(item, "who", side == MANDATE_AGENT ? represented : e->agent_name);
    json_put_str(item, "kind", str_of(mandate_kind_word(md->kind)));
    json_put_str(item, "state", str_of(mandate_state_word(md->state)));
    json_put_str(item, "until", visit_day(v, md->until));
    json_object_set_new(item, "appoints", json_boolean(mandate_appoints(md)));
    json_object_set_new(item, "endable", json_boolean(side == MANDATE_AGENT || !mandate_appoints(md)));
    json_object_set_new(item, "applications",
                        mandate_appoints(md) ? json_array() : application_names(v, &md->applications));
    json_object_set_new(item, "permissions",
                        mandate_appoints(md) ? json_array() : word_list(&md->permissions));
    return item;
}
