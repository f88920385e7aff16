/* Several operations as one: MULTI, what each adds, EXEC, and the answer's parts handed back to each. */
#include "server/store/sealed.h"

/* One step on its way: under which name, and where in EXEC's answer its own begins. */
struct going {
    struct store_step *step;
    struct key_name name;
    size_t at;
};

static enum result add_record(struct work *w, struct arena *a, struct going *g)
{
    const struct store_step *s = g->step;
    const struct store_put put = {s->kind, s->id, s->value, s->ttl, s->act == STEP_UPDATE};
    return sealed_put(w, a, &put);
}

static enum result add_get(struct work *w, struct arena *a, struct going *g)
{
    (void)a;
    BATCH_ADD(&w->batch, STR("GET"), key_name_str(&g->name));
    return RESULT_OK;
}

static enum result add_take(struct work *w, struct arena *a, struct going *g)
{
    (void)a;
    work_changes(w, &g->name);
    BATCH_ADD(&w->batch, STR("GETDEL"), key_name_str(&g->name));
    return RESULT_OK;
}

static enum result add_delete(struct work *w, struct arena *a, struct going *g)
{
    (void)a;
    work_ends(w, g->step->kind, &g->name);
    BATCH_ADD(&w->batch, STR("DEL"), key_name_str(&g->name));
    return RESULT_OK;
}

static enum result add_spend(struct work *w, struct arena *a, struct going *g)
{
    struct digits ttl;
    struct str sealed;
    enum result r = seal_close(w->s->seal, a, key_place_str(&g->name), g->step->value, &sealed);
    if (r == RESULT_OK)
        BATCH_ADD(&w->batch, STR("SET"), key_name_str(&g->name), sealed, STR("NX"), STR("EX"),
                  word_of_ttl(&ttl, g->step->ttl));
    return r;
}

static enum result add_member(struct work *w, struct arena *a, struct going *g)
{
    return set_add_commands(w, a, g->step->kind, &g->name, g->step->value, g->step->ttl);
}

static enum result add_count(struct work *w, struct arena *a, struct going *g)
{
    (void)a;
    counter_add_commands(w, &g->name, g->step->number, g->step->ttl);
    return RESULT_OK;
}

/* These two ask the table below what an answer of nil means. */
static enum result take_ok(const struct work *w, struct arena *a, const struct going *g,
                           redisReply *const *replies);
static enum result take_value(const struct work *w, struct arena *a, const struct going *g,
                              redisReply *const *replies);

static enum result take_number(const struct work *w, struct arena *a, const struct going *g,
                               redisReply *const *replies)
{
    (void)w, (void)a;
    size_t last = g->step->act == STEP_ADD ? SET_ADD_COMMANDS - 1 : COUNTER_COUNTED;
    return reply_int(replies[last], &g->step->number) ? RESULT_OK : RESULT_UNAVAILABLE;
}

static enum result take_nothing(const struct work *w, struct arena *a, const struct going *g,
                                redisReply *const *replies)
{
    (void)w, (void)a, (void)g, (void)replies;
    return RESULT_OK;
}

static const struct {
    enum result (*add)(struct work *w, struct arena *a, struct going *g);
    enum result (*take)(const struct work *w, struct arena *a, const struct going *g,
                        redisReply *const *replies);
    size_t commands;
    bool once;       /* must not be sent a second time */
    enum result nil; /* what that answer means */
} acts[] = {
    [STEP_PUT] = {add_record, take_ok, 1, false, RESULT_UNAVAILABLE},
    [STEP_UPDATE] = {add_record, take_ok, 1, false, RESULT_NOT_FOUND},
    [STEP_GET] = {add_get, take_value, 1, false, RESULT_OK},
    [STEP_TAKE] = {add_take, take_value, 1, true, RESULT_NOT_FOUND},
    [STEP_SPEND] = {add_spend, take_ok, 1, true, RESULT_USED},
    [STEP_DELETE] = {add_delete, take_nothing, 1, false, RESULT_OK},
    [STEP_ADD] = {add_member, take_number, SET_ADD_COMMANDS, false, RESULT_UNAVAILABLE},
    [STEP_COUNT] = {add_count, take_number, COUNTER_COMMANDS, true, RESULT_UNAVAILABLE},
};

