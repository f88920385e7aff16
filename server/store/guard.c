#include "server/store/guard.h"

#include "server/base/glance.h"
#include "server/base/log.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A value of the epoch's key that is known to open to the name of that generation's epoch. */
struct mark {
    uint64_t generation;
    size_t len;
    char value[128];
};

/*
 * Whoever changes something takes the lock and, while holding it, lays out a copy of what it changed. An
 * operation that reads looks at the copies alone, one that writes takes the lock once, to count its number.
 */
struct guard {
    const struct seal *seal;
    struct key_name epoch_key;
    pthread_mutex_t lock;
    bool live;
    struct view now;
    struct glance shown;   /* a copy of `now` */
    atomic_ullong serving; /* now.generation while live, else 0 */
    struct glance mark;    /* a struct mark */
    int64_t floor;
};

struct guard *guard_new(const struct store_config *config, const struct seal *seal)
{
    struct guard *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->seal = seal;
    key_name_plain(&g->epoch_key, config->prefix, "epoch", "");
    pthread_mutex_init(&g->lock, NULL);
    return g;
}

void guard_free(struct guard *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->lock);
    free(g);
}

const struct key_name *guard_epoch_key(const struct guard *g)
{
    return &g->epoch_key;
}

/* The next three are called under the lock. */

static void show(struct guard *g)
{
    glance_put(&g->shown, &g->now, sizeof g->now);
}

static void set_live(struct guard *g, bool live)
{
    g->live = live;
    atomic_store(&g->serving, live ? g->now.generation : 0);
}

uint64_t guard_serving(const struct guard *g)
{
    return atomic_load(&g->serving);
}

static void set_mark(struct guard *g, const struct mark *m)
{
    glance_put(&g->mark, m, sizeof *m);
}

static bool is_live(const struct guard *g, const struct view *v)
{
    return v->generation != 0 && guard_serving(g) == v->generation;
}

bool guard_view(struct guard *g, struct view *out)
{
    glance_get(&g->shown, out, sizeof *out);
    return is_live(g, out);
}

int64_t guard_floor(struct guard *g)
{
    pthread_mutex_lock(&g->lock);
    int64_t floor = g->floor;
    pthread_mutex_unlock(&g->lock);
    return floor;
}

void guard_ask(struct guard *g, const struct view *v, struct batch *b, bool writes)
{
    BATCH_ADD(b, writes ? STR("INCR") : STR("GET"), key_name_str(&v->beat));
    BATCH_ADD(b, STR("GET"), key_name_str(&g->epoch_key));
}

enum result guard_seal_epoch(struct guard *g, struct arena *a, struct str epoch, struct str *out)
{
    return seal_close(g->seal, a, key_place_str(&g->epoch_key), epoch, out);
}

bool guard_is_epoch(struct guard *g, struct str value, struct str epoch)
{
    if (!value.p)
        return false;
    struct arena *a = arena_new(4096);
    struct str name;
    bool same = a && seal_open(g->seal, a, key_place_str(&g->epoch_key), value, &name) == RESULT_OK &&
                str_eq(name, epoch);
    arena_free(a);
    return same;
}

/* Opening the value costs more than comparing it, and it hardly ever changes. */
static bool is_mark(struct guard *g, const struct view *v, struct str value)
{
    struct mark m;
    glance_get(&g->mark, &m, sizeof m);
    if (m.generation == v->generation && m.len > 0 && str_eq(value, (struct str){m.value, m.len}))
        return true;
    if (!guard_is_epoch(g, value, str_of(v->epoch)))
        return false;
    if (value.len > sizeof m.value)
        return true;
    m = (struct mark){.generation = v->generation, .len = value.len};
    memcpy(m.value, value.p, value.len);
    pthread_mutex_lock(&g->lock);
    set_mark(g, &m);
    pthread_mutex_unlock(&g->lock);
    return true;
}

void guard_doubt(struct guard *g, uint64_t generation, enum doubt doubt, const char *why)
{
    pthread_mutex_lock(&g->lock);
    bool same = g->now.generation == generation;
    bool began = same && g->live;
    if (same)
        set_live(g, false);
    if (same && doubt == DOUBT_LOSS) {
        g->now.lost = true;
        show(g);
    }
    pthread_mutex_unlock(&g->lock);
    if (began)
        LOG(LOG_LEVEL_WARN, "store.doubt", LOG_Z("why", why));
}

