#include "question.h"

#include "json.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 512 }; /* bytes, as the server has it */

struct onedoor_decision {
    bool allows;
    char *acr;     /* NULL: none */
    char *context; /* JSON */
};

const struct onedoor_question *odc_question_at(const struct onedoor_question *questions, size_t index)
{
    size_t size = questions->size;
    if (size < sizeof *questions || size > 4096 || size % _Alignof(struct onedoor_question) != 0)
        return NULL;
    const void *at = (const char *)questions + index * size;
    return at;
}

/* Adds a text; an absent one is left out. */
static bool put_text(json_t *object, const char *name, const char *value)
{
    return !value || json_object_set_new(object, name, json_string(value)) == 0;
}

/* False: no JSON object. An absent one is left out. */
static bool put_object(json_t *object, const char *name, const char *text)
{
    json_t *value = text ? odc_json_object(text, strlen(text)) : NULL;
    return !text || (value && json_object_set_new(object, name, value) == 0);
}

static bool is_given(const char *s)
{
    return s && *s;
}

/* The token is one more property of the subject. */
static bool put_token(json_t *subject, const char *token)
{
    json_t *properties = json_object_get(subject, "properties");
    if (!token)
        return true;
    if (!properties) {
        properties = json_object();
        if (json_object_set_new(subject, "properties", properties) != 0)
            return false;
    }
    return put_text(properties, "access_token", token);
}

static bool write_members(const struct onedoor_question *q, json_t *all, json_t *subject, json_t *action,
                          json_t *resource)
{
    return put_text(subject, "type", is_given(q->subject_type) ? q->subject_type : "user") &&
           put_text(subject, "id", q->subject_id) &&
           put_object(subject, "properties", q->subject_properties) && put_token(subject, q->access_token) &&
           put_text(action, "name", q->action) && put_text(resource, "type", q->resource_type) &&
           put_text(resource, "id", q->resource_id) &&
           put_object(resource, "properties", q->resource_properties) &&
           put_object(all, "context", q->context);
}

enum onedoor_error odc_question_write(const struct onedoor_question *q, json_t **out)
{
    *out = NULL;
    const char *const demanded[] = {q->subject_id, q->action, q->resource_type, q->resource_id};
    for (size_t i = 0; i < sizeof demanded / sizeof demanded[0]; i++)
        if (!is_given(demanded[i]) || strnlen(demanded[i], TEXT_MAX + 1) > TEXT_MAX)
            return ONEDOOR_ARGUMENT;
    json_t *all = json_object(), *subject = json_object(), *action = json_object(), *resource = json_object();
    bool good = write_members(q, all, subject, action, resource);
    /* Each is handed over, whatever came before. */
    good &= json_object_set_new(all, "subject", subject) == 0;
    good &= json_object_set_new(all, "action", action) == 0;
    good &= json_object_set_new(all, "resource", resource) == 0;
    if (good) {
        *out = all;
        return ONEDOOR_OK;
    }
    json_decref(all);
    return ONEDOOR_ARGUMENT;
}

static char *write_context(const json_t *context)
{
    return context ? json_dumps(context, JSON_COMPACT | JSON_SORT_KEYS) : strdup("{}");
}

enum onedoor_error odc_decision_read(const json_t *object, struct onedoor_decision **out)
{
    const json_t *decision = json_object_get(object, "decision"),
                 *context = json_object_get(object, "context");
    const char *acr = odc_json_text(context, "acr_values");
    *out = NULL;
    if (!json_is_boolean(decision) || (context && !json_is_object(context)))
        return ONEDOOR_PROTOCOL;
    struct onedoor_decision *d = calloc(1, sizeof *d);
    if (!d)
        return ONEDOOR_MEMORY;
    d->allows = json_is_true(decision);
    d->acr = acr ? strdup(acr) : NULL;
    d->context = write_context(context);
    if (!d->context || (acr && !d->acr)) {
        onedoor_decision_free(d);
        return ONEDOOR_MEMORY;
    }
    *out = d;
    return ONEDOOR_OK;
}

void onedoor_decision_free(struct onedoor_decision *d)
{
    if (!d)
        return;
    free(d->acr);
    free(d->context);
    free(d);
}

bool onedoor_decision_allows(const struct onedoor_decision *d)
{
    return d && d->allows;
}

const char *onedoor_decision_acr(const struct onedoor_decision *d)
{
    return d ? d->acr : NULL;
}

const char *onedoor_decision_context(const struct onedoor_decision *d)
{
    return d ? d->context : "{}";
}
