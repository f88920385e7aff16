/* From the entries to the snapshot: the items in order, then a step for each class. */
#include "directory/model/compile.h"

#include <stdlib.h>
#include <string.h>

/* Ceilings that only a broken count could reach. */
enum { MODEL_MEMORY_GB = 8 };
static const size_t model_memory = (size_t)MODEL_MEMORY_GB << 30;

static bool (*const steps[])(struct compile *job) = {
    compile_organisations, compile_groups,    compile_applications, compile_roles, compile_holdings,
    compile_exclusions,    compile_resources, compile_mandates,     compile_times,
};

void *compile_room(struct compile *job, size_t n, size_t size)
{
    return arena_alloc(job->m->arena, n * size);
}

static size_t valid_of(const struct content *c, int kind)
{
    size_t n = c->valid[kind];
    for (size_t i = 0; i < c->builtin_count; i++)
        n += (int)c->builtin[i]->kind == kind;
    return n;
}

static void gather_one(struct compile *job, struct item *item)
{
    struct items *list = &job->of[item->kind];
    struct model *m = job->m;
    list->v[list->n++] = item;
    m->items[m->item_count++] = item_use(item);
    m->item_bytes += arena_size(item->arena);
}

static bool gather(struct compile *job, const struct content *c)
{
    size_t all = 0;
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++) {
        size_t n = valid_of(c, kind);
        job->of[kind].v = arena_alloc(job->scratch, n * sizeof *job->of[kind].v);
        all += n;
    }
    job->m->items = compile_room(job, all, sizeof *job->m->items);
    if (!job->m->items || arena_failed(job->scratch) || all > UINT32_MAX / 4)
        return false;
    for (size_t i = 0; i < c->bucket_count; i++)
        for (const struct slot *s = c->buckets[i]; s; s = s->next)
            if (s->item->valid)
                gather_one(job, s->item);
    for (size_t i = 0; i < c->builtin_count; i++)
        gather_one(job, c->builtin[i]);
    return true;
}

static struct model *model_new(void)
{
    struct arena *a = arena_new(model_memory);
    struct model *m = a ? arena_alloc(a, sizeof *m) : NULL;
    if (m)
        m->arena = a;
    else
        arena_free(a);
    return m;
}

void model_free(void *model)
{
    struct model *m = model;
    if (!m)
        return;
    for (size_t i = 0; i < m->item_count; i++)
        item_done(m->items[i]);
    arena_free(m->arena);
}

static bool run_steps(struct compile *job, const struct content *c)
{
    bool good = gather(job, c);
    for (size_t i = 0; good && i < sizeof steps / sizeof steps[0]; i++)
        good = steps[i](job);
    return good && !arena_failed(job->m->arena) && !arena_failed(job->scratch);
}

struct model *content_compile(struct content *c)
{
    struct faults faults;
    struct compile job = {.m = model_new(), .scratch = arena_new(model_memory), .faults = &faults};
    bool good = faults_begin(&faults) && job.m && job.scratch && run_steps(&job, c);
    arena_free(job.scratch);
    if (!good) {
        model_free(job.m);
        faults_free(&faults);
        return NULL;
    }
    faults_log_new(&faults, &c->faults);
    faults_free(&c->faults);
    c->faults = faults;
    content_remember(c);
    return job.m;
}
