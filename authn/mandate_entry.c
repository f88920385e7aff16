#include "authn/mandate_entry.h"

#include "authn/mandate_parts.h"
#include "directory/model/builtin.h"
#include "directory/model/grammar.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {
    [MANDATE_COMPANY] = "company", [MANDATE_GUARDIAN] = "guardian", [MANDATE_DEPUTY] = "deputy"};
static const char *const states[] = {
    [MANDATE_GRANTED] = "granted", [MANDATE_CONFIRMED] = "confirmed", [MANDATE_ENDED] = "ended"};
enum { WORDS = 3 };

static bool read_word(struct str word, const char *const *words, int *out)
{
    for (*out = 0; *out < WORDS; ++*out)
        if (str_eq(word, str_of(words[*out])))
            return true;
    return false;
}

const char *mandate_kind_word(enum mandate_kind kind)
{
    return kinds[kind];
}

const char *mandate_state_word(enum mandate_state state)
{
    return states[state];
}

bool mandate_kind_of_word(struct str word, enum mandate_kind *out)
{
    int kind;
    bool known = read_word(word, kinds, &kind);
    if (known)
        *out = (enum mandate_kind)kind;
    return known;
}

static bool has(const struct words *list, struct str word)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], word))
            return true;
    return false;
}

bool mandate_appoints(const struct mandate *md)
{
    return md->kind == MANDATE_COMPANY && has(&md->applications, STR(BUILTIN_CLIENT_ID)) &&
           has(&md->permissions, STR(MANDATE_APPOINT));
}

struct str mandate_rdn(struct arena *a, struct str id)
{
    struct str escaped = dn_escape(a, id);
    return arena_printf(a, "cn=" STR_FMT ",ou=mandates", STR_ARG(escaped));
}

static struct words words_of(const struct entry *e, const char *name)
{
    const struct attribute *at = entry_attribute(e, name);
    return at ? (struct words){at->values, at->count} : (struct words){NULL, 0};
}

static bool read_period(const struct entry *e, struct mandate *md)
{
    struct str from = entry_value(e, "onedoorValidFrom");
    if (from.len > 0 && !time_read(from, &md->from))
        return false;
    return time_read(entry_value(e, "onedoorValidUntil"), &md->until);
}

/* As the model's own parser reads them, which also names what is wrong with an entry. */
static bool entry_read(const struct entry *e, struct mandate_entry *out)
{
    struct mandate *md = &out->md;
    int kind, state;
    *out = (struct mandate_entry){0};
    if (!read_word(entry_value(e, "onedoorMandateKind"), kinds, &kind) ||
        !read_word(entry_value(e, "onedoorMandateState"), states, &state) || !read_period(e, md))
        return false;
    md->id = entry_value(e, "cn");
    md->kind = (enum mandate_kind)kind;
    md->state = (enum mandate_state)state;
    md->represented_dn = entry_value(e, "onedoorRepresented");
    md->agent_dn = entry_value(e, "onedoorAgent");
    md->represented_sub = entry_value(e, "onedoorRepresentedSub");
    md->represented_name = entry_value(e, "displayName");
    md->applications = words_of(e, "onedoorMandateClientId");
    md->permissions = words_of(e, "onedoorPermission");
    out->agent_name = entry_value(e, "description");
    out->history = words_of(e, "onedoorHistory");
    return dn_key_of(md->represented_dn, &md->represented) && dn_key_of(md->agent_dn, &md->agent);
}

enum result mandate_read(struct authn *au, struct arena *a, struct str id, struct mandate_entry *out)
{
    struct entry e;
    struct str rdn = mandate_rdn(a, id);
    if (id.len == 0 || id.len > MANDATE_ID_MAX || !str_is_plain_text(id))
        return RESULT_NOT_FOUND;
    if (rdn.len == 0)
        return RESULT_INTERNAL;
    enum result r = registry_read(au->directory, a, rdn, &e);
    if (r != RESULT_OK)
        return r;
    /* The directory takes an id in any case; only one spelling is its own. */
    return entry_read(&e, out) && str_eq(out->md.id, id) ? RESULT_OK : RESULT_NOT_FOUND;
}

static int by_id(const void *x, const void *y)
{
    const struct mandate_entry *a = x, *b = y;
    size_t n = a->md.id.len < b->md.id.len ? a->md.id.len : b->md.id.len;
    int c = memcmp(a->md.id.p, b->md.id.p, n);
    return c ? c : (a->md.id.len > b->md.id.len) - (a->md.id.len < b->md.id.len);
}

static struct str filter_of(struct arena *a, enum mandate_side side, struct str dn)
{
    static const char *const names[] = {
        [MANDATE_AGENT] = "onedoorAgent", [MANDATE_REPRESENTED] = "onedoorRepresented"};
    struct str value = filter_escape(a, dn);
    if (side == MANDATE_ADMINISTRATOR)
        return STR("(objectClass=onedoorMandate)");
    return arena_printf(a, "(&(objectClass=onedoorMandate)(%s=" STR_FMT "))", names[side], STR_ARG(value));
}

enum result mandate_list(struct authn *au, struct arena *a, enum mandate_side side, struct str dn,
                         struct mandate_entries *out)
{
    struct entries found;
    struct str filter = filter_of(a, side, dn);
    if (filter.len == 0)
        return RESULT_INTERNAL;
    enum result r = registry_list(au->directory, a, STR("ou=mandates"), filter.p, &found);
    if (r != RESULT_OK)
        return r;
    *out = (struct mandate_entries){.v = arena_alloc(a, (found.n + 1) * sizeof *out->v)};
    for (size_t i = 0; out->v && i < found.n; i++)
        out->n += entry_read(&found.v[i], &out->v[out->n]);
    if (out->n > 1)
        qsort(out->v, out->n, sizeof *out->v, by_id);
    return arena_failed(a) ? RESULT_INTERNAL : RESULT_OK;
}
