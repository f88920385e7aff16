#include "server/http/intake.h"

#include "server/base/log.h"
#include "server/base/secret.h"
#include "server/http/admission.h"
#include "server/http/framing.h"

#include <string.h>

/* As much of a body that nobody wants is read, so that the answer arrives and the connection lasts. */
enum { SWALLOW_MAX = 256 * 1024 };

struct head {
    struct exchange *x;
    struct pairs *list;
    const char *expected; /* where the next name must begin in MHD's buffer */
    size_t seen;
    bool gaps;
};

/*
 * MHD 0.9 reads values as C strings, ends lines at a bare LF and joins folded ones, and shows nothing of it.
 * But names and values stay where they were received, with NULs for `:` and CRLF: a header block that was
 * proper has nothing between them. Later versions refuse all that by themselves.
 */
static void expect(struct head *h, const char *name, const char *value_end)
{
#if MHD_VERSION < 0x01000000
    if (name != h->expected)
        h->gaps = true;
    h->expected = value_end + 2;
#else
    (void)h, (void)name, (void)value_end;
#endif
}

/*
 * Names and values stay in MHD's buffer, which lasts as long as the request. Credentials alone move: they are
 * to be found in our arena only, which is wiped.
 */
static struct str take_credentials(struct arena *a, struct str value)
{
    struct str copy = arena_copy(a, value);
    wipe((void *)value.p, value.len);
    return copy;
}

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                   const char *value, size_t value_len)
{
    struct head *h = cls;
    struct arena *a = h->x->arena;
    struct str n = {name, name_len}, v = {value, value_len};
    (void)kind;
    expect(h, name, value + value_len);
    if (++h->seen > PAIRS_MAX)
        return MHD_NO;
    if (str_eq_nocase(n, STR("authorization")))
        v = take_credentials(a, v);
    pairs_add(h->list, a, n, v);
    return MHD_YES;
}

static bool take_headers(struct exchange *x, const char *method, const char *version, bool *gaps)
{
    struct head h = {x, &x->request.headers, version + strlen(version) + 2, 0, version != x->target_end + 1};
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, take_header, &h);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (info && h.seen <= PAIRS_MAX)
        expect(&h, method + info->header_size - 2, method);
    *gaps = h.gaps;
    return h.seen <= PAIRS_MAX;
}

static enum http_method method_of(const char *name)
{
    static const struct {
        const char *name;
        enum http_method method;
    } known[] = {{"GET", HTTP_GET}, {"HEAD", HTTP_HEAD}, {"POST", HTTP_POST}, {"OPTIONS", HTTP_OPTIONS}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].method;
    return HTTP_OTHER;
}

static void trim_values(struct pairs *list)
{
    for (size_t i = 0; i < list->n; i++)
        list->v[i].value = str_trim(list->v[i].value);
}

static void find_source(struct exchange *x)
{
    struct request *r = &x->request;
    r->source = str_of(x->peer->text);
    if (!x->peer->trusted)
        return;
    char text[ADDRESS_TEXT_SIZE];
    struct address sender = address_forwarded(&x->service->trusted, &x->peer->address, &r->headers);
    address_text(&sender, text);
    r->source = arena_copy(x->arena, str_of(text));
}

static enum intake refuse_head(struct exchange *x, enum problem p, const char *fault)
{
    const struct listener_config *c = &x->service->config;
    x->request.route = route_find(c->routes, c->route_count, x->request.path);
    response_problem(&x->response, p);
    LOG(LOG_LEVEL_DEBUG, "http.refused", LOG_Z("fault", fault), LOG_STR("source", x->request.source));
    return INTAKE_BROKEN;
}

enum intake intake_head(struct exchange *x, const char *method, const char *version)
{
    struct request *r = &x->request;
    struct str target = r->path;
    struct framing framing = {.version = str_of(version), .target = target, .headers = &r->headers};
    x->method = method;
    r->method = method_of(method);
    r->query_raw = target;
    str_cut(&r->query_raw, '?', &r->path);
    r->source = str_of(x->peer->text);
    if (!take_headers(x, method, version, &framing.gaps))
        return refuse_head(x, PROBLEM_TOO_MANY_PARAMETERS, "too many headers");
    const char *fault = framing_fault(&framing);
    if (fault)
        return refuse_head(x, PROBLEM_BAD_REQUEST, fault);
    trim_values(&r->headers);
    find_source(x);
    const struct listener_config *c = &x->service->config;
    bool admitted = admission_of_head(c->routes, c->route_count, r, &x->response);
    return admitted ? INTAKE_GOES_ON : INTAKE_DECIDED;
}

bool intake_may_swallow(const struct exchange *x)
{
    /* A client that asked first sends nothing when it is told at once. */
    bool asks = pairs_count_nocase(&x->request.headers, "expect") > 0;
    return !asks && admission_length(&x->request) <= SWALLOW_MAX;
}

/* Room for `more` bytes: at once what Content-Length announced, twice as much each time for a chunked body.
 */
static char *make_room(struct exchange *x, size_t more)
{
    struct request *r = &x->request;
    size_t need = r->body.len + more;
    if (need <= x->body_room)
        return (char *)r->body.p;
    size_t room = (size_t)admission_length(r);
    if (room < need)
        room = 2 * need < r->route->body_max ? 2 * need : r->route->body_max;
    char *p = arena_alloc(x->arena, room);
    if (!p)
        return NULL;
    if (r->body.len > 0)
        memcpy(p, r->body.p, r->body.len);
    x->body_room = room;
    r->body.p = p;
    return p;
}

static void append(struct exchange *x, const char *data, size_t size)
{
    struct str *body = &x->request.body;
    if (size > x->request.route->body_max - body->len) {
        response_problem(&x->response, PROBLEM_TOO_LARGE);
        x->phase = EXCHANGE_DECIDED;
        return;
    }
    char *p = make_room(x, size);
    if (!p) {
        x->phase = EXCHANGE_DECIDED; /* answered as overloaded, because the arena has failed */
        return;
    }
    memcpy(p + body->len, data, size);
    body->len += size;
}

bool intake_body(struct exchange *x, const char *data, size_t size)
{
    if (x->phase == EXCHANGE_BODY)
        append(x, data, size);
    else
        x->swallowed += size;
    wipe((void *)data, size);
    return x->swallowed <= SWALLOW_MAX;
}
