#include "server/token/code.h"

#include "server/token/once.h"

/* How long a spent code is remembered: a replay within that time still ends what the code gave. */
enum { REMEMBERED_SECONDS = 86400 };

static const struct once_kind codes = {STORE_CODE, "odc_"};

static json_t *code_to_json(struct arena *a, const struct code *c)
{
    json_t *o = json_new(a);
    if (!o)
        return NULL;
    json_put_str(o, "gid", c->gid);
    json_put_str(o, "client_id", c->client_id);
    json_put_str(o, "redirect_uri", c->redirect_uri);
    json_put_str(o, "code_challenge", c->code_challenge);
    return o;
}

enum result code_issue(struct provider *p, struct arena *a, struct code *c)
{
    json_t *record = code_to_json(a, c);
    if (!record)
        return RESULT_INTERNAL;
    return once_make(p, a, &codes, record, p->config.code_seconds, &c->value);
}

enum result code_find(struct provider *p, struct arena *a, struct str value, struct code **out)
{
    json_t *record;
    enum result r = once_find(p, a, &codes, value, &record);
    if (r != RESULT_OK && r != RESULT_USED)
        return r;
    struct code *c = arena_alloc(a, sizeof *c);
    if (!c)
        return RESULT_INTERNAL;
    *c = (struct code){.value = value,
                       .gid = json_get_str(record, "gid"),
                       .client_id = json_get_str(record, "client_id"),
                       .redirect_uri = json_get_str(record, "redirect_uri"),
                       .code_challenge = json_get_str(record, "code_challenge")};
    *out = c;
    return r;
}

enum result code_spend(struct provider *p, struct arena *a, const struct code *c)
{
    json_t *record = code_to_json(a, c);
    if (!record)
        return RESULT_INTERNAL;
    return once_spend(p, a, &codes, c->value, record, REMEMBERED_SECONDS);
}
