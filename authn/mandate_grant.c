/* A new mandate, as its entry. */
#include "authn/mandate_edit.h"

#include "authn/mandate_parts.h"
#include "directory/model/builtin.h"
#include "server/base/clock.h"
#include "server/base/encode.h"
#include "server/base/random.h"

enum { ID_BYTES = 16, OPEN_MAX = 50 };

/* How many of the represented's mandates are neither ended nor over. */
static enum result count_open(struct authn *au, struct arena *a, struct str dn, size_t *n)
{
    struct mandate_entries all;
    enum result r = mandate_list(au, a, MANDATE_REPRESENTED, dn, &all);
    *n = 0;
    for (size_t i = 0; r == RESULT_OK && i < all.n; i++)
        *n += all.v[i].md.state != MANDATE_ENDED && all.v[i].md.until > clock_now();
    return r;
}

static enum result add(struct authn *au, struct arena *a, const struct mandate_actor *by,
                       const struct mandate_wish *w, struct str id)
{
    struct str class = STR("onedoorMandate"), onedoor = STR(BUILTIN_CLIENT_ID),
               appoint = STR(MANDATE_APPOINT);
    struct str kind = str_of(mandate_kind_word(w->kind));
    struct str state = str_of(mandate_state_word(w->confirmed ? MANDATE_CONFIRMED : MANDATE_GRANTED));
    struct str until = mandate_time(a, w->until);
    struct str step = mandate_step(a, by, w->confirmed ? "granted and confirmed" : "granted");
    struct mandate_party represented = w->represented, agent = w->agent;
    struct words applications = w->appoints ? (struct words){&onedoor, 1} : w->applications;
    struct words permissions = w->appoints ? (struct words){&appoint, 1} : w->permissions;
    const struct attribute attributes[] = {
        {"objectClass", &class, 1},
        {"cn", &id, 1},
        {"onedoorRepresented", &represented.dn, 1},
        {"onedoorRepresentedSub", &represented.subject, 1},
        {"displayName", &represented.name, represented.name.len > 0},
        {"onedoorAgent", &agent.dn, 1},
        {"description", &agent.name, agent.name.len > 0},
        {"onedoorMandateKind", &kind, 1},
        {"onedoorMandateState", &state, 1},
        {"onedoorMandateClientId", applications.v, applications.n},
        {"onedoorPermission", permissions.v, permissions.n},
        {"onedoorValidUntil", &until, 1},
        {"onedoorHistory", &step, 1},
    };
    struct str rdn = mandate_rdn(a, id);
    if (arena_failed(a) || rdn.len == 0 || represented.subject.len == 0)
        return RESULT_INTERNAL;
    return registry_add(au->directory, rdn, attributes, sizeof attributes / sizeof attributes[0]);
}

static struct str make_id(struct arena *a)
{
    unsigned char bytes[ID_BYTES];
    /* Not base64url: a directory takes two names for one that differ in case alone. */
    return random_bytes(bytes, sizeof bytes) ? hex_encode(a, (struct str){(const char *)bytes, sizeof bytes})
                                             : STR_EMPTY;
}

enum result mandate_grant(struct authn *au, struct arena *a, const struct mandate_actor *by,
                          const struct mandate_wish *wish, const struct mandate_place *places,
                          size_t place_count, struct str *id, enum mandate_fault *fault)
{
    size_t open = 0;
    *fault = mandate_check(by, wish, places, place_count);
    enum result r = RESULT_OK;
    if (*fault == MANDATE_FAULT_NONE)
        r = count_open(au, a, wish->represented.dn, &open);
    if (r == RESULT_OK && open >= OPEN_MAX)
        *fault = MANDATE_FAULT_MANY;
    if (r != RESULT_OK || *fault != MANDATE_FAULT_NONE)
        return r == RESULT_OK ? RESULT_REFUSED : r;
    *id = make_id(a);
    if (id->len == 0)
        return RESULT_INTERNAL;
    const struct mandate md = {.id = *id, .kind = wish->kind, .represented_sub = wish->represented.subject};
    r = mandate_audit(au, a, by, AUDIT_MANDATE_GRANTED, &md);
    return r == RESULT_OK ? add(au, a, by, wish, *id) : r;
}
