#include "server/pages/html_place.h"

#include <string.h>

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '!';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static bool append(char *name, size_t size, char c)
{
    size_t len = strlen(name);
    if (len + 1 >= size)
        return false;
    name[len] = c;
    name[len + 1] = '\0';
    return true;
}

static bool is_one_of(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}
#define IS_ONE_OF(name, list) is_one_of((name), (list), sizeof(list) / sizeof *(list))

static bool is_address(const char *attribute)
{
    static const char *const addresses[] = {"href", "src", "action", "formaction"};
    return IS_ONE_OF(attribute, addresses);
}

/* The attributes in which a value is only text to the browser. */
static bool is_text_attribute(const char *attribute)
{
    static const char *const texts[] = {"value", "title", "alt", "lang", "id", "class", "for", "name"};
    return IS_ONE_OF(attribute, texts) || strncmp(attribute, "aria-", 5) == 0 ||
           strncmp(attribute, "data-", 5) == 0;
}

static const char *open_tag(struct html_place *p, char c)
{
    if (!is_name_char(c) && c != '/')
        return "`<` without a tag's name in lower case";
    memset(p->element, 0, sizeof p->element);
    append(p->element, sizeof p->element, c);
    p->state = HTML_TAG_NAME;
    return NULL;
}

static const char *in_tag(struct html_place *p, char c)
{
    if (c == '>') {
        p->state = strcmp(p->element, "script") == 0 ? HTML_SEALED : HTML_TEXT;
        return NULL;
    }
    if (is_space(c)) {
        p->state = HTML_IN_TAG;
        return NULL;
    }
    if (p->state == HTML_AFTER_VALUE || !is_name_char(c))
        return "a space and an attribute's name in lower case are expected";
    memset(p->attribute, 0, sizeof p->attribute);
    append(p->attribute, sizeof p->attribute, c);
    p->state = HTML_ATTRIBUTE;
    return NULL;
}

static const char *in_tag_name(struct html_place *p, char c)
{
    if (is_name_char(c))
        return append(p->element, sizeof p->element, c) ? NULL : "an element's name is too long";
    if (strcmp(p->element, "style") == 0 || strncmp(p->element, "!-", 2) == 0)
        return "style elements and comments are not taken";
    return in_tag(p, c);
}

static const char *in_attribute(struct html_place *p, char c)
{
    if (is_name_char(c))
        return append(p->attribute, sizeof p->attribute, c) ? NULL : "an attribute's name is too long";
    if (c != '=')
        return in_tag(p, c);
    if (strcmp(p->attribute, "style") == 0 || strncmp(p->attribute, "on", 2) == 0)
        return "inline style and event attributes are not taken";
    p->state = HTML_BEFORE_VALUE;
    return NULL;
}

static const char *before_value(struct html_place *p, char c)
{
    if (c != '"')
        return "an attribute's value stands in double quotes";
    p->state = HTML_VALUE;
    p->in_query = p->begun = p->whole = false;
    return NULL;
}

static const char *in_value(struct html_place *p, char c)
{
    if (c == '"') {
        p->state = HTML_AFTER_VALUE;
        return NULL;
    }
    if (c == '<' || p->whole)
        return p->whole ? "nothing may follow a whole address" : "`<` in an attribute";
    p->begun = true;
    p->in_query = p->in_query || c == '?' || c == '#';
    return NULL;
}

static const char *read_char(struct html_place *p, char c)
{
    switch (p->state) {
    case HTML_TEXT:
        if (c == '<')
            p->state = HTML_TAG_OPEN;
        return NULL;
    case HTML_SEALED:
        if (c != '<')
            return "inline script is not taken";
        p->state = HTML_TAG_OPEN;
        return NULL;
    case HTML_TAG_OPEN:
        return open_tag(p, c);
    case HTML_TAG_NAME:
        return in_tag_name(p, c);
    case HTML_IN_TAG:
    case HTML_AFTER_VALUE:
        return in_tag(p, c);
    case HTML_ATTRIBUTE:
        return in_attribute(p, c);
    case HTML_BEFORE_VALUE:
        return before_value(p, c);
    case HTML_VALUE:
        return in_value(p, c);
    }
    return "no such place";
}

const char *html_read(struct html_place *p, struct str text)
{
    const char *why = NULL;
    for (size_t i = 0; i < text.len && !why; i++)
        why = read_char(p, text.p[i]);
    return why;
}

static const char *address_hole(struct html_place *p, enum hole *out)
{
    if (p->in_query) {
        *out = HOLE_QUERY;
        return NULL;
    }
    if (p->begun)
        return "a value in an address stands at its beginning, or behind `?` or `#`";
    bool image = strcmp(p->element, "img") == 0;
    if (strcmp(p->attribute, "src") == 0 && !image)
        return "a value may be the src of an image only";
    *out = image ? HOLE_IMAGE : HOLE_URL;
    p->whole = true;
    return NULL;
}

const char *html_hole(struct html_place *p, enum hole *out)
{
    *out = HOLE_TEXT;
    if (p->state == HTML_TEXT)
        return NULL;
    if (p->state != HTML_VALUE)
        return "a value may stand in text and in a quoted attribute only";
    if (p->whole)
        return "nothing may follow a whole address";
    if (is_address(p->attribute))
        return address_hole(p, out);
    if (!is_text_attribute(p->attribute))
        return "no value may stand in this attribute";
    p->begun = true;
    return NULL;
}

bool html_same_place(const struct html_place *a, const struct html_place *b)
{
    bool in_attribute = a->state == HTML_VALUE;
    return a->state == b->state &&
           (!in_attribute || (a->in_query == b->in_query && a->begun == b->begun && a->whole == b->whole));
}
