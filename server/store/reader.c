#include "server/store/reader.h"

#include "server/base/clock.h"
#include "server/store/tick.h"

#include <stdlib.h>

enum { PAUSE_MS = 100 };

/* On whose behalf Redis was asked: the strand's connection, and the listener that is to be told. */
struct pact {
    uint64_t life, listener;
};

struct reader {
    struct watch *watch;
    struct stamps *stamps;
    struct strand *strand;
    unsigned number;
    struct pact agreed, asked;
    bool asking, ticking; /* under way */
    int64_t next;         /* when to tick, or to ask, again */
};

struct reader *reader_new(struct watch *watch, struct stamps *stamps, struct strand *strand)
{
    unsigned number = stamps_add_reader(stamps);
    struct reader *r = number > 0 ? calloc(1, sizeof *r) : NULL;
    if (r)
        *r = (struct reader){.watch = watch, .stamps = stamps, .strand = strand, .number = number};
    return r;
}

void reader_free(struct reader *r)
{
    free(r);
}

unsigned reader_number(const struct reader *r)
{
    return r->number;
}

static bool is_agreed(const struct reader *r, uint64_t life, uint64_t listener)
{
    return life != 0 && listener != 0 && r->agreed.life == life && r->agreed.listener == listener;
}

uint64_t reader_life(const struct reader *r)
{
    uint64_t life = strand_life(r->strand);
    return is_agreed(r, life, watch_listener(r->watch).number) ? life : 0;
}

/* What was read over another connection, or for another listener, may have changed unheard. */
static void agreed(void *arg, enum link link, redisReply *const *replies)
{
    struct reader *r = arg;
    r->asking = false;
    if (link != LINK_OK || !reply_ok(replies[0])) {
        r->next = clock_monotonic_ms() + PAUSE_MS;
        return;
    }
    stamps_forget_reader(r->stamps, r->number);
    r->agreed = r->asked;
    r->next = 0;
}

static void ask(struct reader *r, const struct watch_listener *listener, uint64_t life, int64_t now)
{
    struct batch b;
    batch_init(&b);
    tick_track(&b, listener->id);
    r->asked = (struct pact){life, listener->number};
    r->asking = true; /* the answer may be there before strand_send returns */
    if (!strand_send(r->strand, &b, now + watch_patience_ms(r->watch), agreed, r))
        r->asking = false;
    batch_free(&b);
}

static void ticked(void *arg, enum link link, redisReply *const *replies)
{
    struct reader *r = arg;
    (void)link;
    (void)replies; /* it counts when the listener hears it */
    r->ticking = false;
}

static void tick(struct reader *r, int64_t now)
{
    const struct tick t = {r->number, r->agreed.listener, now};
    struct batch b;
    batch_init(&b);
    tick_publish(&b, watch_channel(r->watch), &t);
    r->ticking = true;
    if (!strand_send(r->strand, &b, now + watch_patience_ms(r->watch), ticked, r))
        r->ticking = false;
    r->next = now + TICK_MS;
    batch_free(&b);
}

/* The answer to what is under way makes another turn. */
int64_t reader_settle(struct reader *r, int64_t now)
{
    const struct watch_listener listener = watch_listener(r->watch);
    uint64_t life = strand_life(r->strand);
    if (life == 0 || listener.number == 0 || r->asking || r->ticking ||
        !stamps_wanted(r->stamps, r->number, now))
        return -1;
    if (now < r->next)
        return r->next - now;
    if (!is_agreed(r, life, listener.number))
        ask(r, &listener, life, now);
    else
        tick(r, now);
    return -1;
}
