#include "authn/mandate_edit.h"

#include "authn/mandate_parts.h"
#include "server/base/clock.h"

/* Whether the actor stands on a side of it. */
static bool may_change(const struct mandate_actor *by, const struct mandate *md)
{
    struct dn_key key;
    if (by->side == MANDATE_ADMINISTRATOR)
        return true;
    /* Representatives are appointed and recalled at the counter, not by one another. */
    if (by->side == MANDATE_REPRESENTED && mandate_appoints(md))
        return false;
    const struct dn_key *needed = by->side == MANDATE_AGENT ? &md->agent : &md->represented;
    return dn_key_of(by->dn, &key) && dn_key_eq(&key, needed);
}

/* From the state in which it was read to another, in one step. */
static enum result exchange(struct authn *au, struct arena *a, const struct mandate_actor *by,
                            const struct mandate *md, enum mandate_state to)
{
    struct str old = str_of(mandate_state_word(md->state)), new = str_of(mandate_state_word(to));
    struct str step = mandate_step(a, by, mandate_state_word(to));
    struct change changes[] = {{CHANGE_DELETE, {"onedoorMandateState", &old, 1}},
                               {CHANGE_ADD, {"onedoorMandateState", &new, 1}},
                               {CHANGE_ADD, {"onedoorHistory", &step, 1}}};
    struct str rdn = mandate_rdn(a, md->id);
    if (step.len == 0 || rdn.len == 0)
        return RESULT_INTERNAL;
    return registry_modify(au->directory, rdn, changes, 3);
}

enum result mandate_confirm(struct authn *au, struct arena *a, const struct mandate_actor *by, struct str id)
{
    struct mandate_entry e;
    enum result r = mandate_read(au, a, id, &e);
    if (r != RESULT_OK)
        return r;
    if (by->side == MANDATE_REPRESENTED || !may_change(by, &e.md) || e.md.state != MANDATE_GRANTED ||
        e.md.until <= clock_now())
        return RESULT_REFUSED;
    r = mandate_audit(au, a, by, AUDIT_MANDATE_CONFIRMED, &e.md);
    return r == RESULT_OK ? exchange(au, a, by, &e.md, MANDATE_CONFIRMED) : r;
}

/* One attempt. */
static enum result end(struct authn *au, struct arena *a, const struct mandate_actor *by, struct str id)
{
    struct mandate_entry e;
    enum result r = mandate_read(au, a, id, &e);
    if (r != RESULT_OK)
        return r;
    if (!may_change(by, &e.md))
        return RESULT_REFUSED;
    if (e.md.state == MANDATE_ENDED)
        return RESULT_OK;
    r = mandate_audit(au, a, by, AUDIT_MANDATE_ENDED, &e.md);
    return r == RESULT_OK ? exchange(au, a, by, &e.md, MANDATE_ENDED) : r;
}

/* Ending wins over a confirmation that came between. */
enum result mandate_end(struct authn *au, struct arena *a, const struct mandate_actor *by, struct str id)
{
    enum result r = RESULT_USED;
    for (int i = 0; r == RESULT_USED && i < 4; i++)
        r = end(au, a, by, id);
    return r;
}
