#include "directory/model/parse.h"

#include <stdarg.h>
#include <stdio.h>

enum { FAULT_MAX = 400 };

void parse_fault(struct parse *p, const char *format, ...)
{
    char text[FAULT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct item_fault *fault = arena_alloc(p->a, sizeof *fault), **end = &p->item->faults;
    if (!fault)
        return;
    fault->why = arena_copy(p->a, str_of(text));
    while (*end)
        end = &(*end)->next;
    *end = fault;
}

struct str parse_value(struct parse *p, const char *name)
{
    struct str value = entry_value(p->e, name);
    return value.len > 0 ? arena_copy(p->a, value) : STR_EMPTY;
}

/* One piece of memory for all texts: a group has thousands. */
static struct words copy_words(struct arena *a, const struct str *v, size_t n)
{
    struct words out = {.v = n > 0 ? arena_alloc(a, n * sizeof *out.v) : NULL};
    struct str all = n > 0 ? arena_join(a, v, n) : STR_EMPTY;
    for (size_t i = 0, at = 0; out.v && all.p && i < n; i++) {
        out.v[out.n++] = str_sub(all, at, v[i].len);
        at += v[i].len;
    }
    return out;
}

struct words parse_values(struct parse *p, const char *name)
{
    const struct attribute *found = entry_attribute(p->e, name);
    return found ? copy_words(p->a, found->values, found->count) : (struct words){NULL, 0};
}

bool parse_flag(struct parse *p, const char *name)
{
    return str_eq_nocase(entry_value(p->e, name), STR("TRUE"));
}

struct words parse_dns(struct parse *p, const char *name, struct dn_key **keys)
{
    struct words all = parse_values(p, name), good = {.v = all.v};
    *keys = all.n > 0 ? arena_alloc(p->a, all.n * sizeof **keys) : NULL;
    for (size_t i = 0; *keys && i < all.n; i++) {
        if (dn_key_of(all.v[i], &(*keys)[good.n]))
            good.v[good.n++] = all.v[i];
        else
            parse_fault(p, "%s: \"" STR_FMT "\" is no DN and is left out", name, STR_ARG(all.v[i]));
    }
    return good;
}

static bool parse_time(struct parse *p, const char *name, int64_t *out)
{
    struct str text = entry_value(p->e, name);
    *out = 0;
    if (text.len == 0 || time_read(text, out))
        return true;
    parse_fault(p, "%s: \"" STR_FMT "\" is no time; accepted: UTC, such as 20261231235959Z", name,
                STR_ARG(text));
    return false;
}

bool parse_period(struct parse *p, int64_t *from, int64_t *until)
{
    if (!parse_time(p, "onedoorValidFrom", from) || !parse_time(p, "onedoorValidUntil", until))
        return false;
    /* The first second of time, by which some tools say "never": 0 would be without end. */
    if (*until == 0 && entry_value(p->e, "onedoorValidUntil").len > 0)
        *until = 1;
    if (*until == 0 || *from < *until)
        return true;
    parse_fault(p, "onedoorValidUntil: lies before onedoorValidFrom; accepted: a later time");
    return false;
}

static bool parse_scope(struct parse *p, struct assignment *out)
{
    struct str word = entry_value(p->e, "onedoorDataScope");
    out->scope = word.len > 0 ? scope_of_word(word) : SCOPE_DEPARTMENT;
    if (out->scope == SCOPE_NONE) {
        parse_fault(p,
                    "onedoorDataScope: \"" STR_FMT "\" is no scope; accepted: self, department, "
                    "department-and-below, listed, listed-and-below, all",
                    STR_ARG(word));
        return false;
    }
    bool listed = out->scope == SCOPE_LISTED || out->scope == SCOPE_LISTED_AND_BELOW;
    if (!listed || out->organisations.n > 0)
        return true;
    parse_fault(p, "onedoorOrganisation: missing; onedoorDataScope " STR_FMT " needs one path or more",
                STR_ARG(word));
    return false;
}

bool parse_held(struct parse *p, struct held *out)
{
    out->of.dn = p->item->dn;
    out->of.organisations = parse_values(p, "onedoorOrganisation");
    bool good = parse_scope(p, &out->of);
    good = parse_period(p, &out->of.from, &out->of.until) && good;
    if (good)
        out->of.holders = parse_dns(p, "member", &out->keys);
    return good;
}

struct words parse_permission_words(struct parse *p)
{
    struct words all = parse_values(p, "onedoorPermission"), good = {.v = all.v};
    for (size_t i = 0; i < all.n; i++) {
        struct permission read;
        if (!str_has(all.v[i], ' ') && !permission_read(all.v[i], &read))
            good.v[good.n++] = all.v[i];
        else
            parse_fault(p,
                        "onedoorPermission: \"" STR_FMT "\" is left out; accepted: type:action alone, such "
                        "as case:approve",
                        STR_ARG(all.v[i]));
    }
    return good;
}
