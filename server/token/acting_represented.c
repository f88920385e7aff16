/* For whom a mandate lets act, as the directory says. */
#include "directory/company.h"
#include "server/token/acting.h"

/* A company's `sub` that is a person's too would give the one the other's data. */
static enum result represented_company(struct provider *p, struct arena *a, const struct mandate *md,
                                       struct person *out)
{
    struct company *company;
    struct person *namesake;
    enum result r = company_by_dn(p->directory, a, md->represented_dn, &company);
    if (r != RESULT_OK)
        return r;
    if (!str_eq(company->id, md->represented_sub))
        return RESULT_NOT_FOUND;
    r = person_by_subject(p->directory, a, company->id, &namesake);
    if (r != RESULT_NOT_FOUND)
        return r == RESULT_OK ? RESULT_NOT_FOUND : r;
    *out = (struct person){.dn = company->dn,
                           .uuid = company->uuid,
                           .subject = company->id,
                           .kind = STR(KIND_COMPANY),
                           .display_name = company->name};
    return RESULT_OK;
}

static enum result represented_person(struct provider *p, struct arena *a, const struct mandate *md,
                                      struct person *out)
{
    struct person *found;
    struct dn_key key;
    enum result r = person_by_subject(p->directory, a, md->represented_sub, &found);
    if (r != RESULT_OK)
        return r;
    if (found->disabled || !dn_key_of(found->dn, &key) || !dn_key_eq(&key, &md->represented))
        return RESULT_NOT_FOUND;
    *out = *found;
    return RESULT_OK;
}

enum result acting_represented(struct provider *p, struct arena *a, const struct mandate *md,
                               struct person *out)
{
    bool company = md->kind == MANDATE_COMPANY;
    return company ? represented_company(p, a, md, out) : represented_person(p, a, md, out);
}
