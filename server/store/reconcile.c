/*
 * Which epoch holds. The registry has the word; Redis shows whether it still has all that was written in that
 * epoch. Several servers may do this at once: each step is idempotent or a compare-and-swap.
 */
#include "server/base/clock.h"
#include "server/base/encode.h"
#include "server/base/log.h"
#include "server/base/metric.h"
#include "server/base/random.h"
#include "server/store/store_internal.h"

#include <string.h>

/* What Redis holds of one epoch. */
struct findings {
    struct view view; /* of the epoch that was ours */
    bool named;       /* the epoch's key names this epoch */
    bool any;         /* it names some epoch, or holds something else */
    int64_t pulse;    /* 0: none */
    int64_t beat;     /* ours; 0: none */
};

enum verdict {
    KEPT,  /* nothing is missing */
    FRESH, /* no server has used this epoch yet */
    LOST
};

/* While the directory is away nothing new is granted: that deserves a line too. */
static enum result of_registry(struct store *s, enum result r)
{
    if (r != RESULT_OK && r != RESULT_USED)
        trouble_begin(&s->trouble, STR("registry"), str_of(result_name(r)));
    return r;
}

static void pulse_key(const struct store *s, const char *epoch, struct key_name *out)
{
    key_name_plain(out, s->config.prefix, "pulse:", epoch);
}

static void read_findings(struct store *s, const struct epoch *e, const redisReply *mget, struct findings *f)
{
    struct str value = reply_str(mget->element[0]);
    f->any = value.p != NULL;
    f->named = guard_is_epoch(s->guard, value, str_of(e->name));
    if (!reply_int(mget->element[1], &f->pulse))
        f->pulse = 0;
    if (!reply_int(mget->element[2], &f->beat))
        f->beat = 0;
}

static enum result look(struct store *s, const struct epoch *e, struct findings *f)
{
    int64_t deadline = store_deadline(s);
    *f = (struct findings){.any = false};
    if (!store_line(s, deadline))
        return RESULT_UNAVAILABLE;
    (void)guard_open(s->guard, &f->view);
    struct key_name pulse;
    pulse_key(s, e->name, &pulse);
    struct batch b;
    redisReply *reply[1] = {NULL};
    batch_init(&b);
    /* Before the first beat there is none to ask about; in a cluster an empty name would lie elsewhere. */
    const struct key_name *beat = f->view.beat.len > 0 ? &f->view.beat : &pulse;
    BATCH_ADD(&b, STR("MGET"), key_name_str(guard_epoch_key(s->guard)), key_name_str(&pulse),
              key_name_str(beat));
    bool ok = store_line_run(s, &b, reply, deadline);
    ok = ok && reply[0]->type == REDIS_REPLY_ARRAY && reply[0]->elements == 3;
    if (ok)
        read_findings(s, e, reply[0], f);
    replies_free(reply, 1);
    batch_free(&b);
    return ok ? RESULT_OK : RESULT_UNAVAILABLE;
}

static enum verdict judge(const struct store *s, const struct epoch *e, const struct findings *f)
{
    bool ours = f->view.generation > 0 && strcmp(f->view.epoch, e->name) == 0;
    if (ours && (f->view.lost || f->beat < f->view.highest || f->pulse < s->pulse_seen))
        return LOST;
    if (e->pulse == 0)
        return FRESH;
    return !f->any || f->pulse < e->pulse ? LOST : KEPT;
}

/* A beat of a new name that starts so high that one which begins anew can never reach it. */
static bool new_beat(const struct store *s, struct key_name *name, int64_t *start)
{
    unsigned char id[16];
    uint32_t offset;
    if (!random_bytes(id, sizeof id) || !random_bytes(&offset, sizeof offset))
        return false;
    struct arena *a = arena_new(1024);
    struct str text = a ? hex_encode(a, (struct str){(const char *)id, sizeof id}) : STR_EMPTY;
    const char *z = a ? arena_cstr(a, text) : NULL;
    if (z)
        key_name_plain(name, s->config.prefix, "beat:", z);
    arena_free(a);
    *start = ((int64_t)1 << 40) + offset;
    return z != NULL;
}

/* Everything that makes Redis one of this epoch and this server, in one transaction. */
static void add_install(struct store *s, struct batch *b, struct str mark, const struct key_name *beat,
                        int64_t start, const struct key_name *pulse)
{
    struct digits number, seconds;
    BATCH_ADD(b, STR("MULTI"));
    BATCH_ADD(b, STR("SET"), key_name_str(guard_epoch_key(s->guard)), mark);
    BATCH_ADD(b, STR("SET"), key_name_str(beat), word_of_int(&number, start), STR("EX"),
              word_of_int(&seconds, STORE_BEAT_TTL_S));
    BATCH_ADD(b, STR("INCR"), key_name_str(pulse));
    BATCH_ADD(b, STR("EXEC"));
}

/* The keys of the epoch that was ours are left to expire. */
static void add_farewell(struct store *s, struct batch *b, const struct view *old)
{
    struct digits seconds;
    if (old->generation == 0)
        return;
    BATCH_ADD(b, STR("DEL"), key_name_str(&old->beat));
    if (strcmp(old->epoch, s->epoch.name) != 0)
        return;
    BATCH_ADD(b, STR("EXPIRE"), key_name_str(&s->pulse), word_of_int(&seconds, STORE_BEAT_TTL_S));
}

