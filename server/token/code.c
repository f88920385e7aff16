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
    FIELD(FIELD_NEEDED, client_id),
    FIELD(FIELD_NEEDED, redirect_uri),
    FIELD(FIELD_NEEDED, code_challenge),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0], FORMAT = 1 };

static struct str record_of(struct arena *a, const struct code *c)
{
    struct buf out;
    record_begin(&out, FORMAT);
    return record_end(&out, a, record_pack(&out, a, c, fields, FIELD_COUNT));
}

enum result code_issue(struct provider *p, struct arena *a, struct code *c, struct store_puts *puts)
{
    return once_make(a, &codes, &c->line, record_of(a, c), p->config.code_seconds, puts, &c->value);
}

enum result code_find(struct provider *p, struct arena *a, struct str value, struct code **out)
{
    struct str record;
    struct code *c = arena_alloc(a, sizeof *c);
    if (!c)
        return RESULT_INTERNAL;
    enum result r = once_find(p, a, &codes, value, &record, &c->line);
    if (r != RESULT_OK && r != RESULT_USED)
        return r;
    if (!record_open(record, FORMAT, &record) || !record_unpack(a, &record, c, fields, FIELD_COUNT))
        return RESULT_INTERNAL;
    c->value = value;
    c->line.ends_sign_in = true;
    *out = c;
    return r;
}

bool code_spending(struct arena *a, const struct code *c, struct store_steps *steps)
{
    struct str record = record_of(a, c);
    return record.len > 0 && once_spending(&codes, c->value, record, REMEMBERED_SECONDS, steps);
}
