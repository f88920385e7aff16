/* Resources whose owner and organisation the registry knows. */
#include "directory/dn.h"
#include "directory/model/builtin.h"
#include "directory/model/parse.h"

bool parse_resource(struct parse *p)
{
    struct resource_item *r = &p->item->resource;
    r->client_id = parse_value(p, "onedoorClientId");
    r->resource_type = parse_value(p, "onedoorResourceType");
    r->id = dn_first_value(p->a, p->item->dn);
    r->owner = parse_value(p, "onedoorOwner");
    r->organisation = parse_value(p, "onedoorOrganisation");
    /* What its administrators reach is asked with paths of our own, which no entry may take the place of. */
    if (is_builtin_application(r->client_id)) {
        parse_fault(p, "onedoorClientId: Onedoor itself has no resources; accepted: another application");
        return false;
    }
    if (r->client_id.len > 0 && is_model_name(r->resource_type) && r->id.len > 0)
        return true;
    parse_fault(p, "onedoorClientId, onedoorResourceType: not accepted; accepted: the application, and one "
                   "of its types of resources by name alone");
    return false;
}