static enum result install(struct store *s, const struct epoch *e, const struct findings *f,
                           const struct key_name *beat, int64_t start, int64_t *pulse)
{
    struct arena *a = arena_new(4096);
    struct batch b;
    redisReply *replies[BATCH_MAX] = {NULL};
    struct key_name key;
    struct str mark;
    batch_init(&b);
    pulse_key(s, e->name, &key);
    enum result r = a ? guard_seal_epoch(s->guard, a, str_of(e->name), &mark) : RESULT_INTERNAL;
    if (r != RESULT_OK)
        goto out;
    add_install(s, &b, mark, beat, start, &key);
    add_farewell(s, &b, &f->view);
    r = RESULT_UNAVAILABLE;
    if (!store_line_run(s, &b, replies, store_deadline(s)))
        goto out;
    const redisReply *exec = replies[4];
    if (exec->type == REDIS_REPLY_ARRAY && exec->elements == 3 && reply_int(exec->element[2], pulse) &&
        *pulse > f->pulse)
        r = RESULT_OK; /* otherwise Redis was emptied since it was looked at */
out:
    replies_free(replies, b.commands);
    batch_free(&b);
    arena_free(a);
    return r;
}

static void announce(struct store *s, const struct epoch *e)
{
    bool another = s->epoch.name[0] != '\0' && strcmp(s->epoch.name, e->name) != 0;
    if (!another && !s->advanced)
        return;
    s->advanced = false;
    metric_add(METRIC_EPOCH_CHANGES);
    LOG(LOG_LEVEL_WARN, "store.epoch_changed", LOG_Z("epoch", e->name), LOG_INT("floor", e->changed));
}

/* Writes the epoch into Redis, tells the registry that it is in use, and begins to grant. */
static enum result enter(struct store *s, struct epoch *e, const struct findings *f)
{
    struct key_name beat;
    int64_t start, pulse;
    if (!new_beat(s, &beat, &start))
        return RESULT_INTERNAL;
    enum result r = install(s, e, f, &beat, start, &pulse);
    if (r != RESULT_OK)
        return r;
    r = of_registry(s, epoch_stamp(s->directory, e, pulse));
    if (r != RESULT_OK)
        return r;
    announce(s, e);
    e->pulse = pulse;
    s->epoch = *e;
    pulse_key(s, e->name, &s->pulse);
    s->pulse_seen = pulse;
    guard_enter(s->guard, e, &beat, start);
    return RESULT_OK;
}

/* The doubt was about this server alone, or somebody put an old name into the epoch's key. */
static enum result resume(struct store *s, const struct epoch *e, const struct findings *f)
{
    struct arena *a = arena_new(4096);
    struct batch b;
    redisReply *reply[1] = {NULL};
    struct str mark;
    batch_init(&b);
    enum result r = a ? guard_seal_epoch(s->guard, a, str_of(e->name), &mark) : RESULT_INTERNAL;
    if (r == RESULT_OK && !f->named) {
        BATCH_ADD(&b, STR("SET"), key_name_str(guard_epoch_key(s->guard)), mark);
        r = store_line_run(s, &b, reply, store_deadline(s)) ? RESULT_OK : RESULT_UNAVAILABLE;
    }
    if (r == RESULT_OK)
        guard_resume(s->guard, f->view.generation);
    replies_free(reply, b.commands);
    batch_free(&b);
    arena_free(a);
    return r;
}

static enum result advance(struct store *s, const struct epoch *e, const char *why)
{
    struct epoch next;
    enum result r = epoch_advance(s->directory, e, &next);
    if (r != RESULT_OK)
        return of_registry(s, r);
    s->advanced = true;
    LOG(LOG_LEVEL_WARN, "store.epoch_advanced", LOG_Z("from", e->name), LOG_Z("to", next.name),
        LOG_Z("why", why));
    return RESULT_USED; /* look again, as everybody else does */
}

/* One look at both sides and one step on; USED when another is needed. */
static enum result step(struct store *s)
{
    struct epoch e;
    struct findings f;
    enum result r = epoch_read(s->directory, &e);
    if (r == RESULT_NOT_FOUND) {
        r = epoch_create(s->directory, &e);
        return r == RESULT_OK ? RESULT_USED : of_registry(s, r);
    }
    if (r != RESULT_OK)
        return of_registry(s, r);
    r = look(s, &e, &f);
    if (r != RESULT_OK)
        return r;
    switch (judge(s, &e, &f)) {
    case LOST:
        return advance(s, &e, "Redis has lost writes");
    case FRESH:
        if (e.changed > 0 && clock_now() > e.changed)
            return advance(s, &e, "it was never taken into use");
        return enter(s, &e, &f);
    case KEPT:
        break;
    }
    bool ours = f.view.generation > 0 && strcmp(f.view.epoch, e.name) == 0;
    return ours ? resume(s, &e, &f) : enter(s, &e, &f);
}

enum result store_reconcile(struct store *s)
{
    enum { MOST_STEPS = 6 };
    enum result r = RESULT_USED;
    for (int i = 0; i < MOST_STEPS && r == RESULT_USED; i++)
        r = step(s);
    if (r == RESULT_OK) {
        lane_flush(s->reads);
        lane_flush(s->writes);
        atomic_fetch_add(&s->flushes, 1);
    }
    return r;
}
