#include "directory/follow/feed.h"

#include "directory/dn.h"
#include "server/base/clock.h"

bool feed_leaves_out(const struct feed *f, struct arena *a, struct str dn)
{
    struct str without = str_of(f->config.without);
    return without.len > 0 && (dn_is_below(a, dn, without) || dn_is_same(a, dn, without));
}

enum result feed_put(struct feed *f, struct arena *a, struct str uuid, const struct entry *e)
{
    if (feed_leaves_out(f, a, e->dn))
        return f->to.gone(f->to.arg, uuid);
    return f->to.put(f->to.arg, uuid, e);
}

enum result feed_settle(struct feed *f, struct str cookie)
{
    enum result r = f->to.settled(f->to.arg, cookie);
    if (r != RESULT_OK)
        return r;
    size_t max = f->cookie.max;
    buf_free(&f->cookie);
    buf_init(&f->cookie, max);
    buf_add(&f->cookie, cookie);
    return f->cookie.failed ? RESULT_INTERNAL : RESULT_OK;
}

void feed_is_live(struct feed *f, const struct wire *w)
{
    atomic_store(&f->heard, clock_now() - (clock_monotonic_ms() - w->heard) / 1000);
    atomic_store(&f->live, true);
}

/* The root DSE's, or another entry's, values of one attribute; NULL when it has none or cannot be asked. */
static const struct attribute *read_values(struct wire *w, struct arena *a, struct str dn, const char *name,
                                           bool *lost)
{
    const char *const names[] = {name, NULL};
    const struct search s = {
        .base = dn, .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = names};
    struct entries found;
    int code = wire_read(w, a, &s, &found);
    *lost = code < 0;
    return code == LDAP_SUCCESS && found.n == 1 ? entry_attribute(&found.v[0], name) : NULL;
}

static bool has_value(const struct attribute *values, const char *wanted)
{
    for (size_t i = 0; values && i < values->count; i++)
        if (str_eq(values->values[i], str_of(wanted)))
            return true;
    return false;
}

bool feed_server_has(struct wire *w, const char *control)
{
    struct arena *a = arena_new(1 << 20);
    bool lost;
    bool has = a && has_value(read_values(w, a, STR(""), "supportedControl", &lost), control);
    arena_free(a);
    return has;
}

/* The naming context that holds base: the entry that has contextCSN. */
static struct str context_of(struct arena *a, const struct attribute *contexts, struct str base)
{
    for (size_t i = 0; contexts && i < contexts->count; i++)
        if (dn_is_same(a, base, contexts->values[i]) || dn_is_below(a, base, contexts->values[i]))
            return contexts->values[i];
    return STR_EMPTY;
}

bool feed_present_cookie(struct wire *w, struct arena *a, const char *base, struct str *cookie)
{
    bool lost;
    *cookie = STR_EMPTY;
    struct str context = context_of(a, read_values(w, a, STR(""), "namingContexts", &lost), str_of(base));
    if (lost || context.len == 0)
        return !lost;
    const struct attribute *csn = read_values(w, a, context, "contextCSN", &lost);
    for (size_t i = 0; csn && i < csn->count; i++)
        *cookie = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(*cookie), i == 0 ? "rid=000,csn=" : ";",
                               STR_ARG(csn->values[i]));
    return !lost && !arena_failed(a);
}
