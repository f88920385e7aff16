/* A strict reader of the HTML that our templates may give: every tag closed in its order, every value quoted.
 */
#ifndef ONEDOOR_TESTS_WELL_FORMED_H
#define ONEDOOR_TESTS_WELL_FORMED_H

#include "server/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { OPEN_MAX = 64 };

struct html_check {
    struct str rest;
    struct str open[OPEN_MAX];
    size_t depth;
};

static inline bool is_void_element(struct str name)
{
    struct str list = STR("!doctype meta link img input br hr");
    return str_has_word(list, name);
}

static inline struct str take_name(struct html_check *c)
{
    size_t n = 0;
    while (n < c->rest.len && !strchr(" \n\t=></\"'", c->rest.p[n]))
        n++;
    struct str name = str_sub(c->rest, 0, n);
    c->rest = str_sub(c->rest, n, c->rest.len);
    return name;
}

static inline void skip_space(struct html_check *c)
{
    while (c->rest.len > 0 && strchr(" \n\t", c->rest.p[0]))
        c->rest = str_sub(c->rest, 1, c->rest.len);
}

/* An ampersand begins one of the references that the escaper writes. */
static inline bool references_are_whole(struct str s)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&#34;", "&#39;", "&#13;", "&#10;"};
    for (size_t i = 0; i < s.len; i++) {
        bool found = s.p[i] != '&';
        for (size_t k = 0; k < sizeof known / sizeof *known && !found; k++)
            found = str_starts(str_sub(s, i, s.len), str_of(known[k]));
        if (!found)
            return false;
    }
    return true;
}

static inline bool attribute_is_sound(struct html_check *c)
{
    struct str value;
    if (take_name(c).len == 0)
        return false;
    if (!str_starts(c->rest, STR("=")))
        return true;
    if (!str_starts(c->rest, STR("=\"")))
        return false;
    c->rest = str_sub(c->rest, 2, c->rest.len);
    return str_has(c->rest, '"') && str_cut(&c->rest, '"', &value) && !str_has(value, '<') &&
           !str_has(value, '>') && references_are_whole(value);
}

static inline bool tag_is_sound(struct html_check *c)
{
    bool closing = str_starts(c->rest, STR("/"));
    if (closing)
        c->rest = str_sub(c->rest, 1, c->rest.len);
    struct str name = take_name(c);
    if (name.len == 0)
        return false;
    for (skip_space(c); c->rest.len > 0 && c->rest.p[0] != '>'; skip_space(c))
        if (closing || !attribute_is_sound(c))
            return false;
    if (c->rest.len == 0)
        return false;
    c->rest = str_sub(c->rest, 1, c->rest.len);
    if (is_void_element(name))
        return !closing;
    if (!closing) {
        c->open[c->depth++] = name;
        return c->depth < OPEN_MAX;
    }
    return c->depth > 0 && str_eq(c->open[--c->depth], name);
}

static inline bool is_well_formed(struct str html)
{
    struct html_check c = {.rest = html};
    while (c.rest.len > 0) {
        struct str text = STR_EMPTY;
        bool more = str_has(c.rest, '<');
        str_cut(&c.rest, '<', &text);
        if (!references_are_whole(text) || str_has(text, '>'))
            return false;
        if (more && !tag_is_sound(&c))
            return false;
    }
    return c.depth == 0;
}

static inline bool str_contains(struct str s, const char *part)
{
    struct str wanted = str_of(part);
    for (size_t i = 0; i < s.len; i++)
        if (str_starts(str_sub(s, i, s.len), wanted))
            return true;
    return false;
}

#endif
