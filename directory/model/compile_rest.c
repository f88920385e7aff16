/* Resources and mandates. */
#include "directory/model/compile.h"

#include <stdlib.h>

static int by_resource(const void *pa, const void *pb)
{
    const struct item *a = *(struct item *const *)pa, *b = *(struct item *const *)pb;
    int order = model_compare(a->resource.client_id, b->resource.client_id);
    if (!order)
        order = model_compare(a->resource.resource_type, b->resource.resource_type);
    return order ? order : model_compare(a->resource.id, b->resource.id);
}

static const char *wrong_with(struct compile *job, const struct item *item, const struct resource_item *last)
{
    const struct resource_item *r = &item->resource;
    if (!model_application(job->m, r->client_id))
        return "onedoorClientId: no such application is registered; the resource is left out";
    if (last && str_eq(last->client_id, r->client_id) && str_eq(last->resource_type, r->resource_type) &&
        str_eq(last->id, r->id))
        return "cn: another entry names that resource; this one is left out";
    return NULL;
}

bool compile_resources(struct compile *job)
{
    struct model *m = job->m;
    struct items *items = &job->of[ITEM_RESOURCE];
    qsort(items->v, items->n, sizeof *items->v, by_resource);
    m->resources = compile_room(job, items->n, sizeof *m->resources);
    if (!m->resources)
        return false;
    for (uint32_t i = 0; i < items->n; i++) {
        const char *wrong =
            wrong_with(job, items->v[i], m->resource_count > 0 ? m->resources[m->resource_count - 1] : NULL);
        if (wrong)
            faults_add_text(job->faults, items->v[i]->dn, str_of(wrong));
        else
            m->resources[m->resource_count++] = &items->v[i]->resource;
    }
    return true;
}

static int by_mandate(const void *pa, const void *pb)
{
    const struct item *a = *(struct item *const *)pa, *b = *(struct item *const *)pb;
    int order = model_compare(a->mandate.id, b->mandate.id);
    return order ? order : model_compare(a->dn, b->dn);
}

static void check_applications(struct compile *job, const struct item *item)
{
    const struct words *named = &item->mandate.applications;
    for (size_t i = 0; i < named->n; i++)
        if (!model_application(job->m, named->v[i]))
            faults_add(job->faults, item->dn,
                       "onedoorMandateClientId: no application \"" STR_FMT "\" is registered",
                       STR_ARG(named->v[i]));
}

static bool map_parties(struct compile *job)
{
    struct model *m = job->m;
    struct key_pairs agents, represented;
    bool good = key_pairs_room(&agents, m->mandate_count);
    good = key_pairs_room(&represented, m->mandate_count) && good;
    for (uint32_t i = 0; good && i < m->mandate_count; i++) {
        key_pairs_add(&agents, &m->mandates[i]->agent, i);
        key_pairs_add(&represented, &m->mandates[i]->represented, i);
    }
    good = good && keymap_build(&m->by_agent, m->arena, &agents) &&
           keymap_build(&m->by_represented, m->arena, &represented);
    key_pairs_free(&agents);
    key_pairs_free(&represented);
    return good;
}

bool compile_mandates(struct compile *job)
{
    struct model *m = job->m;
    struct items *items = &job->of[ITEM_MANDATE];
    qsort(items->v, items->n, sizeof *items->v, by_mandate);
    m->mandates = compile_room(job, items->n, sizeof *m->mandates);
    if (!m->mandates)
        return false;
    for (uint32_t i = 0; i < items->n; i++) {
        const struct mandate *md = &items->v[i]->mandate;
        if (m->mandate_count > 0 && str_eq(m->mandates[m->mandate_count - 1]->id, md->id)) {
            faults_add(job->faults, items->v[i]->dn, "cn: another mandate has it; this one is left out");
            continue;
        }
        check_applications(job, items->v[i]);
        m->mandates[m->mandate_count++] = md;
    }
    return map_parties(job);
}
