#include "server/base/encode.h"
#include "server/pages/escape.h"
#include "server/pages/messages.h"
#include "server/pages/template_node.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { KEY_MAX = 128 };

/* The values in reach: the innermost item first. */
struct scope {
    const json_t *value;
    const struct scope *outside;
};

struct rendering {
    const struct template_input *in;
    struct buf *out;
};

static const json_t *look_up(const struct scope *s, struct str name)
{
    if (str_eq(name, STR(".")))
        return s->value;
    char key[KEY_MAX];
    if (name.len >= sizeof key)
        return NULL;
    memcpy(key, name.p, name.len);
    key[name.len] = '\0';
    for (; s; s = s->outside) {
        const json_t *found = json_object_get(s->value, key);
        if (found)
            return found;
    }
    return NULL;
}

/* A value as text; `digits` holds a number's. */
static struct str text_of(const json_t *value, char digits[24])
{
    if (json_is_string(value))
        return (struct str){json_string_value(value), json_string_length(value)};
    if (!json_is_integer(value))
        return STR_EMPTY;
    snprintf(digits, 24, "%" PRId64, (int64_t)json_integer_value(value));
    return str_of(digits);
}

static bool holds(const json_t *value, struct str word)
{
    char digits[24];
    if (word.len > 0)
        return str_eq(text_of(value, digits), word);
    if (json_is_string(value))
        return json_string_length(value) > 0;
    if (json_is_integer(value))
        return json_integer_value(value) != 0;
    return json_is_true(value) || json_array_size(value) > 0 || json_object_size(value) > 0;
}

/* An address that may not stand there is replaced by one that leads nowhere. */
static void write_address(struct buf *out, struct str s, bool fit)
{
    if (fit)
        escape_html(out, s);
    else
        buf_add_char(out, '#');
}

static void write_value(struct rendering *r, enum hole hole, struct str s)
{
    switch (hole) {
    case HOLE_TEXT:
        escape_html(r->out, s);
        break;
    case HOLE_URL:
        write_address(r->out, s, url_is_web(s));
        break;
    case HOLE_IMAGE:
        write_address(r->out, s, url_is_image(s));
        break;
    case HOLE_QUERY:
        url_encode(r->out, s);
        break;
    }
}

static struct str message_ending(const struct rendering *r, struct str prefix, struct str ending)
{
    char key[KEY_MAX];
    if (prefix.len + ending.len > sizeof key)
        return STR_EMPTY;
    memcpy(key, prefix.p, prefix.len);
    if (ending.len > 0)
        memcpy(key + prefix.len, ending.p, ending.len);
    return r->in->message(r->in->context, (struct str){key, prefix.len + ending.len});
}

static void write_message(struct rendering *r, const struct node *n, const struct scope *s)
{
    char digits[24];
    struct str text = r->in->message(r->in->context, n->text);
    if (n->other.len > 0) {
        text = message_ending(r, n->text, text_of(look_up(s, n->other), digits));
        if (text.len == 0)
            text = message_ending(r, n->text, STR("other"));
    }
    for (struct str literal, name; message_piece(&text, &literal, &name);) {
        escape_html(r->out, literal);
        if (name.len > 0)
            escape_html(r->out, text_of(look_up(s, name), digits));
    }
}

static void write_nodes(struct rendering *r, const struct node *n, const struct scope *s);

static void write_each(struct rendering *r, const struct node *n, const struct scope *s)
{
    if (n->text.len == 0) {
        write_nodes(r, n->body, s);
        return;
    }
    const json_t *list = look_up(s, n->text);
    for (size_t i = 0; i < json_array_size(list) && !r->out->failed; i++) {
        struct scope item = {json_array_get(list, i), s};
        write_nodes(r, n->body, &item);
    }
}

static void write_nodes(struct rendering *r, const struct node *n, const struct scope *s)
{
    char digits[24];
    for (; n && !r->out->failed; n = n->next) {
        switch (n->kind) {
        case NODE_LITERAL:
            buf_add(r->out, n->text);
            break;
        case NODE_VALUE:
            write_value(r, n->hole, text_of(look_up(s, n->text), digits));
            break;
        case NODE_MESSAGE:
            write_message(r, n, s);
            break;
        case NODE_IF:
            write_nodes(r, holds(look_up(s, n->text), n->other) ? n->body : n->otherwise, s);
            break;
        case NODE_EACH:
            write_each(r, n, s);
            break;
        }
    }
}

void template_render(const struct template *t, const struct template_input *in, struct buf *out)
{
    struct rendering r = {in, out};
    struct scope common = {in->common, NULL};
    struct scope data = {in->data, &common};
    write_nodes(&r, t->first, &data);
}
