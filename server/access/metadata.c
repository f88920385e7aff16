/* GET /.well-known/authzen-configuration (section 9): what there is, and where. */
#include "server/access/endpoints.h"
#include "server/token/provider.h"

static const struct {
    const char *name, *path;
} addresses[] = {
    {"policy_decision_point", ""},
    {"access_evaluation_endpoint", "/access/v1/evaluation"},
    {"access_evaluations_endpoint", "/access/v1/evaluations"},
    {"search_subject_endpoint", "/access/v1/search/subject"},
    {"search_resource_endpoint", "/access/v1/search/resource"},
    {"search_action_endpoint", "/access/v1/search/action"},
};

void access_metadata(void *app, struct request *req, struct response *resp)
{
    const struct provider *p = app;
    json_t *out = json_new(req->arena);
    if (!out) {
        response_failure(resp, RESULT_INTERNAL);
        return;
    }
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct str parts[] = {p->config.issuer, str_of(addresses[i].path)};
        json_put_str(out, addresses[i].name, arena_join(req->arena, parts, 2));
    }
    response_json(resp, 200, out);
}
