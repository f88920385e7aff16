#include "directory/company.h"

#include "directory/dn.h"
#include "directory/operation.h"
#include "server/base/encode.h"
#include "server/base/log.h"

#include <strings.h>

enum { ID_MAX = 128, MATCHES_MAX = 2 };

static bool any_there(const struct directory_config *c)
{
    return c->companies_base && *c->companies_base && c->company_id && *c->company_id;
}

/* An entry without one uuid and one id cannot be told from others for certain: see person.c. */
static enum result company_of(struct directory *d, struct arena *a, const struct entry *e,
                              struct company **out)
{
    const struct directory_config *c = directory_config(d);
    struct company *company = arena_alloc(a, sizeof *company);
    const struct attribute *id = entry_attribute(e, c->company_id);
    struct str uuid = entry_value(e, c->map.uuid);
    if (!company)
        return RESULT_INTERNAL;
    if (!id || id->count != 1 || uuid.len == 0) {
        LOG(LOG_LEVEL_ERROR, "ldap.company_without_identifier", LOG_STR("dn", e->dn),
            LOG_Z("uuid", c->map.uuid), LOG_Z("id", c->company_id));
        return RESULT_INTERNAL;
    }
    struct str english = arena_printf(a, "%s;lang-en", c->company_name);
    *company = (struct company){
        .dn = e->dn,
        .uuid = strcasecmp(c->map.uuid, "objectGUID") == 0 ? hex_encode(a, uuid) : uuid,
        .id = id->values[0],
        .name = entry_value(e, c->company_name),
        .name_en = english.p ? entry_value(e, english.p) : STR_EMPTY,
    };
    if (company->name.len == 0)
        company->name = company->id;
    *out = company;
    return arena_failed(a) ? RESULT_INTERNAL : RESULT_OK;
}

static enum result find(struct directory *d, struct arena *a, struct str base, int scope, const char *filter,
                        struct company **out)
{
    const struct directory_config *c = directory_config(d);
    const char *const names[] = {c->map.uuid, c->company_id, c->company_name, NULL};
    const struct search s = {
        .base = base, .scope = scope, .filter = filter, .attributes = names, .size_limit = MATCHES_MAX};
    struct entries found;
    if (!filter || base.len == 0)
        return RESULT_INTERNAL;
    enum result r = directory_search(d, a, &s, &found);
    if (r == RESULT_REFUSED || (r == RESULT_OK && found.n != 1))
        return RESULT_NOT_FOUND;
    return r == RESULT_OK ? company_of(d, a, &found.v[0], out) : r;
}

enum result company_by_id(struct directory *d, struct arena *a, struct str id, struct company **out)
{
    const struct directory_config *c = directory_config(d);
    if (!any_there(c) || id.len == 0 || id.len > ID_MAX || !str_is_plain_text(id))
        return RESULT_NOT_FOUND;
    struct str value = filter_escape(a, id);
    struct str filter =
        arena_printf(a, "(&%s(%s=" STR_FMT "))", c->company_filter, c->company_id, STR_ARG(value));
    enum result r = find(d, a, str_of(c->companies_base), LDAP_SCOPE_SUBTREE, filter.p, out);
    /* The directory compares without regard to case; an identifier has one spelling. */
    return r == RESULT_OK && !str_eq((*out)->id, id) ? RESULT_NOT_FOUND : r;
}

enum result company_by_dn(struct directory *d, struct arena *a, struct str dn, struct company **out)
{
    const struct directory_config *c = directory_config(d);
    if (!any_there(c) || !dn_is_below(a, dn, str_of(c->companies_base)))
        return RESULT_NOT_FOUND;
    return find(d, a, dn, LDAP_SCOPE_BASE, c->company_filter, out);
}
