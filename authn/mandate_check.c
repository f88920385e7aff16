/* What is wished of a new mandate, held against what may be. */
#include "authn/mandate_parts.h"
#include "server/base/clock.h"

enum { DAY = 86400 };

static const int64_t longest[] = {
    [MANDATE_COMPANY] = 1096 * DAY, [MANDATE_GUARDIAN] = 1096 * DAY, [MANDATE_DEPUTY] = 366 * DAY};

static const struct {
    const char *word, *text;
} faults[] = {
#define X(name, word, text) {word, text},
    MANDATE_FAULTS(X)
#undef X
};

const char *mandate_fault_word(enum mandate_fault f)
{
    return faults[f].word;
}

const char *mandate_fault_text(enum mandate_fault f)
{
    return faults[f].text;
}

static const struct mandate_place *place_of(struct str client_id, const struct mandate_place *places,
                                            size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(places[i].client_id, client_id))
            return &places[i];
    return NULL;
}

static bool has(const struct words *list, struct str word)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], word))
            return true;
    return false;
}

/* Declared by one of the applications at which it may be used. */
static bool is_declared(const struct mandate_wish *w, struct str permission,
                        const struct mandate_place *places, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool meant = w->applications.n == 0 || has(&w->applications, places[i].client_id);
        if (meant && has(&places[i].permissions, permission))
            return true;
    }
    return false;
}

static enum mandate_fault check_reach(const struct mandate_wish *w, const struct mandate_place *places,
                                      size_t n)
{
    for (size_t i = 0; i < w->applications.n; i++)
        if (!place_of(w->applications.v[i], places, n))
            return MANDATE_FAULT_APPLICATION;
    for (size_t i = 0; i < w->permissions.n; i++)
        if (!is_declared(w, w->permissions.v[i], places, n))
            return MANDATE_FAULT_PERMISSION;
    return MANDATE_FAULT_NONE;
}

/* What only the counter may do is nobody else's; what gives a right to appoint gives nothing beside it. */
static bool may_wish(const struct mandate_actor *by, const struct mandate_wish *w)
{
    bool counter = by->side == MANDATE_ADMINISTRATOR;
    struct dn_key actor, represented;
    if (w->appoints &&
        (!counter || w->kind != MANDATE_COMPANY || w->applications.n > 0 || w->permissions.n > 0))
        return false;
    if (counter)
        return true;
    return by->side == MANDATE_REPRESENTED && !w->confirmed && dn_key_of(by->dn, &actor) &&
           dn_key_of(w->represented.dn, &represented) && dn_key_eq(&actor, &represented);
}

enum mandate_fault mandate_check(const struct mandate_actor *by, const struct mandate_wish *w,
                                 const struct mandate_place *places, size_t n)
{
    struct dn_key represented, agent;
    int64_t now = clock_now();
    if (!may_wish(by, w))
        return MANDATE_FAULT_RIGHT;
    if (!dn_key_of(w->represented.dn, &represented) || !dn_key_of(w->agent.dn, &agent) ||
        dn_key_eq(&represented, &agent))
        return MANDATE_FAULT_SAME;
    if (w->until <= now || w->until - now > longest[w->kind])
        return MANDATE_FAULT_END;
    return check_reach(w, places, n);
}
