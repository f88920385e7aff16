#include "server/health.h"

#include "server/base/metric.h"
#include "server/token/provider.h"

static const char *up_or_away(enum result r)
{
    return r == RESULT_OK ? "up" : "away";
}

void health_report(void *app, struct request *req, struct response *resp)
{
    struct provider *p = app;
    enum result store = store_ping(p->store);
    enum result directory = directory_ping(p->directory);
    bool pass = store == RESULT_OK && directory == RESULT_OK;
    json_t *report = json_new(req->arena);
    if (report == NULL) {
        response_failure(resp, RESULT_INTERNAL);
        return;
    }
    json_put_str(report, "status", pass ? STR("pass") : STR("fail"));
    json_put_str(report, "redis", str_of(up_or_away(store)));
    json_put_str(report, "directory", str_of(up_or_away(directory)));
    response_json(resp, pass ? 200 : 503, report);
}

void metrics_report(void *app, struct request *req, struct response *resp)
{
    (void)app;
    struct buf text;
    buf_init(&text, 64 * 1024);
    metric_print(&text);
    response_text(resp, 200, STR("text/plain; version=0.0.4; charset=utf-8"), arena_copy(req->arena, buf_str(&text)));
    buf_free(&text);
}
