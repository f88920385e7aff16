/*
 * A token is BASE64URL(check ‖ limit ‖ place): it needs no memory on any server, so that the next page may
 * come from another one. It checks itself: the first half of SHA-256 over query, limit and place, so that one
 * that was damaged, or belongs to other entities or another caller, is told. Whoever makes one up by that
 * recipe only begins further down a list that is theirs to read from its beginning.
 */
#include "server/access/page.h"

#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/json.h"

enum { CHECK_SIZE = 16, TOKEN_MAX = 2048, LIST_MAX = 192 * 1024 };

static struct str text_of(struct inquiry *in, const json_t *body, const char *name)
{
    const json_t *value = json_object_get(body, name);
    return value ? json_text(in->arena, value) : STR("null");
}

/* In sorted compact form, so that only what is said counts, not how: jansson knows how to write it. */
static struct str query_of(struct inquiry *in, const char *kind)
{
    const json_t *body = json_parse(in->arena, in->req->body);
    struct str nl = STR("\n");
    struct str parts[] = {in->caller->client_id,
                          nl,
                          str_of(kind),
                          nl,
                          text_of(in, body, "subject"),
                          nl,
                          text_of(in, body, "action"),
                          nl,
                          text_of(in, body, "resource"),
                          nl,
                          text_of(in, body, "context")};
    return sha256_base64url(in->arena, arena_join(in->arena, parts, sizeof parts / sizeof parts[0]));
}

static struct str check_of(struct arena *a, struct str query, struct str content)
{
    struct str hash = sha256_base64url(a, arena_join(a, (struct str[]){query, STR("\n"), content}, 3));
    return str_sub(hash, 0, CHECK_SIZE);
}

static struct str token_of(struct inquiry *in, const struct page *p)
{
    struct str content = arena_printf(in->arena, "%lld " STR_FMT, (long long)p->limit, STR_ARG(p->last));
    struct str check = check_of(in->arena, p->query, content);
    return base64url_encode(in->arena, arena_join(in->arena, (struct str[]){check, content}, 2));
}

static bool read_token(struct inquiry *in, struct str token, struct page *out)
{
    struct str text, content, number;
    uint64_t limit;
    if (token.len > TOKEN_MAX || !base64url_decode(in->arena, token, &text) || text.len < CHECK_SIZE)
        return false;
    content = str_sub(text, CHECK_SIZE, text.len);
    if (!str_eq(str_sub(text, 0, CHECK_SIZE), check_of(in->arena, out->query, content)))
        return false;
    if (!str_cut(&content, ' ', &number) || !str_to_u64(number, PAGE_MOST, &limit))
        return false;
    out->limit = (int64_t)limit;
    out->after = out->last = content;
    return true;
}

static bool read_limit(const struct node *page, bool continues, struct page *out, struct str *fault)
{
    const struct node *limit = node_member(page, STR("limit"));
    int64_t number;
    if (!limit || node_is(limit, NODE_NULL))
        return true;
    if (!node_int(limit, &number) || number < 0) {
        *fault = STR("page.limit must be a non-negative integer");
        return false;
    }
    if (number > PAGE_MOST)
        number = PAGE_MOST;
    if (continues && number != out->limit) {
        *fault = STR("page.limit must be that of the first page");
        return false;
    }
    out->limit = number;
    return true;
}

bool page_begin(struct inquiry *in, const char *kind, struct page *out, struct str *fault)
{
    const struct node *page = node_member(in->body, STR("page")), *token = node_member(page, STR("token"));
    *out = (struct page){.limit = PAGE_MOST, .query = query_of(in, kind)};
    buf_init(&out->list, LIST_MAX);
    if (page && !node_is(page, NODE_NULL) && !node_is(page, NODE_OBJECT)) {
        *fault = STR("page must be an object");
        return false;
    }
    bool continues = node_str(token).len > 0;
    if (token && !node_is(token, NODE_NULL) && !node_is(token, NODE_STRING)) {
        *fault = STR("page.token must be a string");
        return false;
    }
    if (continues && !read_token(in, node_str(token), out)) {
        *fault =
            STR("page.token is none of this search: subject, action, resource and context must be those of "
                "the first page");
        return false;
    }
    return read_limit(page, continues, out, fault);
}

bool page_has_room(struct page *p)
{
    p->more = (int64_t)p->count >= p->limit;
    return !p->more;
}

void page_add(struct page *p, struct str type, struct str id, struct str place)
{
    buf_add(&p->list, p->count > 0 ? STR(",{") : STR("{"));
    if (type.len > 0) {
        json_write_member(&p->list, "type", type);
        buf_add_char(&p->list, ',');
    }
    json_write_member(&p->list, type.len > 0 ? "id" : "name", id);
    buf_add_char(&p->list, '}');
    p->count++;
    p->last = place;
}

void page_pass(struct page *p, struct str place)
{
    p->last = place;
}

void page_end(struct inquiry *in, struct page *p, struct str context)
{
    struct buf body;
    buf_init(&body, LIST_MAX + 8192);
    buf_add(&body, STR("{\"page\":{"));
    json_write_member(&body, "next_token", p->more ? token_of(in, p) : STR_EMPTY);
    buf_printf(&body, ",\"count\":%zu}", p->count);
    if (context.len > 0) {
        buf_add(&body, STR(",\"context\":"));
        buf_add(&body, context);
    }
    buf_add(&body, STR(",\"results\":["));
    buf_add(&body, buf_str(&p->list));
    buf_add(&body, STR("]}"));
    body.failed |= p->list.failed;
    inquiry_answer(in, &body);
    page_drop(p);
}

void page_drop(struct page *p)
{
    buf_free(&p->list);
}
