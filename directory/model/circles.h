/*
 * The circles of a directed graph: nodes that can be come to from one another, here by Tarjan's walk, without
 * recursion, since a chain may be as long as all nodes. A node in no circle is a part of its own.
 */
#ifndef ONEDOOR_DIRECTORY_MODEL_CIRCLES_H
#define ONEDOOR_DIRECTORY_MODEL_CIRCLES_H

#include "directory/model/keymap.h"

struct graph {
    uint32_t n;
    const struct run *edges; /* by node: within `to` */
    const uint32_t *to;
};

/* Whatever can be come to from a part is in it, or in a part of a lower number. */
struct parts {
    uint32_t n;
    struct run *v;   /* within nodes */
    uint32_t *nodes; /* part by part */
    uint32_t *of;    /* by node: the number of its part */
};

/* In the arena; false without memory. */
bool parts_find(struct parts *out, struct arena *a, const struct graph *g);

#endif
