#include "server/pages/template_node.h"

enum { DEPTH_MAX = 12 };

/* One template's text, and how far it is read. */
struct reader {
    struct str name, text;
    size_t at;
};

struct compiler {
    struct arena *arena;
    const struct template_source *source;
    struct html_place place;
    struct str why;
    unsigned depth;
};

/* What stands between two braces. */
enum tag_kind {
    TAG_NONE,
    TAG_VALUE,
    TAG_MESSAGE,
    TAG_PARTIAL,
    TAG_IF,
    TAG_EACH,
    TAG_ELSE,
    TAG_END_IF,
    TAG_END_EACH
};

struct tag {
    enum tag_kind kind;
    struct str argument;
};

static bool fail(struct compiler *c, const struct reader *r, const char *what)
{
    unsigned line = 1;
    for (size_t i = 0; i < r->at; i++)
        line += r->text.p[i] == '\n';
    if (c->why.len == 0)
        c->why = arena_printf(c->arena, "template " STR_FMT ", line %u: %s", STR_ARG(r->name), line, what);
    return false;
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.')
            return false;
    }
    return s.len > 0 && s.len <= 64;
}

static struct tag read_tag(struct str inside)
{
    static const struct {
        struct str start;
        enum tag_kind kind;
        bool alone;
    } kinds[] = {
        {STR("t:"), TAG_MESSAGE, false},    {STR(">"), TAG_PARTIAL, false}, {STR("#if "), TAG_IF, false},
        {STR("#each "), TAG_EACH, false},   {STR("else"), TAG_ELSE, true},  {STR("/if"), TAG_END_IF, true},
        {STR("/each"), TAG_END_EACH, true},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].alone ? str_eq(inside, kinds[i].start) : str_starts(inside, kinds[i].start))
            return (struct tag){kinds[i].kind, str_sub(inside, kinds[i].start.len, inside.len)};
    }
    return (struct tag){TAG_VALUE, inside};
}

static struct node *new_node(struct compiler *c, enum node_kind kind, struct str text)
{
    struct node *n = arena_alloc(c->arena, sizeof *n);
    if (n)
        *n = (struct node){.kind = kind, .text = text};
    return n;
}

/* Reads literal text up to the next tag or the end. */
static bool read_literal(struct compiler *c, struct reader *r, struct str *literal)
{
    size_t from = r->at;
    while (r->at < r->text.len && !str_starts(str_sub(r->text, r->at, 2), STR("{{")))
        r->at++;
    *literal = str_sub(r->text, from, r->at - from);
    const char *wrong = html_read(&c->place, *literal);
    return wrong ? fail(c, r, wrong) : true;
}

static bool read_braces(struct compiler *c, struct reader *r, struct tag *tag)
{
    size_t from = r->at + 2, to = from;
    while (to < r->text.len && !str_starts(str_sub(r->text, to, 2), STR("}}")))
        to++;
    if (to >= r->text.len)
        return fail(c, r, "`{{` without `}}`");
    *tag = read_tag(str_sub(r->text, from, to - from));
    r->at = to + 2;
    return true;
}

static bool take_hole(struct compiler *c, const struct reader *r, struct node *n)
{
    const char *wrong = html_hole(&c->place, &n->hole);
    return wrong ? fail(c, r, wrong) : true;
}

static bool compile_value(struct compiler *c, struct reader *r, struct str name, struct node **out)
{
    if (!is_name(name))
        return fail(c, r, "not a value's name");
    *out = new_node(c, NODE_VALUE, name);
    return *out && take_hole(c, r, *out);
}

/* `key` or `prefix.[name]`; the latter needs `prefix.other`, so that no data leaves a message out. */
static bool compile_message(struct compiler *c, struct reader *r, struct str key, struct node **out)
{
    struct str name = STR_EMPTY, needed = key;
    if (str_ends(key, STR("]"))) {
        struct str rest = str_sub(key, 0, key.len - 1);
        str_cut(&rest, '[', &key);
        name = rest;
        struct str parts[] = {key, STR("other")};
        needed = arena_join(c->arena, parts, 2);
    }
    if (!is_name(needed) || (name.len > 0 && !is_name(name)))
        return fail(c, r, "not a message's key");
    if (!c->source->has_message(c->source->context, needed))
        return fail(c, r, "a message that the catalogues do not have");
    *out = new_node(c, NODE_MESSAGE, key);
    if (!*out || !take_hole(c, r, *out))
        return false;
    (*out)->other = name;
    return (*out)->hole == HOLE_TEXT || fail(c, r, "a message is no address");
}

