/* Entries by uuid, in a table of chains. */
#include "directory/model/content_internal.h"

#include "server/base/log.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 1024 };

struct content *content_new(const struct content_config *config)
{
    struct content *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->config = *config;
    c->bucket_count = FIRST_BUCKETS;
    c->buckets = calloc(c->bucket_count, sizeof *c->buckets);
    if (c->buckets && content_make_builtin(c))
        return c;
    content_free(c);
    return NULL;
}

static void slot_free(struct slot *s)
{
    item_done(s->item);
    free(s);
}

void content_free(struct content *c)
{
    if (!c)
        return;
    for (size_t i = 0; c->buckets && i < c->bucket_count; i++)
        for (struct slot *s = c->buckets[i], *next; s; s = next) {
            next = s->next;
            slot_free(s);
        }
    for (size_t i = 0; i < c->builtin_count; i++)
        item_done(c->builtin[i]);
    faults_free(&c->faults);
    free(c->buckets);
    free(c);
}

static size_t bucket_of(const struct content *c, enum content_source from, struct str uuid)
{
    uint64_t hash = 0xcbf29ce484222325 + (uint64_t)from;
    for (size_t i = 0; i < uuid.len; i++)
        hash = (hash ^ (unsigned char)uuid.p[i]) * 0x100000001b3;
    return (size_t)(hash ^ (hash >> 32)) & (c->bucket_count - 1);
}

/* Where the pointer to the slot stands, or would stand. */
static struct slot **find(const struct content *c, enum content_source from, struct str uuid)
{
    struct slot **at = &c->buckets[bucket_of(c, from, uuid)];
    while (*at && ((*at)->from != from || (*at)->uuid_len != uuid.len ||
                   (uuid.len > 0 && memcmp((*at)->uuid, uuid.p, uuid.len) != 0)))
        at = &(*at)->next;
    return at;
}

/* Without memory the chains only grow longer. */
static void grow(struct content *c)
{
    size_t old_count = c->bucket_count;
    struct slot **old = c->buckets, **more = calloc(2 * old_count, sizeof *more);
    if (!more)
        return;
    c->buckets = more;
    c->bucket_count = 2 * old_count;
    for (size_t i = 0; i < old_count; i++)
        for (struct slot *s = old[i], *next; s; s = next) {
            next = s->next;
            struct slot **at = &c->buckets[bucket_of(c, s->from, (struct str){s->uuid, s->uuid_len})];
            s->next = *at;
            *at = s;
        }
    free(old);
}

static struct slot *add(struct content *c, enum content_source from, struct str uuid)
{
    struct slot *s = calloc(1, sizeof *s + uuid.len);
    if (!s)
        return NULL;
    s->from = from;
    s->uuid_len = uuid.len;
    if (uuid.len > 0)
        memcpy(s->uuid, uuid.p, uuid.len);
    if (c->slot_count >= c->bucket_count)
        grow(c);
    *find(c, from, uuid) = s;
    c->slot_count++;
    return s;
}

static void count(struct content *c, const struct item *item, bool more)
{
    if (item && item->valid)
        c->valid[item->kind] += more ? 1 : (size_t)-1;
}

static void take_away(struct content *c, struct slot **at)
{
    struct slot *s = *at;
    *at = s->next;
    count(c, s->item, false);
    c->slot_count--;
    slot_free(s);
}

static bool had_fault(const struct item *before, struct str why)
{
    for (const struct item_fault *f = before ? before->faults : NULL; f; f = f->next)
        if (str_eq(f->why, why))
            return true;
    return false;
}

/* Once: a fault that the entry had before is not told again. */
static void log_faults(const struct item *item, const struct item *before)
{
    for (const struct item_fault *f = item->faults; f; f = f->next)
        if (!had_fault(before, f->why))
            LOG(LOG_LEVEL_WARN, "model.entry_not_valid", LOG_STR("dn", item->dn), LOG_STR("why", f->why));
}

/* A walk over everything, but only when something is renamed. */
static bool has_children(const struct content *c, enum content_source from, const struct dn_key *key)
{
    for (size_t i = 0; i < c->bucket_count; i++)
        for (const struct slot *s = c->buckets[i]; s; s = s->next)
            if (s->from == from && dn_key_eq(&s->item->parent, key))
                return true;
    return false;
}

static void note_rename(struct content *c, enum content_source from, const struct item *before)
{
    c->renamed = c->renamed || before->kind == ITEM_ORGANISATION;
    c->stale[from] = c->stale[from] || has_children(c, from, &before->key);
}

enum result content_put(struct content *c, enum content_source from, struct str uuid, const struct entry *e)
{
    struct item *item;
    enum result r = item_of_entry(&c->config, from, e, &item);
    struct slot **at = find(c, from, uuid), *s = *at;
    if (r != RESULT_OK)
        return r;
    if (!item) {
        if (s)
            take_away(c, at);
        return RESULT_OK;
    }
    if (!s && !(s = add(c, from, uuid))) {
        item_done(item);
        return RESULT_INTERNAL;
    }
    log_faults(item, s->item);
    if (s->item && !dn_key_eq(&s->item->key, &item->key))
        note_rename(c, from, s->item);
    count(c, s->item, false);
    count(c, item, true);
    item_done(s->item);
    s->item = item;
    s->generation = c->generation[from];
    return RESULT_OK;
}

bool content_drop(struct content *c, enum content_source from, struct str uuid)
{
    struct slot **at = find(c, from, uuid);
    if (!*at)
        return false;
    take_away(c, at);
    return true;
}

void content_refresh_begin(struct content *c, enum content_source from)
{
    c->generation[from]++;
}

void content_present(struct content *c, enum content_source from, struct str uuid)
{
    struct slot *s = *find(c, from, uuid);
    if (s)
        s->generation = c->generation[from];
}

void content_refresh_end(struct content *c, enum content_source from)
{
    for (size_t i = 0; i < c->bucket_count; i++)
        for (struct slot **at = &c->buckets[i]; *at;) {
            if ((*at)->from == from && (*at)->generation != c->generation[from])
                take_away(c, at);
            else
                at = &(*at)->next;
        }
    c->stale[from] = false;
}

bool content_is_stale(const struct content *c, enum content_source from)
{
    return c->stale[from];
}

bool content_take_renamed(struct content *c)
{
    bool renamed = c->renamed;
    c->renamed = false;
    return renamed;
}

void content_each_fault(const struct content *c, void (*tell)(void *arg, struct str dn, struct str why),
                        void *arg)
{
    for (size_t i = 0; i < c->bucket_count; i++)
        for (const struct slot *s = c->buckets[i]; s; s = s->next)
            for (const struct item_fault *f = s->item->faults; f; f = f->next)
                tell(arg, s->item->dn, f->why);
    for (size_t i = 0; i < c->faults.n; i++)
        tell(arg, c->faults.v[i].dn, c->faults.v[i].why);
}
