/* Where in the HTML a template's hole stands: that decides how its value is escaped, not the author. */
#ifndef ONEDOOR_PAGES_HTML_PLACE_H
#define ONEDOOR_PAGES_HTML_PLACE_H

#include "server/base/str.h"

enum html_state {
    HTML_TEXT,         /* between tags */
    HTML_TAG_OPEN,     /* behind `<` */
    HTML_TAG_NAME,     /* in the name */
    HTML_IN_TAG,       /* between attributes */
    HTML_ATTRIBUTE,    /* in an attribute's name */
    HTML_BEFORE_VALUE, /* behind `=` */
    HTML_VALUE,        /* within "…" */
    HTML_AFTER_VALUE,  /* behind the closing quote */
    HTML_SEALED        /* behind the end of a script's start tag: only its end tag may follow */
};

struct html_place {
    enum html_state state;
    char element[16], attribute[24];
    bool in_query; /* the value holds a `?` or `#` already */
    bool begun;    /* the value has a first character */
    bool whole;    /* the value is one address: nothing may follow it */
};

enum hole {
    HOLE_TEXT,  /* escaped for text and attributes */
    HOLE_URL,   /* a whole address: http(s) or a path of ours */
    HOLE_IMAGE, /* a whole address of an image */
    HOLE_QUERY  /* percent-encoded part of an address, behind its `?` or `#` */
};

/*
 * Reads on through literal template text. NULL, or what is wrong with it: templates keep to a small part of
 * HTML (double quotes, no comments, no inline script or style, no event attributes).
 */
const char *html_read(struct html_place *p, struct str text);
/* The kind of hole at this place, which is then read as filled. NULL, or why no value may stand here. */
const char *html_hole(struct html_place *p, enum hole *out);
bool html_same_place(const struct html_place *a, const struct html_place *b);

#endif
