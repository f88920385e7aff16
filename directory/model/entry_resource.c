/* Resources whose owner and organisation the registry knows. */
#include "directory/dn.h"
#include "directory/model/parse.h"

bool parse_resource(struct parse *p)
{
    struct resource_item *r = &p->item->resource;
    r->client_id = parse_value(p, "onedoorClientId");
    r->resource_type = parse_value(p, "onedoorResourceType");
    r->id = dn_first_value(p->a, p->item->dn);
    r->owner = parse_value(p, "onedoorOwner");
    r->organisation = parse_value(p, "onedoorOrganisation");
    if (r->client_id.len > 0 && is_model_name(r->resource_type) && r->id.len > 0)
        return true;
    parse_fault(p, "onedoorClientId, onedoorResourceType: not accepted; accepted: the application, and one "
                   "of its types of resources by name alone");
    return false;
}
