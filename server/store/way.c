#include "server/store/way.h"

#include "server/base/clock.h"
#include "server/base/loop.h"
#include "server/base/task.h"

#include <stdlib.h>

/* What a store has at a loop. */
struct place {
    struct strand *strand;
    struct reader *reader; /* NULL: nobody listens */
    struct loop_member member;
};

static int64_t settle(void *arg, int64_t now)
{
    struct place *p = arg;
    int64_t reader = p->reader ? reader_settle(p->reader, now) : -1;
    int64_t strand = strand_settle(p->strand, now);
    return strand < 0 || (reader >= 0 && reader < strand) ? reader : strand;
}

static void gone(void *arg)
{
    struct place *p = arg;
    strand_free(p->strand);
    reader_free(p->reader);
    free(p);
}

static struct place *place_new(struct store *s, struct loop *l)
{
    const struct strand_parts parts = {&s->config, s->guard, &s->trouble, &s->flushes};
    struct place *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->strand = strand_new(l, &parts);
    if (!p->strand) {
        free(p);
        return NULL;
    }
    p->reader = s->watch ? reader_new(s->watch, s->stamps, p->strand) : NULL;
    p->member = (struct loop_member){.owner = s, .settle = settle, .gone = gone, .arg = p};
    loop_join(l, &p->member);
    return p;
}

static struct place *place_at(const struct store *s, struct loop *l)
{
    const struct loop_member *m = l ? loop_member_of(l, s) : NULL;
    return m ? m->arg : NULL;
}

bool store_here(struct store *s)
{
    struct loop *l = loop_current();
    struct place *p = place_at(s, l);
    if (!p && l)
        p = place_new(s, l);
    return p && strand_stands(p->strand);
}

struct way way_of(struct store *s, bool writes)
{
    struct place *p = task_current() ? place_at(s, loop_current()) : NULL;
    return (struct way){.s = s,
                        .strand = p ? p->strand : NULL,
                        .reader = p ? p->reader : NULL,
                        .lane = writes ? s->writes : s->reads};
}

enum link way_run(const struct way *w, const struct batch *b, redisReply **replies, int64_t deadline,
                  uint64_t *life)
{
    return w->strand ? strand_run(w->strand, b, replies, deadline, life)
                     : lane_run(w->lane, b, replies, deadline, life);
}

enum link way_run_on(const struct way *w, uint64_t life, const struct batch *b, redisReply **replies,
                     int64_t deadline)
{
    return w->strand ? strand_run_on(w->strand, life, b, replies, deadline)
                     : lane_run_on(w->lane, life, b, replies, deadline);
}

void way_leave(const struct way *w, uint64_t life)
{
    if (w->strand)
        strand_leave(w->strand, life);
    else
        lane_leave(w->lane, life);
}

uint64_t way_tracked(const struct way *w, uint8_t *reader)
{
    *reader = 0;
    if (!w->strand)
        return w->s->watch ? watch_life(w->s->watch) : 0;
    if (!w->reader)
        return 0;
    *reader = (uint8_t)reader_number(w->reader);
    stamps_want(w->s->stamps, *reader, clock_monotonic_ms());
    return reader_life(w->reader);
}

/* A lane that failed looks after itself. */
void way_warn(const struct way *w)
{
    struct lane *lanes[] = {w->s->reads, w->s->writes};
    for (int i = 0; i < 2; i++)
        if (w->strand || lanes[i] != w->lane)
            lane_suspect(lanes[i]);
}
