#include "directory/model/circles.h"

static const uint32_t no_part = UINT32_MAX;

struct search {
    const struct graph *g;
    struct parts *out;
    uint32_t *index;          /* by node: the how-manieth it was; 0: not come to yet */
    uint32_t *low;            /* by node: the least index that is known to be come to from it */
    uint32_t *edge;           /* by node: how many of its edges were looked at */
    uint32_t *path, path_n;   /* from where the search began to where it is */
    uint32_t *open, open_n;   /* come to, and in no part yet */
    uint32_t count, closed_n; /* nodes come to; nodes in a part */
};

static void enter(struct search *s, uint32_t node)
{
    s->index[node] = s->low[node] = ++s->count;
    s->open[s->open_n++] = node;
    s->path[s->path_n++] = node;
}

/* Nothing of before can be come to from here: what was come to since is a part. */
static void close_part(struct search *s, uint32_t node)
{
    struct parts *out = s->out;
    struct run run = {s->closed_n, 0};
    uint32_t last;
    do {
        last = s->open[--s->open_n];
        out->nodes[s->closed_n++] = last;
        out->of[last] = out->n;
        run.count++;
    } while (last != node);
    out->v[out->n++] = run;
}

static void take_low(struct search *s, uint32_t node, uint32_t low)
{
    if (low < s->low[node])
        s->low[node] = low;
}

static void leave(struct search *s, uint32_t node)
{
    s->path_n--;
    if (s->low[node] == s->index[node])
        close_part(s, node);
    else
        take_low(s, s->path[s->path_n - 1], s->low[node]);
}

static void look_at(struct search *s, uint32_t node, uint32_t to)
{
    if (s->index[to] == 0)
        enter(s, to);
    else if (s->out->of[to] == no_part)
        take_low(s, node, s->index[to]);
}

static void search_from(struct search *s, uint32_t node)
{
    for (enter(s, node); s->path_n > 0;) {
        uint32_t at = s->path[s->path_n - 1];
        struct run edges = s->g->edges[at];
        if (s->edge[at] < edges.count)
            look_at(s, at, s->g->to[edges.first + s->edge[at]++]);
        else
            leave(s, at);
    }
}

bool parts_find(struct parts *out, struct arena *a, const struct graph *g)
{
    size_t n = g->n;
    struct search s = {.g = g, .out = out};
    uint32_t **const arrays[] = {&s.index, &s.low, &s.edge, &s.path, &s.open, &out->nodes, &out->of};
    bool good = true;
    *out = (struct parts){.v = arena_alloc(a, n * sizeof *out->v)};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = arena_alloc(a, n * sizeof(uint32_t));
        good = good && *arrays[i];
    }
    if (!good || !out->v)
        return false;
    for (uint32_t i = 0; i < g->n; i++)
        out->of[i] = no_part;
    for (uint32_t i = 0; i < g->n; i++)
        if (s.index[i] == 0)
            search_from(&s, i);
    return true;
}
