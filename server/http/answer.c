#include "server/http/answer.h"

#include "server/base/log.h"
#include "server/http/admission.h"
#include "server/http/headers.h"

#include <stdio.h>
#include <string.h>

/* The arena is at its end, but the person shall read a proper page: it is rendered in another one. */
static void use_spare(struct exchange *x)
{
    if (!x->spare)
        x->spare = arena_new(x->service->config.arena_max);
    if (!x->spare)
        return;
    x->request.arena = x->spare;
    x->response.arena = x->spare;
}

static void set_fallback(struct exchange *x, struct str content_type, int len)
{
    x->response.view = NULL;
    x->response.content_type = content_type;
    x->response.body = (struct str){x->fallback, len < EXCHANGE_FALLBACK_SIZE ? (size_t)len : 0};
}

static void set_json(struct exchange *x, const struct problem_row *p)
{
    int len = snprintf(x->fallback, sizeof x->fallback, "{\"error\":\"%s\",\"error_description\":\"%s\"}",
                       p->code, p->text);
    set_fallback(x, STR("application/json"), len);
}

static void set_plain_text(struct exchange *x, const struct problem_row *p)
{
    int len = snprintf(x->fallback, sizeof x->fallback, "%d %s\nReference: " STR_FMT "\n", p->status, p->text,
                       STR_ARG(x->request.reference));
    set_fallback(x, STR("text/plain; charset=utf-8"), len);
}

/* "NOT_FOUND" as the templates have it: "not_found". */
static struct str lower(struct arena *a, const char *name)
{
    size_t len = strlen(name);
    char *p = arena_alloc(a, len + 1);
    if (!p)
        return STR_EMPTY;
    for (size_t i = 0; i < len; i++)
        p[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    return (struct str){p, len};
}

static bool render(struct exchange *x)
{
    if (!x->service->config.render)
        return false;
    x->service->config.render(x->service->config.app, &x->request, &x->response);
    return x->response.body.len > 0 && !arena_failed(x->response.arena) && !x->response.broken;
}

static bool render_problem_page(struct exchange *x, const struct problem_row *p)
{
    struct arena *a = x->response.arena;
    if (!x->service->config.render)
        return false;
    json_t *data = json_new(a);
    if (!data)
        return false;
    json_put_int(data, "status", p->status);
    json_put_str(data, "code", str_of(p->code));
    json_put_str(data, "problem", lower(a, p->name));
    json_put_str(data, "reference", x->request.reference);
    x->response.view = "error";
    x->response.view_data = data;
    x->response.content_type = STR("text/html; charset=utf-8");
    return render(x);
}

static void finish_problem(struct exchange *x)
{
    const struct problem_row *p = x->response.problem;
    if (!admission_is_page(&x->request))
        set_json(x, p);
    else if (!render_problem_page(x, p))
        set_plain_text(x, p);
    x->response.status = p->status;
}

static void fail(struct exchange *x, enum problem p)
{
    x->response.broken = false;
    response_problem(&x->response, p);
    finish_problem(x);
}

static void fail_as_ours(struct exchange *x, const char *why)
{
    LOG(LOG_LEVEL_ERROR, "http.no_answer", LOG_Z("why", why), LOG_STR("path", x->request.path));
    fail(x, PROBLEM_INTERNAL);
}

static void finish(struct exchange *x)
{
    struct response *resp = &x->response;
    if (resp->broken)
        fail_as_ours(x, "a header or cookie held what it may not");
    else if (resp->status == 0)
        fail_as_ours(x, "the handler set nothing");
    else if (resp->problem)
        finish_problem(x);
    else if (resp->view && !render(x))
        fail_as_ours(x, "the view could not be rendered");
}

/* Whatever a handler did after its arena failed may be half done: it is not sent. */
void answer_finish(struct exchange *x)
{
    if (!arena_failed(x->arena))
        finish(x);
    if (!arena_failed(x->arena))
        return;
    LOG(LOG_LEVEL_WARN, "http.out_of_memory", LOG_STR("path", x->request.path));
    use_spare(x);
    fail(x, PROBLEM_OVERLOADED);
}

/* The body is not copied: it stays in the arena, which outlives the response. */
static struct MHD_Response *make(const struct exchange *x)
{
    struct str body = x->response.body;
    struct MHD_Response *m =
        MHD_create_response_from_buffer(body.len, (void *)body.p, MHD_RESPMEM_PERSISTENT);
    if (m && !headers_add(m, x)) {
        MHD_destroy_response(m);
        return NULL;
    }
    return m;
}

enum MHD_Result answer_queue(struct exchange *x)
{
    struct MHD_Response *m = make(x);
    if (!m && x->response.problem != problem_row(PROBLEM_INTERNAL)) {
        fail(x, PROBLEM_INTERNAL);
        m = make(x);
    }
    if (!m)
        return MHD_NO;
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->response.status, m);
    MHD_destroy_response(m);
    return queued;
}

enum MHD_Result answer_without_memory(struct MHD_Connection *connection)
{
    static char text[] = "503 We are very busy. Please try again.\n";
    struct MHD_Response *m = MHD_create_response_from_buffer(sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);
    if (!m)
        return MHD_NO;
    MHD_add_response_header(m, "Content-Type", "text/plain; charset=utf-8");
    MHD_add_response_header(m, "Cache-Control", "no-store");
    MHD_add_response_header(m, "Retry-After", "1");
    enum MHD_Result queued = MHD_queue_response(connection, 503, m);
    MHD_destroy_response(m);
    return queued;
}
