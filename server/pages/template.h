/*
 * Templates that escape by default. There is no raw form: where a hole stands in the HTML decides how its
 * value is written (html_place.h).
 *
 *   {{name}}                       a value; {{.}} the item of the nearest each
 *   {{#if name}}…{{else}}…{{/if}}  also {{#if name=word}}; empty, 0, false and [] do not hold
 *   {{#each name}}…{{/each}}       for each item; its members come before those outside
 *   {{t:key}}                      a message; {values} in it are filled in by name
 *   {{t:key.[name]}}               the message key.VALUE, or key.other when there is none
 *   {{>name}}                      another template
 */
#ifndef ONEDOOR_PAGES_TEMPLATE_H
#define ONEDOOR_PAGES_TEMPLATE_H

#include "server/base/buf.h"
#include "server/base/json.h"

struct template;

/* Where a template's parts come from while it is compiled. */
struct template_source {
    void *context;
    bool (*text)(void *context, struct str name, struct str *out); /* false: no such template */
    bool (*has_message)(void *context, struct str key);
};

/*
 * Compiles the named template with all that it includes; texts are borrowed. NULL with *why (in the arena)
 * naming template and line when its syntax, its HTML, a message's key or an included name is wrong.
 */
struct template *template_compile(struct arena *a, const struct template_source *source, struct str name,
                                  struct str *why);

struct template_input {
    const json_t *data;
    const json_t *common; /* looked up after data */
    void *context;
    struct str (*message)(void *context, struct str key); /* STR_EMPTY for an unknown key */
};
/* Writes the page; a value that is absent writes nothing. out->failed tells whether it fitted. */
void template_render(const struct template *t, const struct template_input *in, struct buf *out);

#endif
