/* The registry's side: one entry, changed by compare-and-swap. */
#include "server/store/epoch.h"

#include "server/base/clock.h"
#include "server/base/encode.h"
#include "server/base/log.h"
#include "server/base/random.h"

#include <string.h>

static const char attribute_epoch[] = "onedoorEpoch"; /* "<name> <changed>", one value */
static const char attribute_pulse[] = "onedoorBeat";  /* "<name> <pulse>": of which epoch it tells */

enum { ARENA_CEILING = 64 << 10 };

/*
 * Servers that have not noticed yet go on spending in the old epoch until the new one stands in Redis. The
 * floor lies so far ahead that this is over by then; an epoch that took longer is replaced again
 * (reconcile.c).
 */
enum { FLOOR_AHEAD_S = 2 };

static struct str entry_rdn(void)
{
    return STR("cn=epoch,ou=state");
}

static struct str text_of(struct arena *a, const char *name, int64_t number)
{
    return arena_printf(a, "%s %lld", name, (long long)number);
}

/* "<32 hexadecimal digits> <number>" */
static bool parse(struct str text, char name[33], int64_t *number)
{
    struct str head;
    uint64_t value;
    if (!str_cut(&text, ' ', &head) || head.len != 32 || !str_to_u64(text, INT64_MAX, &value))
        return false;
    for (size_t i = 0; i < head.len; i++)
        if (!str_has(STR("0123456789abcdef"), head.p[i]))
            return false;
    memcpy(name, head.p, 32);
    name[32] = '\0';
    *number = (int64_t)value;
    return true;
}

static enum result from_entry(const struct entry *e, struct epoch *out)
{
    *out = (struct epoch){.name = ""};
    if (!parse(entry_value(e, attribute_epoch), out->name, &out->changed)) {
        LOG(LOG_LEVEL_ERROR, "store.epoch_unreadable", LOG_STR("entry", e->dn));
        return RESULT_INTERNAL;
    }
    char name[33];
    int64_t pulse;
    if (parse(entry_value(e, attribute_pulse), name, &pulse) && strcmp(name, out->name) == 0)
        out->pulse = pulse;
    return RESULT_OK;
}

enum result epoch_read(struct directory *d, struct epoch *out)
{
    struct arena *a = arena_new(ARENA_CEILING);
    if (!a)
        return RESULT_INTERNAL;
    struct entry e;
    enum result r = registry_read(d, a, entry_rdn(), &e);
    if (r == RESULT_OK)
        r = from_entry(&e, out);
    arena_free(a);
    return r;
}

static enum result make(struct arena *a, int64_t changed, struct epoch *out)
{
    unsigned char bytes[16];
    if (!random_bytes(bytes, sizeof bytes))
        return RESULT_INTERNAL;
    struct str name = hex_encode(a, (struct str){(const char *)bytes, sizeof bytes});
    if (name.len != 32)
        return RESULT_INTERNAL;
    *out = (struct epoch){.changed = changed};
    memcpy(out->name, name.p, 32);
    return RESULT_OK;
}

enum result epoch_create(struct directory *d, struct epoch *out)
{
    struct arena *a = arena_new(ARENA_CEILING);
    if (!a)
        return RESULT_INTERNAL;
    enum result r = make(a, 0, out);
    if (r == RESULT_OK) {
        struct str object_class = STR("onedoorState"), cn = STR("epoch");
        struct str value = text_of(a, out->name, out->changed);
        const struct attribute attributes[] = {
            {"objectClass", &object_class, 1}, {"cn", &cn, 1}, {attribute_epoch, &value, 1}};
        r = registry_add(d, entry_rdn(), attributes, sizeof attributes / sizeof attributes[0]);
    }
    arena_free(a);
    return r;
}

/* What the registry must still say (deleting a value that is not there fails), and what it says then. */
static enum result swap(struct directory *d, struct arena *a, const struct epoch *old,
                        const struct epoch *next, int64_t pulse)
{
    struct str before = text_of(a, old->name, old->changed);
    struct str after = text_of(a, next->name, next->changed);
    struct str beat = text_of(a, next->name, pulse);
    const struct change changes[] = {{CHANGE_DELETE, {attribute_epoch, &before, 1}},
                                     {CHANGE_ADD, {attribute_epoch, &after, 1}},
                                     {CHANGE_REPLACE, {attribute_pulse, &beat, pulse > 0 ? 1 : 0}}};
    if (arena_failed(a))
        return RESULT_INTERNAL;
    return registry_modify(d, entry_rdn(), changes, sizeof changes / sizeof changes[0]);
}

enum result epoch_advance(struct directory *d, const struct epoch *old, struct epoch *out)
{
    struct arena *a = arena_new(ARENA_CEILING);
    if (!a)
        return RESULT_INTERNAL;
    int64_t changed = clock_now() + FLOOR_AHEAD_S;
    if (changed < old->changed)
        changed = old->changed;
    enum result r = make(a, changed, out);
    if (r == RESULT_OK)
        r = swap(d, a, old, out, 0);
    arena_free(a);
    return r;
}

enum result epoch_stamp(struct directory *d, const struct epoch *e, int64_t pulse)
{
    struct arena *a = arena_new(ARENA_CEILING);
    if (!a)
        return RESULT_INTERNAL;
    enum result r = swap(d, a, e, e, pulse);
    arena_free(a);
    return r;
}
