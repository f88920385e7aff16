#include "authn/account_parts.h"

/* One reading of the entry, and the value to be exchanged: "client_id scope scope". */
static const struct consent *find(const struct account *acc, struct str client_id)
{
    for (size_t i = 0; i < acc->consent_count; i++)
        if (str_eq(acc->consents[i].client_id, client_id))
            return &acc->consents[i];
    return NULL;
}

static struct str value_of(struct arena *a, const struct consent *c)
{
    struct str parts[] = {c->client_id, STR(" "), c->scope};
    return arena_join(a, parts, 3);
}

/* The words of both lists, each once. */
static struct str united(struct arena *a, struct str list, struct str more)
{
    struct str word;
    while (str_word(&more, &word)) {
        struct str parts[] = {list, list.len > 0 ? STR(" ") : STR_EMPTY, word};
        if (!str_has_word(list, word))
            list = arena_join(a, parts, 3);
    }
    return list;
}

bool account_has_consent(const struct account *acc, struct str client_id, struct str scope)
{
    const struct consent *c = find(acc, client_id);
    struct str word;
    while (c && str_word(&scope, &word))
        if (!str_has_word(c->scope, word))
            return false;
    return c != NULL;
}

/* Exchanges one value for another, or makes the entry; USED when the entry was changed meanwhile. */
static enum result exchange(struct authn *au, struct arena *a, struct str uuid, const struct consent *old,
                            struct str new)
{
    struct str old_value = old ? value_of(a, old) : STR_EMPTY;
    struct attribute add = {ATTRIBUTE_CONSENT, &new, 1};
    struct change changes[] = {{CHANGE_DELETE, {ATTRIBUTE_CONSENT, &old_value, 1}}, {CHANGE_ADD, add}};
    size_t first = old ? 0 : 1, last = new.len > 0 ? 2 : 1;
    if (arena_failed(a))
        return RESULT_INTERNAL;
    enum result r = registry_modify(au->directory, account_rdn(a, uuid), changes + first, last - first);
    if (r != RESULT_NOT_FOUND)
        return r;
    return new.len > 0 && !old ? account_create(au, a, uuid, &add, 1) : RESULT_USED;
}

/*
 * One attempt. Two servers that add a first consent for the same application at once may leave two values of
 * it; the first one found then counts, and the worst is one question more.
 */
static enum result give(struct authn *au, struct arena *a, struct str uuid, struct str client_id,
                        struct str scope)
{
    struct account acc;
    enum result r = account_read(au, a, uuid, &acc);
    if (r != RESULT_OK || account_has_consent(&acc, client_id, scope))
        return r;
    const struct consent *old = find(&acc, client_id);
    struct consent new = {client_id, united(a, old ? old->scope : STR_EMPTY, scope)};
    return exchange(au, a, uuid, old, value_of(a, &new));
}

enum result account_give_consent(struct authn *au, struct arena *a, struct str uuid, struct str client_id,
                                 struct str scope)
{
    enum result r = RESULT_USED;
    for (int i = 0; r == RESULT_USED && i < ACCOUNT_TRIES; i++)
        r = give(au, a, uuid, client_id, scope);
    return r;
}

static enum result forget(struct authn *au, struct arena *a, struct str uuid, struct str client_id)
{
    struct account acc;
    enum result r = account_read(au, a, uuid, &acc);
    const struct consent *old = NULL;
    while (r == RESULT_OK && (old = find(&acc, client_id))) {
        r = exchange(au, a, uuid, old, STR_EMPTY);
        acc.consents[old - acc.consents] = acc.consents[--acc.consent_count];
    }
    return r;
}

enum result account_forget_consent(struct authn *au, struct arena *a, struct str uuid, struct str client_id)
{
    enum result r = RESULT_USED;
    for (int i = 0; r == RESULT_USED && i < ACCOUNT_TRIES; i++)
        r = forget(au, a, uuid, client_id);
    return r;
}