static bool compile_until(struct compiler *c, struct reader *r, struct node **first, struct tag *end);

static bool compile_partial(struct compiler *c, struct reader *r, struct str name, struct node **out)
{
    struct reader inner = {.name = name};
    if (!c->source->text(c->source->context, name, &inner.text))
        return fail(c, r, "an included template that is not there");
    /* Wrapped in an EACH without a name: rendered once, in the same scope. */
    *out = new_node(c, NODE_EACH, STR_EMPTY);
    struct tag end;
    if (!*out || !compile_until(c, &inner, &(*out)->body, &end))
        return false;
    return end.kind == TAG_NONE || fail(c, &inner, "an end without its beginning");
}

/* Both ways through an if, and any number of rounds through an each, must leave the HTML at the same place.
 */
static bool compile_block(struct compiler *c, struct reader *r, const struct tag *tag, struct node **out)
{
    struct str word = tag->argument, name = STR_EMPTY;
    str_cut(&word, '=', &name);
    if (!is_name(name) || (word.len > 0 && (tag->kind != TAG_IF || !is_name(word))))
        return fail(c, r, "`#if name`, `#if name=word` or `#each name` is expected");
    *out = new_node(c, tag->kind == TAG_IF ? NODE_IF : NODE_EACH, name);
    if (!*out)
        return false;
    (*out)->other = word;

    struct html_place before = c->place;
    struct tag end;
    if (!compile_until(c, r, &(*out)->body, &end))
        return false;
    struct html_place after = c->place;
    if (end.kind == TAG_ELSE && tag->kind == TAG_IF) {
        c->place = before;
        if (!compile_until(c, r, &(*out)->otherwise, &end))
            return false;
        before = c->place;
    }
    if (end.kind != (tag->kind == TAG_IF ? TAG_END_IF : TAG_END_EACH))
        return fail(c, r, "the wrong end, or none, for an #if or #each");
    return html_same_place(&before, &after) || fail(c, r, "#if or #each ends elsewhere in the HTML");
}

static bool compile_tag(struct compiler *c, struct reader *r, const struct tag *tag, struct node **out)
{
    switch (tag->kind) {
    case TAG_VALUE:
        return compile_value(c, r, tag->argument, out);
    case TAG_MESSAGE:
        return compile_message(c, r, tag->argument, out);
    case TAG_PARTIAL:
        return compile_partial(c, r, tag->argument, out);
    case TAG_IF:
    case TAG_EACH:
        return compile_block(c, r, tag, out);
    case TAG_NONE:
    case TAG_ELSE:
    case TAG_END_IF:
    case TAG_END_EACH:
        break;
    }
    return fail(c, r, "an end without its beginning");
}

static bool compile_list(struct compiler *c, struct reader *r, struct node **next, struct tag *end)
{
    while (true) {
        struct str literal;
        if (!read_literal(c, r, &literal))
            return false;
        if (literal.len > 0) {
            *next = new_node(c, NODE_LITERAL, literal);
            if (!*next)
                return false;
            next = &(*next)->next;
        }
        *end = (struct tag){.kind = TAG_NONE};
        if (r->at >= r->text.len)
            return true;
        if (!read_braces(c, r, end))
            return false;
        if (end->kind >= TAG_ELSE)
            return true;
        if (!compile_tag(c, r, end, next))
            return false;
        next = &(*next)->next;
    }
}

/* Compiles up to an else, an end or the end of the text; *end says which. */
static bool compile_until(struct compiler *c, struct reader *r, struct node **first, struct tag *end)
{
    if (++c->depth > DEPTH_MAX)
        return fail(c, r, "nested too deeply");
    bool good = compile_list(c, r, first, end);
    c->depth--;
    return good;
}

struct template *template_compile(struct arena *a, const struct template_source *source, struct str name,
                                  struct str *why)
{
    struct compiler c = {.arena = a, .source = source, .why = STR_EMPTY};
    struct reader r = {.name = name};
    struct template *t = arena_alloc(a, sizeof *t);
    struct tag end = {.kind = TAG_NONE};
    bool good = t && (source->text(source->context, name, &r.text) || fail(&c, &r, "it is not there")) &&
                compile_until(&c, &r, &t->first, &end) &&
                (end.kind == TAG_NONE || fail(&c, &r, "an end without its beginning")) &&
                (c.place.state == HTML_TEXT || fail(&c, &r, "it ends within a tag"));
    *why = c.why.len > 0 ? c.why : STR("out of memory");
    return good ? t : NULL;
}
