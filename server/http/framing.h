/* Refuses requests whose end two servers could see at different places (RFC 9112 sections 3.2, 6.1 and 11).
 */
#ifndef ONEDOOR_HTTP_FRAMING_H
#define ONEDOOR_HTTP_FRAMING_H

#include "server/http/pairs.h"

struct framing {
    struct str version;          /* "HTTP/1.1" */
    struct str target;           /* as it came */
    const struct pairs *headers; /* all of them, values as they came */
    bool gaps; /* the header block held bytes that are in no name and no value: NUL, bare LF, folded lines */
    /* What framing_fault finds by itself: how often each header occurs, and what it first says. */
    size_t hosts, lengths, encodings;
    struct str length, encoding;
};

/* What is wrong, in words for the log; NULL when the request may be read. */
const char *framing_fault(struct framing *f);

#endif
