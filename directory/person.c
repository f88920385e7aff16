/* People: found by what they type or by their uuid, and how their entries are read. */
#include "directory/person.h"

#include "directory/dn.h"
#include "directory/operation.h"
#include "server/base/encode.h"
#include "server/base/log.h"

#include <strings.h>

enum { LOGIN_MAX = 128, ATTRIBUTES_MAX = 48, MATCHES_MAX = 2 };

/* Active Directory's objectGUID is 16 bytes; everywhere else the uuid is text. */
static bool uuid_is_binary(const struct directory_config *c)
{
    return strcasecmp(c->map.uuid, "objectGUID") == 0;
}

struct names {
    const char *v[ATTRIBUTES_MAX + 1];
    size_t n;
};

static void add_name(struct names *list, const char *name)
{
    if (name && *name && list->n < ATTRIBUTES_MAX)
        list->v[list->n++] = name;
}

/* The attribute of one condition of disabled_when: what stands before `=` or `&`. */
static struct str condition_attribute(struct str condition)
{
    size_t at = 0;
    while (at < condition.len && condition.p[at] != '=' && condition.p[at] != '&')
        at++;
    return str_sub(condition, 0, at);
}

/* Operational attributes come only to those who ask by name. */
static void name_attributes(const struct directory_config *c, struct arena *a, struct names *list)
{
    const struct person_map *m = &c->map;
    const char *const mapped[] = {m->uuid, m->subject, m->display_name, m->given_name,     m->family_name,
                                  m->mail, m->mobile,  m->organisation, m->identity_level, "cn"};
    for (size_t i = 0; i < sizeof mapped / sizeof *mapped; i++)
        add_name(list, mapped[i]);
    struct str rest = c->disabled_when, condition;
    while (str_word(&rest, &condition))
        add_name(list, arena_cstr(a, condition_attribute(condition)));
}

/* `attribute=value`, or `attribute&number` when one of the number's bits is set. */
static bool condition_holds(const struct entry *e, struct arena *a, struct str condition)
{
    struct str name = condition_attribute(condition);
    const char *z = arena_cstr(a, name);
    const struct attribute *attribute = z ? entry_attribute(e, z) : NULL;
    struct str wanted = str_sub(condition, name.len + 1, condition.len);
    bool bits = name.len < condition.len && condition.p[name.len] == '&';
    for (size_t i = 0; attribute && i < attribute->count; i++) {
        uint64_t mask, value;
        if (!bits && str_eq_nocase(attribute->values[i], wanted))
            return true;
        if (bits && str_to_u64(wanted, UINT32_MAX, &mask) &&
            str_to_u64(attribute->values[i], UINT32_MAX, &value) && (value & mask) != 0)
            return true;
    }
    return false;
}

static bool is_disabled(const struct directory_config *c, const struct entry *e, struct arena *a)
{
    struct str rest = c->disabled_when, condition;
    while (str_word(&rest, &condition)) {
        if (condition_holds(e, a, condition))
            return true;
    }
    return false;
}

static struct str kind_of(const struct directory_config *c, struct arena *a, struct str dn)
{
    struct str rest = c->kind_of_person, word;
    while (str_word(&rest, &word)) {
        struct str kind = STR_EMPTY;
        if (str_has(word, '=') && str_cut(&word, '=', &kind) &&
            dn_is_below(a, dn, dn_join(a, word, c->people_base)))
            return kind;
    }
    return STR_EMPTY;
}

static struct str uuid_of(const struct directory_config *c, struct arena *a, const struct entry *e)
{
    struct str value = entry_value(e, c->map.uuid);
    return uuid_is_binary(c) ? hex_encode(a, value) : value;
}

static struct str mapped(const struct entry *e, const char *name)
{
    return name ? entry_value(e, name) : STR_EMPTY;
}

/* Exactly one value: of two, which one comes first is the directory's whim of the day. */
static bool is_single(const struct entry *e, const char *name)
{
    const struct attribute *found = entry_attribute(e, name);
    return found && found->count == 1 && found->values[0].len > 0;
}

