#include "server/token/once.h"

#include "server/base/random.h"

enum { RANDOM_BYTES = 32, VALUE_MAX = 64 };

enum result once_make(struct arena *a, const struct once_kind *kind, const json_t *record, int64_t seconds,
                      struct store_puts *puts, struct str *value)
{
    struct str random = random_token(a, RANDOM_BYTES), text = json_text(a, record);
    *value = arena_join(a, (struct str[]){str_of(kind->shape), random}, 2);
    if (random.len == 0 || text.len == 0 || value->len == 0)
        return RESULT_INTERNAL;
    const struct store_put put = {.kind = kind->store, .id = *value, .value = text, .ttl = seconds};
    return store_puts_add(puts, put) ? RESULT_OK : RESULT_INTERNAL;
}

/* The shape stands in the value, so the markers of two kinds never meet. */
enum result once_find(struct provider *p, struct arena *a, const struct once_kind *kind, struct str value,
                      json_t **record)
{
    if (value.len > VALUE_MAX || !str_starts(value, str_of(kind->shape)))
        return RESULT_NOT_FOUND;
    struct store_key keys[] = {{STORE_SPENT, value}, {kind->store, value}};
    struct str found[2];
    enum result r = store_get_many(p->store, a, keys, 2, found);
    if (r != RESULT_OK)
        return r;
    bool spent = found[0].p != NULL;
    struct str text = spent ? found[0] : found[1];
    if (!text.p)
        return RESULT_NOT_FOUND;
    *record = json_parse(a, text);
    if (!*record)
        return RESULT_INTERNAL;
    return spent ? RESULT_USED : RESULT_OK;
}

enum result once_spend(struct provider *p, struct arena *a, const struct once_kind *kind, struct str value,
                       const json_t *record, int64_t seconds)
{
    struct str text = json_text(a, record);
    if (text.len == 0)
        return RESULT_INTERNAL;
    /* The marker rules; the record would only take room from here on. */
    return store_spend_record(p->store, a, (struct store_key){kind->store, value}, text,
                              seconds > 0 ? seconds : 1);
}
