/* Mandates as they stand in the registry. */
#include "directory/dn.h"
#include "directory/model/parse.h"

static const char *const kinds[] = {
    [MANDATE_COMPANY] = "company", [MANDATE_GUARDIAN] = "guardian", [MANDATE_DEPUTY] = "deputy"};
static const char *const states[] = {
    [MANDATE_GRANTED] = "granted", [MANDATE_CONFIRMED] = "confirmed", [MANDATE_ENDED] = "ended"};

/* The word's place in the list; -1 with a fault. */
static int read_word(struct parse *p, const char *name, const char *const *words, int n)
{
    struct str word = entry_value(p->e, name);
    for (int i = 0; i < n; i++)
        if (str_eq(word, str_of(words[i])))
            return i;
    parse_fault(p, "%s: \"" STR_FMT "\" is not accepted; accepted: %s, %s, %s", name, STR_ARG(word), words[0],
                words[1], words[2]);
    return -1;
}

static bool read_dn(struct parse *p, const char *name, struct str *dn, struct dn_key *key)
{
    *dn = parse_value(p, name);
    if (dn_key_of(*dn, key))
        return true;
    parse_fault(p, "%s: not accepted; accepted: the DN of one entry", name);
    return false;
}

static bool read_parties(struct parse *p, struct mandate *md)
{
    if (!read_dn(p, "onedoorRepresented", &md->represented_dn, &md->represented) ||
        !read_dn(p, "onedoorAgent", &md->agent_dn, &md->agent))
        return false;
    if (!dn_key_eq(&md->represented, &md->agent))
        return true;
    parse_fault(p, "onedoorAgent: is the represented; accepted: somebody else");
    return false;
}

bool parse_mandate(struct parse *p)
{
    struct mandate *md = &p->item->mandate;
    int kind = read_word(p, "onedoorMandateKind", kinds, 3);
    int state = read_word(p, "onedoorMandateState", states, 3);
    if (kind < 0 || state < 0 || !read_parties(p, md) || !parse_period(p, &md->from, &md->until))
        return false;
    if (md->until == 0) {
        parse_fault(p, "onedoorValidUntil: missing; accepted: the time of its end");
        return false;
    }
    md->id = dn_first_value(p->a, p->item->dn);
    md->kind = (enum mandate_kind)kind;
    md->state = (enum mandate_state)state;
    md->represented_sub = parse_value(p, "onedoorRepresentedSub");
    md->represented_name = parse_value(p, "displayName");
    md->applications = parse_values(p, "onedoorMandateClientId");
    struct words wanted = parse_values(p, "onedoorPermission");
    md->permissions = parse_permission_words(p);
    /* Were they all left out, the empty list would mean everything. */
    return wanted.n == 0 || md->permissions.n > 0;
}
