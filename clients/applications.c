#include "clients/applications.h"

#include "clients/snapshot.h"
#include "server/base/log.h"
#include "server/base/swap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_BYTES = 64 << 20 };

struct applications {
    struct directory *directory;
    pthread_mutex_t refreshing; /* one at a time, so that an older reading never replaces a newer one */
    struct swap *now;           /* of snapshots */
    atomic_bool loaded;
    atomic_ullong version;
};

struct applications *applications_new(struct directory *d)
{
    struct applications *all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    all->directory = d;
    pthread_mutex_init(&all->refreshing, NULL);
    all->now = swap_new(snapshot_free);
    if (all->now)
        return all;
    applications_free(all);
    return NULL;
}

void applications_free(struct applications *all)
{
    if (!all)
        return;
    swap_free(all->now);
    pthread_mutex_destroy(&all->refreshing);
    free(all);
}

bool applications_install(struct applications *all, struct snapshot *s)
{
    bool installed = swap_put(all->now, s);
    if (installed)
        atomic_store(&all->loaded, true);
    atomic_fetch_add(&all->version, 1);
    return installed;
}

static enum result read_anew(struct applications *all, struct arena *a)
{
    struct entries entries;
    enum result r = registry_list(all->directory, a, STR("ou=applications"),
                                  "(objectClass=onedoorApplication)", &entries);
    if (r != RESULT_OK)
        return r;
    const struct snapshot *old = swap_read(all->now, a);
    if (old && snapshot_is_of(old, &entries))
        return RESULT_OK;
    struct snapshot *s = snapshot_build(&entries);
    if (!s || !applications_install(all, s))
        return RESULT_INTERNAL;
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
    return atomic_load(&all->loaded);
}

uint64_t applications_version(const struct applications *all)
{
    return atomic_load(&all->version);
}

const struct application *applications_find(struct applications *all, struct arena *a, struct str client_id)
{
    const struct snapshot *s = swap_read(all->now, a);
    return s ? snapshot_find(s, client_id) : NULL;
}

const struct application *applications_of_resource(struct applications *all, struct arena *a,
                                                   struct str resource)
{
    const struct snapshot *s = swap_read(all->now, a);
    return s ? snapshot_of_resource(s, resource) : NULL;
}

size_t applications_list(struct applications *all, struct arena *a, const struct application ***out)
{
    const struct snapshot *s = swap_read(all->now, a);
    const struct application *const *apps = NULL;
    size_t n = s ? snapshot_list(s, &apps) : 0;
    *out = arena_alloc(a, n * sizeof **out);
    if (!*out)
        return 0;
    if (n > 0)
        memcpy(*out, apps, n * sizeof **out);
    return n;
}
