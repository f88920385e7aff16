#include "server/pages/pages.h"

#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/log.h"
#include "server/pages/embed.h"
#include "server/pages/escape.h"
#include "server/pages/messages.h"
#include "server/pages/template.h"

#include <stdlib.h>

enum { VIEWS_MAX = 96, PAGES_CEILING = 4 << 20, PAGE_MAX = 1 << 20 };

struct view {
    struct str name;
    struct template *template;
};

struct pages {
    struct arena *arena;
    struct catalogue *catalogues[LANGUAGE_COUNT];
    struct view views[VIEWS_MAX];
    size_t view_count;
    struct str version; /* of the static files, so that a cached one is never of another release */
    struct str loading; /* the view that layout's {{>content}} stands for */
};

static bool template_text(void *context, struct str name, struct str *out)
{
    struct pages *pages = context;
    if (str_eq(name, STR("content")))
        name = pages->loading;
    return embedded_find(STR("templates/"), name, STR(".html"), out);
}

static bool has_message(void *context, struct str key)
{
    struct pages *pages = context;
    return catalogue_text(pages->catalogues[LANGUAGE_ZH_CN], key).len > 0;
}

static bool load_catalogues(struct pages *pages, struct str *why)
{
    for (unsigned l = 0; l < LANGUAGE_COUNT; l++) {
        struct str text, tag = language_tag((enum language)l), wrong = STR("it is not there");
        if (embedded_find(STR("messages/"), tag, STR(".ini"), &text))
            pages->catalogues[l] = catalogue_parse(pages->arena, text, &wrong);
        if (!pages->catalogues[l]) {
            *why = arena_printf(pages->arena, "messages/" STR_FMT ".ini: " STR_FMT, STR_ARG(tag),
                                STR_ARG(wrong));
            return false;
        }
        struct str key = catalogue_difference(pages->catalogues[0], pages->catalogues[l]);
        if (key.len > 0) {
            *why = arena_printf(pages->arena, "the catalogues differ in the message " STR_FMT, STR_ARG(key));
            return false;
        }
    }
    return true;
}

/* Every template is a view but the layout and the parts, whose names begin with `_`. */
static bool is_view(struct str path, struct str *name)
{
    struct str folder = STR("templates/");
    if (!str_starts(path, folder))
        return false;
    *name = str_sub(path, folder.len, path.len - folder.len - STR(".html").len);
    return !str_starts(*name, STR("_")) && !str_eq(*name, STR("layout"));
}

static bool load_views(struct pages *pages, struct str *why)
{
    const struct template_source source = {pages, template_text, has_message};
    for (size_t i = 0; i < embedded_file_count; i++) {
        if (!is_view(str_of(embedded_files[i].path), &pages->loading))
            continue;
        if (pages->view_count == VIEWS_MAX) {
            *why = STR("too many views");
            return false;
        }
        struct template *t = template_compile(pages->arena, &source, STR("layout"), why);
        if (!t)
            return false;
        pages->views[pages->view_count++] = (struct view){pages->loading, t};
    }
    return true;
}

static bool make_version(struct pages *pages, struct str *why)
{
    struct str parts[VIEWS_MAX], name;
    size_t n = 0;
    for (size_t i = 0; i < embedded_file_count && n < VIEWS_MAX; i++)
        if (str_starts(str_of(embedded_files[i].path), STR("static/")))
            parts[n++] = (struct str){(const char *)embedded_files[i].bytes, embedded_files[i].len};
    unsigned char digest[DIGEST_SIZE];
    *why = STR("SHA-256 fails");
    if (!sha256(parts, n, digest))
        return false;
    name = hex_encode(pages->arena, (struct str){(const char *)digest, 5});
    pages->version = name;
    return name.len > 0;
}

struct pages *pages_new(const char **why)
{
    static _Thread_local char text[256];
    struct str wrong = STR("out of memory");
    struct pages *pages = calloc(1, sizeof *pages);
    if (pages && (pages->arena = arena_new(PAGES_CEILING)) && load_catalogues(pages, &wrong) &&
        load_views(pages, &wrong) && make_version(pages, &wrong))
        return pages;
    /* The arena that holds the words is about to go. */
    size_t len = wrong.len < sizeof text ? wrong.len : sizeof text - 1;
    for (size_t i = 0; i < len; i++)
        text[i] = wrong.p[i];
    text[len] = '\0';
    *why = text;
    pages_free(pages);
    return NULL;
}