/* A path, or a DN below the organisations' base as its path. Empty for what cannot stand in a list of words.
 */
static struct str organisation_of(const struct directory_config *c, struct arena *a, struct str value)
{
    bool set = c->organisations_base && *c->organisations_base;
    struct str base = str_of(set ? c->organisations_base : c->people_base);
    struct str path = str_has(value, '=') ? dn_path(a, value, base) : value;
    return str_has(path, ' ') ? STR_EMPTY : path;
}

static void read_organisations(const struct directory_config *c, struct arena *a, const struct entry *e,
                               struct person *p)
{
    const struct attribute *all = c->map.organisation ? entry_attribute(e, c->map.organisation) : NULL;
    p->organisation = mapped(e, c->map.organisation);
    for (size_t i = 0; all && i < all->count; i++) {
        struct str path = organisation_of(c, a, all->values[i]);
        bool first = p->organisations.len == 0;
        const struct str parts[] = {p->organisations, first ? STR_EMPTY : STR(" "), path};
        if (path.len == 0)
            continue;
        p->organisations = arena_join(a, parts, 3);
        if (first)
            p->organisation = path;
    }
}

/* Anything but a number of the scale is as good as none: it must not raise anybody. */
static int64_t identity_level_of(const struct directory_config *c, const struct entry *e)
{
    uint64_t level;
    return str_to_u64(mapped(e, c->map.identity_level), 5, &level) ? (int64_t)level : 0;
}

enum result person_of_entry(const struct directory_config *c, struct arena *a, const struct entry *e,
                            struct person **out)
{
    struct person *p = arena_alloc(a, sizeof *p);
    if (!p)
        return RESULT_INTERNAL;
    if (!is_single(e, c->map.uuid) || !is_single(e, c->map.subject)) {
        LOG(LOG_LEVEL_ERROR, "ldap.person_without_identifier", LOG_STR("dn", e->dn),
            LOG_Z("uuid", c->map.uuid), LOG_Z("subject", c->map.subject));
        return RESULT_REFUSED;
    }
    p->dn = e->dn;
    p->uuid = uuid_of(c, a, e);
    p->subject = mapped(e, c->map.subject);
    p->kind = kind_of(c, a, e->dn);
    p->display_name = mapped(e, c->map.display_name);
    if (p->display_name.len == 0)
        p->display_name = entry_value(e, "cn");
    p->given_name = mapped(e, c->map.given_name);
    p->family_name = mapped(e, c->map.family_name);
    p->mail = mapped(e, c->map.mail);
    p->mobile = mapped(e, c->map.mobile);
    read_organisations(c, a, e, p);
    p->identity_level = identity_level_of(c, e);
    p->disabled = is_disabled(c, e, a);
    *out = p;
    return arena_failed(a) ? RESULT_INTERNAL : RESULT_OK;
}

const char *const *person_attributes(const struct directory_config *c, struct arena *a)
{
    struct names *names = arena_alloc(a, sizeof *names);
    if (!names)
        return NULL;
    name_attributes(c, a, names);
    return arena_failed(a) ? NULL : names->v;
}

/*
 * An entry without one uuid and one subject cannot be told from others for certain: the directory, or what
 * its access rules show, is at fault, and that is not the person's.
 */
static enum result person_of(struct directory *d, struct arena *a, const struct entry *e, struct person **out)
{
    struct person *p = NULL;
    enum result r = person_of_entry(directory_config(d), a, e, &p);
    if (r == RESULT_OK)
        *out = p;
    return r == RESULT_REFUSED ? RESULT_INTERNAL : r;
}

