/*
 * The body of a decision request as bytes: every question is read whole or its fault is named, and the page
 * of a search leads on to the next one.
 */
#include "server/access/page.h"
#include "server/base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct application caller = {.client_id = {"permit-hall", 11}};

static bool is_text(struct str s)
{
    return s.len >= 1 && s.len <= QUESTION_TEXT_MAX && str_is_utf8(s);
}

static void read_questions(struct arena *a, const struct node *body)
{
    struct question q;
    struct str fault = STR_EMPTY;
    for (unsigned parts = 0; parts <= PART_ALL; parts++) {
        bool read = question_read(a, body, node_member(body, STR("defaults")), parts, "x.", &q, &fault);
        if (!read && (!str_starts(fault, STR("x.")) || !str_is_utf8(fault)))
            abort();
        if (read && (parts & PART_SUBJECT_ID) != 0 && !is_text(q.subject.id))
            abort();
        if (read && (parts & PART_ACTION) != 0 && !is_text(q.action))
            abort();
    }
    if (!question_check(a, body, &fault) && question_read(a, body, NULL, PART_ALL, "", &q, &fault))
        abort();
}

/* The token of this page, put into the same request, is taken and goes on where this one ended. */
static void turn_page(struct inquiry *in)
{
    struct page page, next;
    struct str fault;
    if (page_begin(in, "subject", &page, &fault)) {
        page_add(&page, STR("user"), STR("s-1"), STR("p0a1b"));
        page.more = true;
        page_end(in, &page, STR_EMPTY);
        json_t *answer = json_parse(in->arena, in->resp->body), *body = json_parse(in->arena, in->req->body);
        json_t *wanted = json_object();
        json_put_str(wanted, "token", json_get_str(json_object_get(answer, "page"), "next_token"));
        if (!answer || !body || json_object_set_new(body, "page", wanted) != 0)
            abort();
        in->req->body = json_text(in->arena, body);
        in->body = json_read(in->arena, in->req->body);
        if (!page_begin(in, "subject", &next, &fault) || !str_eq(next.after, STR("p0a1b")) ||
            next.limit != page.limit)
            abort();
        page_drop(&next);
    } else {
        page_drop(&page);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 24);
    struct response resp = {.arena = a};
    struct request req = {.body = {(const char *)data, size}};
    struct inquiry in = {.arena = a, .req = &req, .resp = &resp, .caller = &caller};
    in.body = json_read(a, req.body);
    if (in.body) {
        read_questions(a, in.body);
        turn_page(&in);
    }
    arena_free(a);
    return 0;
}