/* Whether the number is still in Redis, asked on the very connection that brought it. */
static bool still_there(const struct asker *c, const struct view *v, int64_t number, int64_t deadline)
{
    struct batch b;
    redisReply *reply[1] = {NULL};
    batch_init(&b);
    BATCH_ADD(&b, STR("GET"), key_name_str(&v->beat));
    int64_t beat;
    bool there =
        c->run(c->arg, &b, reply, deadline) == LINK_OK && reply_int(reply[0], &beat) && beat >= number;
    replies_free(reply, 1);
    batch_free(&b);
    return there;
}

/*
 * A number may only count while its connection is of the same life of Redis as all that were opened since:
 * otherwise one that Redis has forgotten could slip in behind the check of a newer connection. So when there
 * was an opening meanwhile, the old connection must prove that it still lives.
 */
static enum result acknowledge(struct guard *g, const struct asker *c, struct view *v, int64_t number,
                               int64_t deadline)
{
    for (int tries = 0; tries < 8; tries++) {
        pthread_mutex_lock(&g->lock);
        bool live = g->live && g->now.generation == v->generation;
        bool settled = g->now.openings == v->openings;
        if (live && settled && number > g->now.highest) {
            g->now.highest = number;
            show(g);
        }
        v->openings = g->now.openings;
        pthread_mutex_unlock(&g->lock);
        if (!live)
            return RESULT_UNAVAILABLE;
        if (settled)
            return RESULT_OK;
        if (!still_there(c, v, number, deadline))
            return RESULT_UNAVAILABLE;
    }
    return RESULT_UNAVAILABLE;
}

enum result guard_check(struct guard *g, const struct asker *c, struct view *v,
                        redisReply *const replies[GUARD_REPLIES], bool writes, int64_t deadline)
{
    int64_t number;
    bool has_number = reply_int(replies[0], &number);
    if (!has_number || number < v->highest || (writes && number == v->highest)) {
        guard_doubt(g, v->generation, DOUBT_LOSS, "writes were lost");
        return RESULT_UNAVAILABLE;
    }
    if (!is_mark(g, v, reply_str(replies[1]))) {
        guard_doubt(g, v->generation, DOUBT_EPOCH, "Redis names another epoch");
        return RESULT_UNAVAILABLE;
    }
    if (writes)
        return acknowledge(g, c, v, number, deadline);
    return is_live(g, v) ? RESULT_OK : RESULT_UNAVAILABLE;
}

bool guard_open(struct guard *g, struct view *out)
{
    pthread_mutex_lock(&g->lock);
    g->now.openings++;
    show(g);
    *out = g->now;
    bool live = g->live;
    pthread_mutex_unlock(&g->lock);
    return live;
}

enum result guard_admit(struct guard *g, const struct asker *c, int64_t deadline)
{
    struct view v;
    if (!guard_open(g, &v))
        return RESULT_UNAVAILABLE;
    struct batch b;
    redisReply *replies[GUARD_REPLIES] = {NULL};
    batch_init(&b);
    guard_ask(g, &v, &b, false);
    enum result r = RESULT_UNAVAILABLE;
    if (c->run(c->arg, &b, replies, deadline) == LINK_OK && !reply_error(replies[0]) &&
        !reply_error(replies[1]))
        r = guard_check(g, c, &v, replies, false, deadline);
    replies_free(replies, GUARD_REPLIES);
    batch_free(&b);
    return r;
}

void guard_resume(struct guard *g, uint64_t generation)
{
    pthread_mutex_lock(&g->lock);
    if (g->now.generation == generation && !g->now.lost)
        set_live(g, true);
    pthread_mutex_unlock(&g->lock);
}

void guard_enter(struct guard *g, const struct epoch *e, const struct key_name *name, int64_t beat)
{
    pthread_mutex_lock(&g->lock);
    g->now.generation++;
    memcpy(g->now.epoch, e->name, sizeof g->now.epoch);
    g->now.beat = *name;
    g->now.highest = beat;
    g->now.openings = 0;
    g->now.lost = false;
    g->floor = e->changed;
    show(g);
    set_live(g, true);
    pthread_mutex_unlock(&g->lock);
}
