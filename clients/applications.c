#include "clients/applications.h"

#include "clients/snapshot.h"
#include "directory/dn.h"
#include "directory/model/dn_key.h"
#include "server/base/log.h"
#include "server/base/swap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_BYTES = 64 << 20, NAME_BYTES = 4096 };

#define BRANCH "ou=applications"

/* What is handed over by somebody else's reading; of the one thread that reads. */
struct handed_over {
    struct snapshot *made;
    struct dn_key branch;
    size_t entries;
};

struct applications {
    struct directory *directory;
    pthread_mutex_t refreshing; /* one at a time, so that an older reading never replaces a newer one */
    struct swap *now;           /* of snapshots */
    struct handed_over incoming;
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
    snapshot_free(all->incoming.made);
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
    enum result r =
        registry_list(all->directory, a, STR(BRANCH), "(objectClass=onedoorApplication)", &entries);
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

static bool find_branch(struct directory *d, struct dn_key *out)
{
    struct arena *a = arena_new(NAME_BYTES);
    bool found = a && dn_key_of(dn_join(a, STR(BRANCH), directory_config(d)->registry_base), out);
    arena_free(a);
    return found;
}

enum result applications_read_begin(struct applications *all)
{
    struct handed_over *in = &all->incoming;
    snapshot_free(in->made);
    *in = (struct handed_over){.made = snapshot_new()};
    return in->made && find_branch(all->directory, &in->branch) ? RESULT_OK : RESULT_INTERNAL;
}

void applications_read_entry(struct applications *all, const struct entry *e)
{
    struct handed_over *in = &all->incoming;
    struct dn_key above;
    if (!dn_key_of_parent(e->dn, &above) || !dn_key_eq(&above, &in->branch))
        return;
    snapshot_add(in->made, e);
    in->entries++;
}

enum result applications_read_end(struct applications *all)
{
    struct handed_over in = all->incoming;
    all->incoming = (struct handed_over){0};
    if (in.entries == 0) { /* is there a branch at all? */
        snapshot_free(in.made);
        return applications_refresh(all);
    }
    if (!snapshot_finish(in.made)) {
        snapshot_free(in.made);
        return RESULT_INTERNAL;
    }
    pthread_mutex_lock(&all->refreshing);
    bool good = applications_install(all, in.made);
    pthread_mutex_unlock(&all->refreshing);
    if (!good)
        return RESULT_INTERNAL;
    LOG(LOG_LEVEL_INFO, "clients.applications_read", LOG_INT("entries", in.entries));
    return RESULT_OK;
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
