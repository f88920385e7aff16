#include "server/queue.h"

#include <stdlib.h>

enum { LINES = 512 };

struct place {
    struct queued job;
    size_t next; /* in its line, or among the free ones */
};

struct line {
    size_t first, last, length;
};

struct queue {
    size_t waiting, free, size;
    struct line lines[LINES];
    unsigned turns[LINES], turn,
        active; /* the lines in which somebody stands: a ring, whose turn it is first */
    struct place places[];
};

struct queue *queue_new(size_t size)
{
    size = size > 0 ? size : 1;
    struct queue *q = calloc(1, sizeof *q + size * sizeof q->places[0]);
    if (!q)
        return NULL;
    q->size = size;
    for (size_t i = 0; i < size; i++)
        q->places[i].next = i + 1;
    return q;
}

void queue_free(struct queue *q)
{
    free(q);
}

size_t queue_waiting(const struct queue *q)
{
    return q->waiting;
}

size_t queue_ahead(const struct queue *q, uint32_t from)
{
    size_t rounds = q->lines[from % LINES].length, ahead = rounds;
    for (unsigned i = 0; i < q->active; i++) {
        unsigned number = q->turns[(q->turn + i) % LINES];
        size_t length = q->lines[number].length;
        if (number != from % LINES)
            ahead += length < rounds + 1 ? length : rounds + 1;
    }
    return ahead;
}

bool queue_put(struct queue *q, const struct queued *job)
{
    if (q->waiting == q->size)
        return false;
    size_t at = q->free;
    unsigned number = job->work.from % LINES;
    struct line *line = &q->lines[number];
    q->free = q->places[at].next;
    q->places[at].job = *job;
    if (line->length > 0)
        q->places[line->last].next = at;
    else {
        line->first = at;
        q->turns[(q->turn + q->active++) % LINES] = number;
    }
    line->last = at;
    line->length++;
    q->waiting++;
    return true;
}

static void leave(struct queue *q, struct line *line, struct queued *job)
{
    size_t at = line->first;
    *job = q->places[at].job;
    line->first = q->places[at].next;
    line->length--;
    q->places[at].next = q->free;
    q->free = at;
    q->waiting--;
}

bool queue_take(struct queue *q, struct queued *job)
{
    if (q->waiting == 0)
        return false;
    unsigned number = q->turns[q->turn];
    q->turn = (q->turn + 1) % LINES;
    q->active--;
    leave(q, &q->lines[number], job);
    if (q->lines[number].length > 0)
        q->turns[(q->turn + q->active++) % LINES] = number;
    return true;
}

/* The number of the longest line, if it is longer than that of `from` would be with one more; else LINES. */
static unsigned longest_line(const struct queue *q, uint32_t from)
{
    size_t most = q->lines[from % LINES].length + 1;
    unsigned longest = LINES;
    for (unsigned i = 0; i < q->active; i++) {
        unsigned number = q->turns[(q->turn + i) % LINES];
        if (q->lines[number].length <= most)
            continue;
        most = q->lines[number].length;
        longest = number;
    }
    return longest;
}

bool queue_has_room(const struct queue *q, uint32_t from)
{
    return q->waiting < q->size || longest_line(q, from) < LINES;
}

bool queue_make_room(struct queue *q, uint32_t from, struct queued *evicted)
{
    unsigned longest = longest_line(q, from);
    if (longest == LINES)
        return false;
    leave(q, &q->lines[longest], evicted);
    return true;
}
