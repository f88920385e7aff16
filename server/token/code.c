#include "server/token/code.h"

#include "authn/record.h"
#include "server/token/once.h"

#include <stddef.h>

/* How long a spent code is remembered: a replay within that time still ends what the code gave. */
enum { REMEMBERED_SECONDS = 86400 };

static const struct once_kind codes = {STORE_CODE, "odc_"};

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct code, name)                                                             \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, gid),
    FIELD(FIELD_NEEDED, client_id),
    FIELD(FIELD_NEEDED, redirect_uri),
    FIELD(FIELD_NEEDED, code_challenge),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static json_t *code_to_json(struct arena *a, const struct code *c)
{
    json_t *record = json_new(a);
    return record_write(record, c, fields, FIELD_COUNT) ? record : NULL;
}

enum result code_issue(struct provider *p, struct arena *a, struct code *c, struct store_puts *puts)
{
    json_t *record = code_to_json(a, c);
    if (!record)
        return RESULT_INTERNAL;
    return once_make(a, &codes, record, p->config.code_seconds, puts, &c->value);
}

enum result code_find(struct provider *p, struct arena *a, struct str value, struct code **out)
{
    json_t *record;
    enum result r = once_find(p, a, &codes, value, &record);
    if (r != RESULT_OK && r != RESULT_USED)
        return r;
    struct code *c = arena_alloc(a, sizeof *c);
    if (!c || !record_read(a, record, c, fields, FIELD_COUNT))
        return RESULT_INTERNAL;
    c->value = value;
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
