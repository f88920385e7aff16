#include "directory/people.h"

#include "directory/dn.h"
#include "directory/operation.h"

static enum result search_people(struct directory *d, struct arena *a, struct search *s, struct entries *out)
{
    s->attributes = person_attributes(directory_config(d), a);
    if (!s->filter || !s->attributes || arena_failed(a))
        return RESULT_INTERNAL;
    return directory_search(d, a, s, out);
}

enum result person_by_dn(struct directory *d, struct arena *a, struct str dn, struct person **out)
{
    const struct directory_config *c = directory_config(d);
    if (!dn_is_below(a, dn, str_of(c->people_base)))
        return RESULT_NOT_FOUND;
    struct search s = {.base = dn, .scope = LDAP_SCOPE_BASE, .filter = c->person_filter};
    struct entries found;
    enum result r = search_people(d, a, &s, &found);
    if (r == RESULT_OK && found.n != 1)
        return RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        r = person_of_entry(c, a, &found.v[0], out);
    /* An entry that cannot be told from others is nobody that a list could name. */
    return r == RESULT_REFUSED ? RESULT_NOT_FOUND : r;
}

static struct search by_attribute(const struct directory_config *c, struct arena *a, const char *name,
                                  struct str value, int size_limit)
{
    struct str escaped = filter_escape(a, value);
    struct str filter = arena_printf(a, "(&%s(%s=" STR_FMT "))", c->person_filter, name, STR_ARG(escaped));
    return (struct search){.base = str_of(c->people_base),
                           .scope = LDAP_SCOPE_SUBTREE,
                           .filter = filter.p,
                           .size_limit = size_limit};
}

enum result person_by_mail(struct directory *d, struct arena *a, struct str mail, struct person **out)
{
    const struct directory_config *c = directory_config(d);
    if (!c->map.mail || !*c->map.mail || mail.len == 0 || !str_is_plain_text(mail))
        return RESULT_NOT_FOUND;
    struct search s = by_attribute(c, a, c->map.mail, mail, 2);
    struct entries found;
    enum result r = search_people(d, a, &s, &found);
    if (r == RESULT_NOT_FOUND)
        return RESULT_UNAVAILABLE;
    if (r == RESULT_REFUSED || (r == RESULT_OK && found.n != 1))
        return RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        r = person_of_entry(c, a, &found.v[0], out);
    return r == RESULT_REFUSED ? RESULT_NOT_FOUND : r;
}

static enum result add_person(const struct directory_config *c, struct arena *a, const struct entry *e,
                              struct people *out)
{
    enum result r = person_of_entry(c, a, e, &out->v[out->n]);
    if (r == RESULT_OK)
        out->n++;
    return r == RESULT_REFUSED ? RESULT_OK : r;
}

enum result people_of_organisation(struct directory *d, struct arena *a, struct str path, struct people *out)
{
    const struct directory_config *c = directory_config(d);
    *out = (struct people){0};
    if (!c->map.organisation || !*c->map.organisation)
        return RESULT_OK;
    struct search s = by_attribute(c, a, c->map.organisation, path, 0);
    struct entries found;
    enum result r = search_people(d, a, &s, &found);
    /* Some people are not all of them, and a base that is not there is a wrong setting. */
    if (r == RESULT_NOT_FOUND || r == RESULT_REFUSED)
        return RESULT_UNAVAILABLE;
    if (r == RESULT_OK && !(out->v = arena_alloc(a, found.n * sizeof *out->v)))
        r = RESULT_INTERNAL;
    for (size_t i = 0; r == RESULT_OK && i < found.n; i++)
        r = add_person(c, a, &found.v[i], out);
    return r;
}
