/* Asking for decisions (AuthZEN Authorization API 1.0). */
#include "client.h"
#include "json.h"
#include "question.h"

#include <stdlib.h>
#include <string.h>

enum { QUESTION_MAX = 262144, ANSWER_MAX = 1048576 };

static const char *const semantics[] = {
    [ONEDOOR_EXECUTE_ALL] = "execute_all",
    [ONEDOOR_DENY_ON_FIRST_DENY] = "deny_on_first_deny",
    [ONEDOOR_PERMIT_ON_FIRST_PERMIT] = "permit_on_first_permit",
};

static bool write(const json_t *question, struct odc_text *body, bool *too_long)
{
    char *text = json_dumps(question, JSON_COMPACT);
    *too_long = text && strlen(text) > body->max;
    bool good = text && odc_text_puts(body, text);
    free(text);
    return good;
}

/* Takes the question. The answer is the caller's to decref. */
static enum onedoor_error ask(struct onedoor_client *c, enum odc_place place, json_t *question, json_t **out)
{
    struct odc_text url, body = {.max = QUESTION_MAX}, answer = {.max = ANSWER_MAX};
    bool too_long;
    bool written = write(question, &body, &too_long);
    json_decref(question);
    *out = NULL;
    enum onedoor_error e = odc_place_find(c, place, &url);
    if (!written)
        e = too_long ? ONEDOOR_ARGUMENT : ONEDOOR_MEMORY;
    if (e == ONEDOOR_OK) {
        const struct odc_post post = {"application/json", &body};
        e = odc_http_ask(c, url.p, &post, &answer);
    }
    if (e == ONEDOOR_OK) {
        *out = odc_json_object(answer.p ? answer.p : "", answer.len);
        e = *out ? ONEDOOR_OK : ONEDOOR_PROTOCOL;
    }
    odc_text_free(&url);
    odc_text_free(&body);
    odc_text_free(&answer);
    return e;
}

enum onedoor_error onedoor_decide(struct onedoor_client *c, const struct onedoor_question *question,
                                  struct onedoor_decision **out)
{
    json_t *asked, *answer;
    if (out)
        *out = NULL;
    if (!c || !question || !out || !c->authorization || !odc_question_at(question, 0))
        return ONEDOOR_ARGUMENT;
    enum onedoor_error e = odc_question_write(question, &asked);
    if (e == ONEDOOR_OK)
        e = ask(c, ODC_EVALUATION, asked, &answer);
    if (e == ONEDOOR_OK) {
        e = odc_decision_read(answer, out);
        json_decref(answer);
    }
    return e;
}

static enum onedoor_error write_all(const struct onedoor_question *questions, size_t count,
                                    enum onedoor_semantic semantic, json_t **out)
{
    json_t *list = json_array();
    enum onedoor_error e = list ? ONEDOOR_OK : ONEDOOR_MEMORY;
    for (size_t i = 0; e == ONEDOOR_OK && i < count; i++) {
        json_t *one = NULL;
        const struct onedoor_question *q = odc_question_at(questions, i);
        e = q ? odc_question_write(q, &one) : ONEDOOR_ARGUMENT;
        if (e == ONEDOOR_OK && json_array_append_new(list, one) != 0)
            e = ONEDOOR_MEMORY;
    }
    if (e == ONEDOOR_OK) {
        *out = json_pack("{s:o, s:{s:s}}", "evaluations", list, "options", "evaluations_semantic",
                         semantics[semantic]);
        return *out ? ONEDOOR_OK : ONEDOOR_MEMORY;
    }
    json_decref(list);
    return e;
}

/* All of them, or what the semantic lets the server stop at: its last answer is then the one that stopped it.
 */
static bool is_complete(const json_t *list, size_t count, enum onedoor_semantic semantic)
{
    size_t n = json_array_size(list);
    if (n == count)
        return true;
    if (n == 0 || n > count || semantic == ONEDOOR_EXECUTE_ALL)
        return false;
    const json_t *last = json_object_get(json_array_get(list, n - 1), "decision");
    return semantic == ONEDOOR_DENY_ON_FIRST_DENY ? json_is_false(last) : json_is_true(last);
}

static enum onedoor_error read_all(const json_t *list, size_t count, enum onedoor_semantic semantic,
                                   struct onedoor_decision **out)
{
    if (!is_complete(list, count, semantic))
        return ONEDOOR_PROTOCOL;
    enum onedoor_error e = ONEDOOR_OK;
    for (size_t i = 0; e == ONEDOOR_OK && i < json_array_size(list); i++)
        e = odc_decision_read(json_array_get(list, i), &out[i]);
    for (size_t i = 0; e != ONEDOOR_OK && i < count; i++) {
        onedoor_decision_free(out[i]);
        out[i] = NULL;
    }
    return e;
}

enum onedoor_error onedoor_decide_many(struct onedoor_client *c, const struct onedoor_question *questions,
                                       size_t count, enum onedoor_semantic semantic,
                                       struct onedoor_decision **out)
{
    json_t *asked, *answer;
    for (size_t i = 0; out && i < count; i++)
        out[i] = NULL;
    if (!c || !questions || !out || !c->authorization || count == 0 || count > ONEDOOR_QUESTIONS_MAX ||
        (size_t)semantic >= sizeof semantics / sizeof semantics[0])
        return ONEDOOR_ARGUMENT;
    enum onedoor_error e = write_all(questions, count, semantic, &asked);
    if (e == ONEDOOR_OK)
        e = ask(c, ODC_EVALUATIONS, asked, &answer);
    if (e == ONEDOOR_OK) {
        e = read_all(json_object_get(answer, "evaluations"), count, semantic, out);
        json_decref(answer);
    }
    return e;
}
