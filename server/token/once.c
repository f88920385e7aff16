#include "server/token/once.h"

#include "server/base/random.h"

enum { RANDOM_BYTES = 32, RANDOM_CHARACTERS = 43 };

enum result once_make(struct arena *a, const struct once_kind *kind, const struct lineage *line,
                      struct str record, int64_t seconds, struct store_puts *puts, struct str *value)
{
    struct str random = random_token(a, RANDOM_BYTES), text = lineage_text(a, line);
    *value = arena_join(a, (struct str[]){str_of(kind->shape), text, random}, 3);
    if (random.len == 0 || text.len == 0 || record.len == 0 || value->len == 0)
        return RESULT_INTERNAL;
    const struct store_put put = {.kind = kind->store, .id = *value, .value = record, .ttl = seconds};
    return store_puts_add(puts, put) ? RESULT_OK : RESULT_INTERNAL;
}

static bool read_value(const struct once_kind *kind, struct str value, struct lineage *line)
{
    struct str shape = str_of(kind->shape);
    return str_starts(value, shape) && value.len == shape.len + LINEAGE_CHARACTERS + RANDOM_CHARACTERS &&
           lineage_read(str_sub(value, shape.len, LINEAGE_CHARACTERS), line);
}

/* The shape stands in the value, so the markers of two kinds never meet. */
enum result once_find(struct provider *p, struct arena *a, const struct once_kind *kind, struct str value,
                      struct str *record, struct lineage *line)
{
    enum { MARKER, RECORD, LINE };
    struct store_key keys[LINE + LINEAGE_RECORDS] = {{STORE_SPENT, value}, {kind->store, value}};
    struct str found[LINE + LINEAGE_RECORDS];
    if (!read_value(kind, value, line))
        return RESULT_NOT_FOUND;
    enum result r = lineage_keys(a, line, keys + LINE);
    if (r == RESULT_OK)
        r = store_get_many(p->store, a, keys, LINE + LINEAGE_RECORDS, found);
    if (r != RESULT_OK)
        return r;
    for (size_t i = 0; i < LINEAGE_RECORDS; i++)
        line->found[i] = found[LINE + i];
    bool spent = found[MARKER].p != NULL;
    *record = spent ? found[MARKER] : found[RECORD];
    if (!record->p)
        return RESULT_NOT_FOUND;
    return spent ? RESULT_USED : RESULT_OK;
}

/* The marker rules; the record would only take room from here on. */
bool once_spending(const struct once_kind *kind, struct str value, struct str record, int64_t seconds,
                   struct store_steps *steps)
{
    const struct store_step mark = {.act = STEP_SPEND,
                                    .kind = STORE_SPENT,
                                    .id = value,
                                    .value = record,
                                    .ttl = seconds > 0 ? seconds : 1};
    const struct store_step drop = {.act = STEP_DELETE, .kind = kind->store, .id = value};
    return store_steps_add(steps, mark) && store_steps_add(steps, drop);
}
