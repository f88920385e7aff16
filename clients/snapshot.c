#include "clients/snapshot.h"

#include "server/base/digest.h"
#include "server/base/log.h"

#include <stdlib.h>
#include <string.h>

/* Room for some ten thousand applications. */
enum { SNAPSHOT_BYTES = 64 << 20, FIRST_ROOM = 64 };

struct resource {
    struct str identifier;
    const struct application *app;
};

/*
 * Both lists are sorted and searched by halving: as fast as a hash table at this size, and no choice of names
 * makes it slow.
 */
struct snapshot {
    struct arena *arena;    /* holds the snapshot itself too */
    struct sha256_run *run; /* while it is being made; then its digest */
    unsigned char digest[DIGEST_SIZE];
    const struct application **apps;
    size_t count, room;
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

/* A part with its length before it, so that no two lists of parts read the same. */
static void digest_part(struct sha256_run *run, struct str s)
{
    uint64_t len = s.len;
    sha256_add(run, (struct str){(const char *)&len, sizeof len});
    sha256_add(run, s);
}

/* By which a feed knows an entry: they are asked for or not as it was read, and are no content. */
static bool is_identifier(const char *name)
{
    static const char *const names[] = {"entryUUID", "nsUniqueId", "objectGUID"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static void digest_entry(struct sha256_run *run, const struct entry *e)
{
    digest_part(run, e->dn);
    for (size_t i = 0; i < e->count; i++) {
        const struct attribute *at = &e->attributes[i];
        if (is_identifier(at->name))
            continue;
        digest_part(run, str_of(at->name));
        for (size_t v = 0; v < at->count; v++)
            digest_part(run, at->values[v]);
    }
}

struct snapshot *snapshot_new(void)
{
    struct arena *arena = arena_new(SNAPSHOT_BYTES);
    struct snapshot *s = arena ? arena_alloc(arena, sizeof *s) : NULL;
    if (!s) {
        arena_free(arena);
        return NULL;
    }
    s->arena = arena;
    s->run = sha256_begin();
    s->room = FIRST_ROOM;
    s->apps = arena_alloc(arena, s->room * sizeof *s->apps);
    if (s->run && s->apps)
        return s;
    snapshot_free(s);
    return NULL;
}

static void leave_out(const struct entry *e, struct str why)
{
    LOG(LOG_LEVEL_ERROR, "clients.application_left_out", LOG_STR("dn", e->dn), LOG_STR("why", why));
}

static void keep(struct snapshot *s, const struct application *app)
{
    if (s->count == s->room) {
        const struct application **more = arena_alloc(s->arena, 2 * s->room * sizeof *more);
        if (!more)
            return;
        memcpy(more, s->apps, s->count * sizeof *more);
        s->apps = more;
        s->room *= 2;
    }
    s->apps[s->count++] = app;
}

void snapshot_add(struct snapshot *s, const struct entry *e)
{
    if (arena_failed(s->arena))
        return;
    struct str why = STR_EMPTY;
    const struct application *app = application_from_entry(s->arena, e, &why);
    digest_entry(s->run, e);
    if (!app)
        leave_out(e, why);
    else if (!app->disabled)
        keep(s, app);
}

static size_t count_words(struct str list)
{
    struct str word;
    size_t n = 0;
    while (str_word(&list, &word))
        n++;
    return n;
}

/* Where the identifier stands in the sorted list, or would stand. */
static size_t place_of(const struct snapshot *s, struct str identifier)
{
    size_t low = 0, high = s->resource_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(s->resources[middle].identifier, identifier) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Takes the application's identifiers into the sorted list, unless another application has one of them. */
static bool take_resources(struct snapshot *s, const struct application *app)
{
    struct str list = app->resources, word;
    while (str_word(&list, &word))
        if (snapshot_of_resource(s, word))
            return false;
    list = app->resources;
    while (str_word(&list, &word)) {
        size_t at = place_of(s, word);
        memmove(&s->resources[at + 1], &s->resources[at], (s->resource_count - at) * sizeof *s->resources);
        s->resources[at] = (struct resource){word, app};
        s->resource_count++;
    }
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

bool snapshot_finish(struct snapshot *s)
{
    bool good = sha256_end(s->run, s->digest) && !arena_failed(s->arena);
    s->run = NULL;
    if (good)
        qsort(s->apps, s->count, sizeof *s->apps, compare_apps);
    if (good)
        index_resources(s);
    return good && !arena_failed(s->arena);
}

struct snapshot *snapshot_build(const struct entries *entries)
{
    struct snapshot *s = snapshot_new();
    for (size_t i = 0; s && i < entries->n; i++)
        snapshot_add(s, &entries->v[i]);
    if (s && snapshot_finish(s))
        return s;
    snapshot_free(s);
    return NULL;
}

void snapshot_free(void *what)
{
    struct snapshot *s = what;
    unsigned char unread[DIGEST_SIZE];
    if (!s)
        return;
    if (s->run)
        (void)!sha256_end(s->run, unread);
    arena_free(s->arena);
}

bool snapshot_is_of(const struct snapshot *s, const struct entries *entries)
{
    unsigned char digest[DIGEST_SIZE];
    struct sha256_run *run = sha256_begin();
    for (size_t i = 0; run && i < entries->n; i++)
        digest_entry(run, &entries->v[i]);
    return sha256_end(run, digest) && memcmp(digest, s->digest, DIGEST_SIZE) == 0;
}

const struct application *snapshot_find(const struct snapshot *s, struct str client_id)
{
    const struct application wanted = {.client_id = client_id}, *key = &wanted;
    const struct application **found = bsearch(&key, s->apps, s->count, sizeof *s->apps, compare_apps);
    return found ? *found : NULL;
}

const struct application *snapshot_of_resource(const struct snapshot *s, struct str resource)
{
    size_t at = place_of(s, resource);
    bool found = at < s->resource_count && str_eq(s->resources[at].identifier, resource);
    return found ? s->resources[at].app : NULL;
}

size_t snapshot_list(const struct snapshot *s, const struct application *const **out)
{
    *out = s->apps;
    return s->count;
}
