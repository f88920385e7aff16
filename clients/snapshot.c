#include "clients/snapshot.h"

#include "server/base/digest.h"
#include "server/base/log.h"

#include <stdlib.h>
#include <string.h>

/* Room for some ten thousand applications. */
enum { SNAPSHOT_BYTES = 64 << 20 };

struct resource {
    struct str identifier;
    const struct application *app;
};

/*
 * Both lists are sorted and searched by halving: as fast as a hash table at this size, and no choice of names
 * makes it slow.
 */
struct snapshot {
    struct arena *arena; /* holds the snapshot itself too */
    unsigned char digest[DIGEST_SIZE];
    const struct application **apps;
    size_t count;
    struct resource *resources;
    size_t resource_count;
};

static int compare(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_apps(const void *a, const void *b)
{
    const struct application *const *x = a, *const *y = b;
    return compare((*x)->client_id, (*y)->client_id);
}

static int compare_resources(const void *a, const void *b)
{
    const struct resource *x = a, *y = b;
    return compare(x->identifier, y->identifier);
}

/* A part with its length before it, so that no two lists of parts read the same. */
static bool add_part(unsigned char digest[DIGEST_SIZE], struct str s)
{
    uint64_t len = s.len;
    struct str parts[] = {{(const char *)digest, DIGEST_SIZE}, {(const char *)&len, sizeof len}, s};
    return sha256(parts, 3, digest);
}

static bool add_entry(unsigned char digest[DIGEST_SIZE], const struct entry *e)
{
    bool good = add_part(digest, e->dn);
    for (size_t i = 0; good && i < e->count; i++) {
        good = add_part(digest, str_of(e->attributes[i].name));
        for (size_t v = 0; good && v < e->attributes[i].count; v++)
            good = add_part(digest, e->attributes[i].values[v]);
    }
    return good;
}

static bool digest_of(const struct entries *entries, unsigned char out[DIGEST_SIZE])
{
    memset(out, 0, DIGEST_SIZE);
    bool good = true;
    for (size_t i = 0; good && i < entries->n; i++)
        good = add_entry(out, &entries->v[i]);
    return good;
}

static struct snapshot *snapshot_new(const struct entries *entries)
{
    struct arena *arena = arena_new(SNAPSHOT_BYTES);
    struct snapshot *s = arena ? arena_alloc(arena, sizeof *s) : NULL;
    if (!s) {
        arena_free(arena);
        return NULL;
    }
    s->arena = arena;
    s->apps = arena_alloc(arena, entries->n * sizeof *s->apps);
    return s;
}

static void leave_out(const struct entry *e, struct str why)
{
    LOG(LOG_LEVEL_ERROR, "clients.application_left_out", LOG_STR("dn", e->dn), LOG_STR("why", why));
}

static void take_entries(struct snapshot *s, const struct entries *entries)
{
    for (size_t i = 0; i < entries->n && !arena_failed(s->arena); i++) {
        struct str why = STR_EMPTY;
        const struct application *app = application_from_entry(s->arena, &entries->v[i], &why);
        if (!app)
            leave_out(&entries->v[i], why);
        else if (!app->disabled)
            s->apps[s->count++] = app;
    }
    if (!arena_failed(s->arena))
        qsort(s->apps, s->count, sizeof *s->apps, compare_apps);
}

static size_t count_words(struct str list)
{
    struct str word;
    size_t n = 0;
    while (str_word(&list, &word))
        n++;
    return n;
}

/* Takes the application's identifiers into the sorted list, unless another application has one of them. */
static bool take_resources(struct snapshot *s, const struct application *app)
{
    struct str list = app->resources, word;
    while (str_word(&list, &word))
        if (snapshot_of_resource(s, word))
            return false;
    list = app->resources;
    while (str_word(&list, &word))
        s->resources[s->resource_count++] = (struct resource){word, app};
    if (app->resources.len > 0)
        qsort(s->resources, s->resource_count, sizeof *s->resources, compare_resources);
    return true;
}

/* An identifier names one application: else a token for one would be taken by the other. */
static void index_resources(struct snapshot *s)
{
    size_t total = 0, kept = 0;
    for (size_t i = 0; i < s->count; i++)
        total += count_words(s->apps[i]->resources);
    s->resources = arena_alloc(s->arena, total * sizeof *s->resources);
    for (size_t i = 0; s->resources && i < s->count; i++) {
        if (take_resources(s, s->apps[i]))
            s->apps[kept++] = s->apps[i];
        else
            LOG(LOG_LEVEL_ERROR, "clients.application_left_out", LOG_STR("client_id", s->apps[i]->client_id),
                LOG_Z("why", "another application has the same resource"));
    }
    s->count = kept;
}

struct snapshot *snapshot_build(const struct entries *entries)
{
    struct snapshot *s = snapshot_new(entries);
    if (!s)
        return NULL;
    take_entries(s, entries);
    if (!arena_failed(s->arena))
        index_resources(s);
    if (arena_failed(s->arena) || !digest_of(entries, s->digest)) {
        snapshot_free(s);
        return NULL;
    }
    return s;
}

void snapshot_free(void *what)
{
    struct snapshot *s = what;
    if (s)
        arena_free(s->arena);
}

bool snapshot_is_of(const struct snapshot *s, const struct entries *entries)
{
    unsigned char digest[DIGEST_SIZE];
    return digest_of(entries, digest) && memcmp(digest, s->digest, DIGEST_SIZE) == 0;
}

const struct application *snapshot_find(const struct snapshot *s, struct str client_id)
{
    const struct application wanted = {.client_id = client_id}, *key = &wanted;
    const struct application **found = bsearch(&key, s->apps, s->count, sizeof *s->apps, compare_apps);
    return found ? *found : NULL;
}

const struct application *snapshot_of_resource(const struct snapshot *s, struct str resource)
{
    struct resource key = {.identifier = resource};
    const struct resource *found =
        bsearch(&key, s->resources, s->resource_count, sizeof *s->resources, compare_resources);
    return found ? found->app : NULL;
}

size_t snapshot_list(const struct snapshot *s, const struct application *const **out)
{
    *out = s->apps;
    return s->count;
}
