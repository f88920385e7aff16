/*
 * What is above each group: the groups that it is in, through any number of others. A list for each would
 * grow as the square where groups nest deeply, so lists share their ends: what is above a group is one of the
 * groups right above it, then what is above that one. A group with several right above it follows the one
 * that stands lowest, after a list of its own of what would be missed. The groups of a circle have the same
 * above them, themselves included.
 */
#include "directory/model/compile.h"

#include "directory/model/circles.h"

#include <stdlib.h>
#include <string.h>

/* The part of number i is told by the link of number i; its circle's groups, or the one group, come first. */
struct sharing {
    struct graph graph;
    struct parts parts;
    struct above *links;
    uint32_t link_n;
    uint32_t *height; /* by part: how many stand above one another from there */
    uint32_t *list;   /* the parts' nodes, then what would be missed */
    size_t list_n, list_room;
    uint32_t *missed;        /* by group: 1 + the part for which it was listed last */
    uint32_t *inside, epoch; /* by group: whether it is in what `inside_of` tells, when equal */
    uint32_t inside_of;
};

static bool begin(struct sharing *s, struct compile *job, const struct items *items)
{
    uint32_t n = items->n;
    struct run *edges = arena_alloc(job->scratch, n * sizeof *edges);
    for (uint32_t i = 0; edges && i < n; i++)
        edges[i] = keymap_find(&job->m->by_member, &items->v[i]->key);
    *s = (struct sharing){.graph = {n, edges, job->m->by_member.values}, .inside_of = NO_NUMBER};
    if (!edges || !parts_find(&s->parts, job->scratch, &s->graph))
        return false;
    s->links = arena_alloc(job->scratch, 2 * (size_t)n * sizeof *s->links);
    s->link_n = s->parts.n;
    s->height = arena_alloc(job->scratch, n * sizeof *s->height);
    s->missed = arena_alloc(job->scratch, n * sizeof *s->missed);
    s->inside = arena_alloc(job->scratch, n * sizeof *s->inside);
    s->list_n = s->list_room = n;
    s->list = malloc((n > 0 ? n : 1) * sizeof *s->list);
    if (s->list && n > 0)
        memcpy(s->list, s->parts.nodes, n * sizeof *s->list);
    return s->links && s->height && s->missed && s->inside && s->list;
}

static bool append(struct sharing *s, uint32_t group)
{
    if (s->list_n == s->list_room) {
        size_t room = 2 * s->list_room + 1024;
        uint32_t *more = room < UINT32_MAX ? realloc(s->list, room * sizeof *more) : NULL;
        if (!more)
            return false;
        s->list = more;
        s->list_room = room;
    }
    s->list[s->list_n++] = group;
    return true;
}

/* How a part stands to what is right above it. */
struct position {
    uint32_t lowest; /* of the parts right above it the one with most above it; NO_NUMBER: there is none */
    bool others;     /* there are more than that one */
    bool circle;
};

static void look_above(const struct sharing *s, uint32_t part, uint32_t group, struct position *out)
{
    struct run edges = s->graph.edges[group];
    for (uint32_t i = 0; i < edges.count; i++) {
        uint32_t above = s->parts.of[s->graph.to[edges.first + i]];
        out->circle = out->circle || above == part;
        if (above == part || above == out->lowest)
            continue;
        out->others = out->others || out->lowest != NO_NUMBER;
        if (out->lowest == NO_NUMBER || s->height[above] > s->height[out->lowest])
            out->lowest = above;
    }
}

static struct position position_of(const struct sharing *s, uint32_t part)
{
    struct position out = {.lowest = NO_NUMBER};
    struct run run = s->parts.v[part];
    for (uint32_t i = 0; i < run.count; i++)
        look_above(s, part, s->parts.nodes[run.first + i], &out);
    return out;
}

/* Marks all that the link tells. What was marked last is mostly the end of it, and stays. */
static void mark_inside(struct sharing *s, uint32_t link)
{
    uint32_t end = link, at = link;
    while (end != NO_NUMBER && end != s->inside_of)
        end = s->links[end].then;
    if (end == NO_NUMBER)
        s->epoch++;
    for (; at != end; at = s->links[at].then)
        for (uint32_t i = 0; i < s->links[at].groups.count; i++)
            s->inside[s->list[s->links[at].groups.first + i]] = s->epoch;
    s->inside_of = link;
}

/* What is inside has all that is above it inside as well. */
static bool miss_above(struct sharing *s, uint32_t part, uint32_t group)
{
    struct run edges = s->graph.edges[group];
    bool good = true;
    for (uint32_t i = 0; good && i < edges.count; i++) {
        uint32_t above = s->graph.to[edges.first + i];
        if (s->parts.of[above] == part || s->inside[above] == s->epoch || s->missed[above] == part + 1)
            continue;
        s->missed[above] = part + 1;
        good = append(s, above);
    }
    return good;
}

/* What is above the part and not told by the lowest above it. */
static bool list_missed(struct sharing *s, uint32_t part, uint32_t lowest, struct run *out)
{
    size_t first = s->list_n;
    struct run run = s->parts.v[part];
    bool good = true;
    mark_inside(s, lowest);
    for (uint32_t i = 0; good && i < run.count; i++)
        good = miss_above(s, part, s->parts.nodes[run.first + i]);
    for (size_t i = first; good && i < s->list_n; i++)
        good = miss_above(s, part, s->list[i]);
    *out = (struct run){(uint32_t)first, (uint32_t)(s->list_n - first)};
    return good;
}

static bool close_part(struct sharing *s, struct group_node *nodes, uint32_t part)
{
    struct run missed = {0, 0}, run = s->parts.v[part];
    struct position is = position_of(s, part);
    uint32_t above = is.lowest;
    if (is.others && !list_missed(s, part, is.lowest, &missed))
        return false;
    if (missed.count > 0) {
        above = s->link_n++;
        s->links[above] = (struct above){missed, is.lowest};
    }
    s->links[part] = (struct above){run, above};
    s->height[part] = is.lowest == NO_NUMBER ? 0 : s->height[is.lowest] + 1;
    for (uint32_t i = 0; i < run.count; i++)
        nodes[s->parts.nodes[run.first + i]].above = is.circle ? part : above;
    return true;
}

static bool keep(struct sharing *s, struct compile *job)
{
    struct model *m = job->m;
    m->above = compile_room(job, s->link_n, sizeof *m->above);
    m->above_groups = compile_room(job, s->list_n, sizeof *m->above_groups);
    if (!m->above || !m->above_groups)
        return false;
    if (s->link_n > 0)
        memcpy(m->above, s->links, s->link_n * sizeof *m->above);
    if (s->list_n > 0)
        memcpy(m->above_groups, s->list, s->list_n * sizeof *m->above_groups);
    return true;
}

bool compile_above(struct compile *job)
{
    struct sharing s;
    bool good = begin(&s, job, &job->of[ITEM_GROUP]);
    for (uint32_t i = 0; good && i < s.parts.n; i++)
        good = close_part(&s, job->m->group_nodes, i);
    good = good && keep(&s, job);
    free(s.list);
    return good;
}
