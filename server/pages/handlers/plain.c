/* Pages that need neither store nor directory: signed out, language and type, static files. */
#include "server/pages/embed.h"
#include "server/pages/escape.h"
#include "server/pages/handlers.h"
#include "server/pages/language.h"

enum { YEAR_SECONDS = 31536000 };

void page_signed_out(void *app, struct request *req, struct response *resp)
{
    (void)app;
    json_t *data = json_new(req->arena);
    if (data)
        response_view(resp, 200, "signed_out", data);
    else
        response_problem(resp, PROBLEM_INTERNAL);
}

/* GET /language?set=en&back=/path, ?type=large&back=…; back is a path of ours or the portal. */
void page_language(void *app, struct request *req, struct response *resp)
{
    (void)app;
    struct str back = pairs_get(&req->query, "back"), type = pairs_get(&req->query, "type"), twice;
    enum language l = language_by_tag(pairs_get(&req->query, "set"));
    if (!pairs_unique(&req->query, &twice)) {
        response_problem(resp, PROBLEM_PARAMETER_TWICE);
        return;
    }
    response_redirect(resp, path_is_local(back) ? back : STR("/"));
    if (l != LANGUAGE_COUNT)
        response_cookie(resp, LANGUAGE_COOKIE, language_tag(l), YEAR_SECONDS);
    if (str_eq(type, STR("large")) || str_eq(type, STR("normal")))
        response_cookie(resp, TYPE_COOKIE, type, YEAR_SECONDS);
}

static struct str content_type(struct str name)
{
    static const struct {
        struct str ending, type;
    } types[] = {
        {STR(".css"), STR("text/css; charset=utf-8")},
        {STR(".js"), STR("text/javascript; charset=utf-8")},
        {STR(".svg"), STR("image/svg+xml")},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(name, types[i].ending))
            return types[i].type;
    return STR("application/octet-stream");
}

void page_static(void *app, struct request *req, struct response *resp)
{
    (void)app;
    struct str start = STR("/static/"), content;
    struct str name = str_sub(req->path, start.len, req->path.len);
    if (str_starts(req->path, start) && embedded_find(STR("static/"), name, STR_EMPTY, &content))
        response_text(resp, 200, content_type(name), content);
    else
        response_problem(resp, PROBLEM_NOT_FOUND);
}
