/*
 * JSON read where it lies: nodes in the arena, texts that point into what was read. For the questions of
 * programs, which come by the ten thousand a second; base/json.h is for all that is built, kept or passed on.
 */
#ifndef ONEDOOR_BASE_JSON_READ_H
#define ONEDOOR_BASE_JSON_READ_H

#include "server/base/arena.h"

enum node_kind {
    NODE_NULL,
    NODE_TRUE,
    NODE_FALSE,
    NODE_INTEGER,
    NODE_REAL,
    NODE_STRING,
    NODE_ARRAY,
    NODE_OBJECT
};

struct node {
    enum node_kind kind;
    uint32_t count;          /* members or elements */
    const struct node *next; /* the member or element behind this one */
    struct str name;         /* of a member */
    union {
        struct str text; /* of a string, without its escapes; of a number, as it was written */
        struct {
            const struct node *first;
            const struct node **sorted; /* the members by name, where they are many */
        };
    };
};

/*
 * Takes what json_parse takes: one object, without repeated names, bytes behind it, NUL, or nesting deeper
 * than 16. What it gives lives as long as the arena and the text. NULL when refused.
 */
const struct node *json_read(struct arena *a, struct str text);

/* The member of that name; NULL when there is none, or no object. */
const struct node *node_member(const struct node *object, struct str name);
/* Whether there is such a node, and it is of that kind. */
bool node_is(const struct node *n, enum node_kind kind);
/* The string, or STR_EMPTY when there is none. */
struct str node_str(const struct node *n);
/* The integer; false when there is none, or a real. */
bool node_int(const struct node *n, int64_t *out);

#endif
