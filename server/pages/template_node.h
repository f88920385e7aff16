/* What a compiled template consists of; for template_compile.c and template_render.c only. */
#ifndef ONEDOOR_PAGES_TEMPLATE_NODE_H
#define ONEDOOR_PAGES_TEMPLATE_NODE_H

#include "server/pages/html_place.h"
#include "server/pages/template.h"

enum node_kind { NODE_LITERAL, NODE_VALUE, NODE_MESSAGE, NODE_IF, NODE_EACH };

struct node {
    enum node_kind kind;
    struct str text;  /* the literal, the value's name, the message's key */
    struct str other; /* IF: the word to be equal to; MESSAGE: the name whose value ends the key */
    enum hole hole;
    struct node *body, *otherwise; /* of IF and EACH */
    struct node *next;
};

struct template
{
    struct node *first;
};

#endif
