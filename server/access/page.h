/* Pages of a search: section 8.2. */
#ifndef ONEDOOR_ACCESS_PAGE_H
#define ONEDOOR_ACCESS_PAGE_H

#include "server/access/inquiry.h"
#include "server/base/json_write.h"

enum { PAGE_MOST = 200 }; /* results on a page, also where none was asked for */

/* The part of the results that is wanted, and what was found of it so far. */
struct page {
    struct str query; /* what the token is bound to: hash of caller, kind of search and question */
    int64_t limit;
    struct str after; /* where the last page ended, in the words of that search; empty at the beginning */
    struct str last;  /* where this one ends so far */
    size_t count;
    bool more;       /* there is something behind `last` */
    struct buf list; /* the results, written */
};

/*
 * Reads `page` of the body. False with *fault: wrong types, a token that is damaged or of another search, a
 * limit that is not that of the first page. page_end or page_drop must follow.
 */
bool page_begin(struct inquiry *in, const char *kind, struct page *out, struct str *fault);
/*
 * Whether there is room for one more result; if not, the page ends before it, and a next page follows.
 */
bool page_has_room(struct page *p);
/* Adds a result with that type (empty: an action) and id, at that place; the place must last until page_end.
 */
void page_add(struct page *p, struct str type, struct str id, struct str place);
/* What was looked at up to here needs no second look, though nothing was found. */
void page_pass(struct page *p, struct str place);
/* The answer. `context` (may be empty) is a JSON object that says what else is to be known. */
void page_end(struct inquiry *in, struct page *p, struct str context);
void page_drop(struct page *p);

#endif