/* The one person that the filter matches; more than one is nobody. */
static enum result find_one(struct directory *d, struct arena *a, struct str filter, struct person **out)
{
    struct names names = {.n = 0};
    name_attributes(directory_config(d), a, &names);
    const struct search s = {.base = str_of(directory_config(d)->people_base),
                             .scope = LDAP_SCOPE_SUBTREE,
                             .filter = filter.p,
                             .attributes = names.v,
                             .size_limit = MATCHES_MAX};
    struct entries found;
    if (!filter.p || arena_failed(a))
        return RESULT_INTERNAL;
    enum result r = directory_search(d, a, &s, &found);
    if (r == RESULT_NOT_FOUND) {
        LOG(LOG_LEVEL_ERROR, "ldap.people_base_missing", LOG_STR("dn", s.base));
        return RESULT_UNAVAILABLE;
    }
    if (r == RESULT_REFUSED || (r == RESULT_OK && found.n != 1))
        return RESULT_NOT_FOUND;
    return r == RESULT_OK ? person_of(d, a, &found.v[0], out) : r;
}

enum result person_by_login(struct directory *d, struct arena *a, struct str login, struct person **out)
{
    const struct directory_config *c = directory_config(d);
    if (login.len == 0 || login.len > LOGIN_MAX || !str_is_plain_text(login) ||
        str_trim(login).len != login.len)
        return RESULT_NOT_FOUND;
    struct str value = filter_escape(a, login), any = STR_EMPTY, rest = c->login_attributes, name;
    while (str_word(&rest, &name))
        any =
            arena_printf(a, STR_FMT "(" STR_FMT "=" STR_FMT ")", STR_ARG(any), STR_ARG(name), STR_ARG(value));
    return find_one(d, a, arena_printf(a, "(&%s(|" STR_FMT "))", c->person_filter, STR_ARG(any)), out);
}

static enum result by_attribute(struct directory *d, struct arena *a, const char *name, struct str bytes,
                                struct person **out)
{
    struct str value = filter_escape(a, bytes);
    struct str filter =
        arena_printf(a, "(&%s(%s=" STR_FMT "))", directory_config(d)->person_filter, name, STR_ARG(value));
    return find_one(d, a, filter, out);
}

enum result person_by_uuid(struct directory *d, struct arena *a, struct str uuid, struct person **out)
{
    const struct directory_config *c = directory_config(d);
    struct str bytes = uuid;
    if (uuid.len == 0 || uuid.len > LOGIN_MAX || (uuid_is_binary(c) && !hex_decode(a, uuid, &bytes)))
        return RESULT_NOT_FOUND;
    return by_attribute(d, a, c->map.uuid, bytes, out);
}

enum result person_by_subject(struct directory *d, struct arena *a, struct str subject, struct person **out)
{
    if (subject.len == 0 || subject.len > LOGIN_MAX || !str_is_utf8(subject))
        return RESULT_NOT_FOUND;
    enum result r = by_attribute(d, a, directory_config(d)->map.subject, subject, out);
    /* The directory may take names alike that differ in case: a `sub` is one spelling. */
    return r == RESULT_OK && !str_eq((*out)->subject, subject) ? RESULT_NOT_FOUND : r;
}

/* How many hexadecimal digits stand between the dashes of each kind of identifier. */
struct spelling {
    const char *attribute;
    unsigned char groups[6];
};

/* The first is the usual one. */
static const struct spelling spellings[] = {
    {"entryUUID", {8, 4, 4, 4, 12}}, {"objectGUID", {32}}, {"nsUniqueId", {8, 8, 8, 8}}};

static const struct spelling *spelling_of(const struct directory_config *c)
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (strcasecmp(c->map.uuid, spellings[i].attribute) == 0)
            return &spellings[i];
    return NULL;
}

bool person_uuid_is_followed(const struct directory_config *c)
{
    return spelling_of(c) != NULL;
}

struct str person_uuid_text(const struct directory_config *c, struct arena *a, struct str bytes)
{
    const struct spelling *s = spelling_of(c);
    struct str digits = hex_encode(a, bytes), text = STR_EMPTY;
    size_t at = 0;
    if (!s)
        s = &spellings[0];
    for (int g = 0; s->groups[g] != 0; at += s->groups[g++]) {
        const struct str parts[] = {text, g > 0 ? STR("-") : STR_EMPTY, str_sub(digits, at, s->groups[g])};
        text = arena_join(a, parts, 3);
    }
    return text;
}
