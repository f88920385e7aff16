#include "server/health.h"

#include "server/base/clock.h"
#include "server/base/metric.h"
#include "server/token/near.h"
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
    struct live_state live = live_state(p->live);
    bool pass = store == RESULT_OK && directory == RESULT_OK;
    bool warn = !live.following || live.loss_held || live.lags;
    json_t *report = json_new(req->arena);
    if (report == NULL) {
        response_failure(resp, RESULT_INTERNAL);
        return;
    }
    json_put_str(report, "status", !pass ? STR("fail") : warn ? STR("warn") : STR("pass"));
    json_put_str(report, "redis", str_of(up_or_away(store)));
    json_put_str(report, "directory", str_of(up_or_away(directory)));
    json_put_str(report, "changes",
                 !live.following ? STR("not followed")
                 : live.lags     ? STR("lagging")
                                 : STR("followed"));
    json_put_str(report, "loss", live.loss_held ? STR("held") : STR("none"));
    response_json(resp, pass ? 200 : 503, report);
}

/* What the directory told, and how long ago. */
static void print_live(struct buf *out, struct live *l, struct arena *a)
{
    struct live_state live = live_state(l);
    const struct model *m = live_model(l, a);
    struct model_size size = m != NULL ? model_size(m) : (struct model_size){0};
    int64_t now = clock_now();
    const struct metric_gauge gauges[] = {
        {"onedoor_changes_followed", "Whether all feeds of the directory are up to date", live.following},
        {"onedoor_changes_heard_seconds", "Since the most silent feed was heard", now - live.last_heard},
        {"onedoor_loss_held", "Whether a loss in the directory is not believed", live.loss_held},
        {"onedoor_known_people", "People whose account state is in memory", (int64_t)live.known_people},
        {"onedoor_model_age_seconds", "Since the permission model was compiled", now - live.model_built},
        {"onedoor_model_bytes", "Size of the permission model", (int64_t)size.bytes},
        {"onedoor_model_applications", "Applications in it", (int64_t)size.applications},
        {"onedoor_model_roles", "Roles in it", (int64_t)size.roles},
        {"onedoor_model_assignments", "Assignments in it", (int64_t)size.assignments},
        {"onedoor_model_groups", "Groups and posts in it", (int64_t)size.groups},
        {"onedoor_model_memberships", "Memberships in it", (int64_t)size.memberships},
        {"onedoor_model_organisations", "Organisations in it", (int64_t)size.organisations},
    };
    for (size_t i = 0; i < sizeof gauges / sizeof gauges[0]; i++)
        metric_print_gauge(out, &gauges[i]);
}

/* What is answered from memory, and whether it may be. */
static void print_near(struct buf *out, const struct provider *p)
{
    struct near_size size = p->near != NULL ? near_size(p->near) : (struct near_size){0};
    const struct metric_gauge gauges[] = {
        {"onedoor_near_answers", "Answers of introspection in memory", (int64_t)size.answers},
        {"onedoor_near_bytes", "Their size", (int64_t)size.bytes},
        {"onedoor_store_watched", "Whether Redis tells of changes, so that they may be given", store_watching(p->store)},
    };
    for (size_t i = 0; i < sizeof gauges / sizeof gauges[0]; i++)
        metric_print_gauge(out, &gauges[i]);
}

void metrics_report(void *app, struct request *req, struct response *resp)
{
    struct provider *p = app;
    struct buf text;
    buf_init(&text, 64 * 1024);
    metric_print(&text);
    print_live(&text, p->live, req->arena);
    print_near(&text, p);
    response_text(resp, 200, STR("text/plain; version=0.0.4; charset=utf-8"), arena_copy(req->arena, buf_str(&text)));
    buf_free(&text);
}
