#include "clients/applications.h"

#include "clients/snapshot.h"
#include "server/base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_BYTES = 64 << 20 };

struct applications {
    struct directory *directory;
    pthread_mutex_t refreshing; /* one at a time, so that an older reading never replaces a newer one */
    pthread_mutex_t lock;       /* of what follows */
    struct snapshot *now;
};

struct applications *applications_new(struct directory *d)
{
    struct applications *all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    all->directory = d;
    pthread_mutex_init(&all->refreshing, NULL);
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void applications_free(struct applications *all)
{
    if (!all)
        return;
    snapshot_unref(all->now);
    pthread_mutex_destroy(&all->lock);
    pthread_mutex_destroy(&all->refreshing);
    free(all);
}

/* The present snapshot with a reference for the caller; NULL before the first refresh. */
static struct snapshot *present(struct applications *all)
{
    pthread_mutex_lock(&all->lock);
    struct snapshot *s = all->now ? snapshot_ref(all->now) : NULL;
    pthread_mutex_unlock(&all->lock);
    return s;
}

/* The same, the reference being the arena's. */
static const struct snapshot *present_in(struct applications *all, struct arena *a)
{
    struct snapshot *s = present(all);
    return s && arena_own(a, snapshot_unref, s) ? s : NULL;
}

void applications_install(struct applications *all, struct snapshot *s)
{
    pthread_mutex_lock(&all->lock);
    struct snapshot *old = all->now;
    all->now = s;
    pthread_mutex_unlock(&all->lock);
    snapshot_unref(old);
}

static enum result read_anew(struct applications *all, struct arena *a)
{
    struct entries entries;
    enum result r = registry_list(all->directory, a, STR("ou=applications"),
                                  "(objectClass=onedoorApplication)", &entries);
    if (r != RESULT_OK)
        return r;
    struct snapshot *old = present(all);
    bool same = old && snapshot_is_of(old, &entries);
    snapshot_unref(old);
    if (same)
        return RESULT_OK;
    struct snapshot *s = snapshot_build(&entries);
    if (!s)
        return RESULT_INTERNAL;
    applications_install(all, s);
    LOG(LOG_LEVEL_INFO, "clients.applications_read", LOG_INT("entries", entries.n));
    return RESULT_OK;
}

enum result applications_refresh(struct applications *all)
{
    struct arena *a = arena_new(REFRESH_BYTES);
    if (!a)
        return RESULT_INTERNAL;
    pthread_mutex_lock(&all->refreshing);
    enum result r = read_anew(all, a);
    pthread_mutex_unlock(&all->refreshing);
    arena_free(a);
    return r;
}

bool applications_loaded(struct applications *all)
{
    pthread_mutex_lock(&all->lock);
    bool loaded = all->now != NULL;
    pthread_mutex_unlock(&all->lock);
    return loaded;
}

const struct application *applications_find(struct applications *all, struct arena *a, struct str client_id)
{
    const struct snapshot *s = present_in(all, a);
    return s ? snapshot_find(s, client_id) : NULL;
}

const struct application *applications_of_resource(struct applications *all, struct arena *a,
                                                   struct str resource)
{
    const struct snapshot *s = present_in(all, a);
    return s ? snapshot_of_resource(s, resource) : NULL;
}

size_t applications_list(struct applications *all, struct arena *a, const struct application ***out)
{
    const struct snapshot *s = present_in(all, a);
    const struct application *const *apps = NULL;
    size_t n = s ? snapshot_list(s, &apps) : 0;
    *out = arena_alloc(a, n * sizeof **out);
    if (!*out)
        return 0;
    if (n > 0)
        memcpy(*out, apps, n * sizeof **out);
    return n;
}
