#include "server/access/hunt.h"

#include <string.h>

enum { EXAMINED_MAX = 20000 };

bool hunt_begin(struct hunt *h, void *app, struct request *req, struct response *resp, const char *kind,
                unsigned parts)
{
    struct str fault;
    *h = (struct hunt){0};
    if (!inquiry_begin(&h->in, app, req, resp))
        return false;
    if (question_read(h->in.arena, h->in.body, NULL, parts, "", &h->q, &fault) &&
        page_begin(&h->in, kind, &h->page, &fault))
        return true;
    inquiry_refuse(&h->in, fault);
    page_drop(&h->page);
    return false;
}

static void note_lack(struct hunt *h, const struct decision *d)
{
    if (d->reason == REASON_ASSURANCE && (h->lacking == AUTHN_NONE || d->needed_level < h->lacking))
        h->lacking = d->needed_level;
}

void hunt_examine(struct hunt *h, const struct party *who, struct str type, struct str id, struct str place)
{
    struct decision d;
    decide_for(&h->in, &h->q, who, &d);
    bool found = d.reason == REASON_ALLOWED;
    note_lack(h, &d);
    if (found && !page_has_room(&h->page)) {
        h->over = true;
        return;
    }
    if (found)
        page_add(&h->page, type, id, place);
    else
        page_pass(&h->page, place);
    h->over = ++h->examined >= EXAMINED_MAX;
    h->page.more = h->over;
}

void hunt_end(struct hunt *h, enum result r)
{
    struct str context = STR_EMPTY;
    if (r == RESULT_OK && h->lacking != AUTHN_NONE)
        context = arena_printf(h->in.arena, "{\"acr_values\":\"%s\"}", acr_word(h->lacking));
    if (r == RESULT_OK) {
        page_end(&h->in, &h->page, context);
        return;
    }
    response_failure(h->in.resp, r);
    page_drop(&h->page);
}

int hunt_order(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}
