/* Who holds the role above the entry, how far and for how long. */
#include "directory/dn.h"
#include "directory/model/parse.h"

bool parse_assignment(struct parse *p)
{
    struct held *held = &p->item->assignment;
    held->of.name = dn_first_value(p->a, p->item->dn);
    if (!parse_held(p, held))
        return false;
    if (held->of.holders.n > 0)
        return true;
    parse_fault(p, "member: missing; accepted: DNs of people, groups, posts or organisations");
    return false;
}