void pages_free(struct pages *pages)
{
    if (!pages)
        return;
    arena_free(pages->arena);
    free(pages);
}

size_t pages_view_count(const struct pages *pages)
{
    return pages->view_count;
}

struct str pages_view_name(const struct pages *pages, size_t i)
{
    return pages->views[i].name;
}

static struct str message(void *context, struct str key)
{
    return catalogue_text(context, key);
}

/* Where the links that switch language and type lead back to; a posted form is not posted again. */
static struct str way_back(struct arena *a, const struct request *req, struct str view)
{
    struct str back = req->path, query = req->query_raw, mark = STR("?");
    if (str_eq(view, STR("signed_out"))) {
        back = STR("/signed-out");
        query = STR_EMPTY;
    } else if (req->method == HTTP_POST) {
        mark = STR("?t=");
        query = pairs_get(&req->form, "t");
    }
    if (query.len > 0)
        back = arena_join(a, (struct str[]){back, mark, query}, 3);
    return path_is_local(back) ? back : STR("/");
}

static void put_bool(json_t *object, const char *name, bool value)
{
    json_object_set_new(object, name, json_boolean(value));
}

/* What every page knows beside its own data. */
static json_t *common_values(const struct provider *p, const struct request *req, struct str view,
                             enum language l, struct arena *a)
{
    json_t *o = json_new(a);
    if (!o)
        return NULL;
    bool zh = l == LANGUAGE_ZH_CN;
    json_put_str(o, "lang", language_tag(l));
    put_bool(o, "zh", zh);
    put_bool(o, "large", str_eq(request_cookie(req, TYPE_COOKIE), STR("large")));
    /* Going to another page would lose the codes that are shown once, and the form on its way. */
    put_bool(o, "switchable", !str_eq(view, STR("recovery_codes")) && !str_eq(view, STR("form_post")));
    json_put_str(o, "view", view);
    json_put_str(o, "back", way_back(a, req, view));
    json_put_str(o, "version", p->pages->version);
    bool named = zh && p->config.place_name_zh.len > 0;
    json_put_str(o, "place_name", named ? p->config.place_name_zh : p->config.place_name);
    json_put_str(o, "help_phone", p->config.help_phone);
    return o;
}

/* An application's Chinese name takes the place of the other where a handler gave both. */
static void choose_name(json_t *data, enum language l)
{
    struct str zh = json_get_str(data, "application_zh");
    if (l == LANGUAGE_ZH_CN && zh.len > 0)
        json_put_str(data, "application", zh);
}

static const struct template *find_view(const struct pages *pages, struct str name)
{
    for (size_t i = 0; i < pages->view_count; i++)
        if (str_eq(pages->views[i].name, name))
            return pages->views[i].template;
    return NULL;
}

bool pages_write(const struct provider *p, const struct request *req, const char *view, json_t *data,
                 struct arena *a, struct buf *out)
{
    enum language l = language_of_request(req, json_get_str(data, "ui_locales"));
    const struct template *t = find_view(p->pages, str_of(view));
    choose_name(data, l);
    const struct template_input in = {
        .data = data,
        .common = common_values(p, req, str_of(view), l, a),
        .context = p->pages->catalogues[l],
        .message = message,
    };
    if (t)
        template_render(t, &in, out);
    return t && in.common && !out->failed;
}

/* On failure the body stays empty, and the listener answers with its plain text. */
void pages_render(void *app, const struct request *req, struct response *resp)
{
    const struct provider *p = app;
    struct buf out;
    buf_init(&out, PAGE_MAX);
    if (pages_write(p, req, resp->view, resp->view_data, resp->arena, &out))
        resp->body = arena_copy(resp->arena, buf_str(&out));
    else
        LOG(LOG_LEVEL_ERROR, "page.not_rendered", LOG_Z("view", resp->view));
    resp->content_type = STR("text/html; charset=utf-8");
    buf_free(&out);
}