static enum result take_ok(const struct work *w, struct arena *a, const struct going *g,
                           redisReply *const *replies)
{
    (void)w, (void)a;
    return reply_ok(replies[0]) ? RESULT_OK : acts[g->step->act].nil;
}

static enum result take_value(const struct work *w, struct arena *a, const struct going *g,
                              redisReply *const *replies)
{
    struct store_step *s = g->step;
    enum result r = sealed_open(w, a, s->kind, &g->name, replies[0], &s->value);
    if (r == RESULT_OK && !s->value.p)
        s->value = STR("");
    return r == RESULT_NOT_FOUND ? acts[s->act].nil : r;
}

bool store_steps_add(struct store_steps *all, struct store_step one)
{
    if (all->n == STORE_STEPS_MOST)
        return false;
    all->v[all->n++] = one;
    return true;
}

bool store_steps_put(struct store_steps *all, const struct store_puts *puts)
{
    bool fits = true;
    for (size_t i = 0; fits && i < puts->n; i++) {
        const struct store_put *p = &puts->v[i];
        fits = store_steps_add(all, (struct store_step){.act = p->updates ? STEP_UPDATE : STEP_PUT,
                                                        .kind = p->kind,
                                                        .id = p->id,
                                                        .value = p->value,
                                                        .ttl = p->ttl});
    }
    return fits;
}

static enum work_kind kind_of(const struct store_steps *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (acts[all->v[i].act].once)
            return WORK_ONCE;
    return WORK_AGAIN;
}

static enum result add_steps(struct work *w, struct arena *a, struct store_steps *all, struct going *going)
{
    enum result r = RESULT_OK;
    BATCH_ADD(&w->batch, STR("MULTI"));
    for (size_t i = 0; r == RESULT_OK && i < all->n; i++) {
        struct going *g = &going[i];
        g->step = &all->v[i];
        g->at = w->batch.commands - 1;
        r = work_key(w, g->step->kind, g->step->id, &g->name);
        if (r == RESULT_OK)
            r = acts[g->step->act].add(w, a, g);
    }
    BATCH_ADD(&w->batch, STR("EXEC"));
    return r;
}

/* Whatever became of one, the others were carried out too: the first that is not OK speaks for all. */
static enum result take_steps(const struct work *w, struct arena *a, const struct store_steps *all,
                              const struct going *going, const redisReply *exec)
{
    enum result said = RESULT_OK;
    if (exec->type != REDIS_REPLY_ARRAY)
        return RESULT_UNAVAILABLE;
    for (size_t i = 0; i < all->n; i++) {
        const struct going *g = &going[i];
        size_t end = g->at + acts[g->step->act].commands;
        g->step->result = end <= exec->elements ? acts[g->step->act].take(w, a, g, exec->element + g->at)
                                                : RESULT_UNAVAILABLE;
        if (said == RESULT_OK || g->step->result == RESULT_UNAVAILABLE || g->step->result == RESULT_INTERNAL)
            said = g->step->result;
    }
    return said;
}

enum result store_together(struct store *s, struct arena *a, struct store_steps *all)
{
    struct work w;
    struct going going[STORE_STEPS_MOST];
    enum result r = work_begin(&w, s, kind_of(all));
    if (r == RESULT_OK)
        r = add_steps(&w, a, all, going);
    size_t exec = w.batch.commands - 1;
    if (r == RESULT_OK)
        r = work_run(&w);
    if (r == RESULT_OK)
        r = take_steps(&w, a, all, going, w.replies[exec]);
    return work_end(&w, r);
}
