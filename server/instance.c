#include "server/instance.h"

#include "certs/tls_material.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/courier.h"
#include "server/http/listener.h"
#include "server/oauth/endpoints.h"
#include "server/pages/handlers.h"
#include "server/pools.h"
#include "server/routes.h"
#include "server/token/near.h"
#include "server/watcher.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { LISTENERS = 3, REQUEST_MEMORY = 512 * 1024, MANAGEMENT_CONNECTIONS = 64, DRAIN_MS = 10000 };

struct instance {
    const struct settings *settings;
    struct provider provider;
    struct master *master;
    struct seal *store_seal, *key_seal;
    struct tls_material tls;
    struct pools *pools;
    struct listener *listeners[LISTENERS];
    struct housekeeping *housekeeping;
    struct watcher watcher;
    struct courier *courier;
};

struct provider *instance_provider(struct instance *in)
{
    return &in->provider;
}

const struct seal *instance_key_seal(const struct instance *in)
{
    return in->key_seal;
}

static struct seal *seal_for(const struct master *master, const char *purpose)
{
    struct secret *key = master_derive(master, purpose);
    struct seal *seal = key == NULL ? NULL : seal_new(key);
    secret_free(key);
    return seal;
}

/* Bottom up; false leaves what was made for instance_free. */
static bool put_together(struct instance *in, const char **why)
{
    const struct settings *s = in->settings;
    struct provider *p = &in->provider;
    p->config = s->provider;
    in->master = master_read(s->master_key_file, why);
    if (in->master == NULL)
        return false;
    p->audit = audit_open(s->audit_file, why);
    if (p->audit == NULL)
        return false;
    *why = "no memory";
    in->store_seal = seal_for(in->master, "store");
    in->key_seal = seal_for(in->master, "registry");
    p->directory = directory_new(&s->directory);
    if (in->store_seal == NULL || in->key_seal == NULL || p->directory == NULL)
        return false;
    p->store = store_new(&s->store, in->store_seal, p->directory);
    p->applications = applications_new(p->directory);
    struct live_config live = s->live;
    live.polls = s->follow != 0;
    p->live = live_new(p->directory, &live);
    p->authn = (struct authn){
        .config = s->authn, .directory = p->directory, .live = p->live, .store = p->store, .audit = p->audit};
    p->signed_in = oauth_signed_in;
    if (p->store == NULL || p->applications == NULL || p->live == NULL || !authn_setup(&p->authn, in->master))
        return false;
    if (s->near_megabytes > 0)
        p->near = near_new((size_t)s->near_megabytes << 20);
    return s->near_megabytes == 0 || p->near != NULL;
}

struct instance *instance_new(const struct settings *s, const char **why)
{
    struct instance *in = calloc(1, sizeof *in);
    *why = "no memory";
    if (in == NULL)
        return NULL;
    in->settings = s;
    if (!put_together(in, why)) {
        instance_free(in);
        return NULL;
    }
    return in;
}

/* What must be there before the first answer; none of it needs another, so all of it is done at once. */
struct load {
    struct instance *in;
    enum result (*run)(struct instance *in);
    enum result result;
    pthread_t thread;
};

static enum result load_keys(struct instance *in)
{
    struct provider *p = &in->provider;
    if (p->keyring != NULL)
        return RESULT_OK;
    return keyring_open(p->directory, in->key_seal, &in->settings->keys, &p->keyring);
}

static enum result load_store(struct instance *in)
{
    store_beat(in->provider.store);
    return store_ping(in->provider.store);
}

static enum result begin_applications(void *arg)
{
    return applications_read_begin(arg);
}

static void take_application(void *arg, const struct entry *e)
{
    applications_read_entry(arg, e);
}

static enum result load_pages(struct instance *in)
{
    struct provider *p = &in->provider;
    const char *why = "";
    if (p->pages == NULL)
        p->pages = pages_new(&why);
    if (p->pages == NULL)
        LOG(LOG_LEVEL_ERROR, "pages.not_made", LOG_Z("why", why));
    return p->pages != NULL ? RESULT_OK : RESULT_INTERNAL;
}

static enum result load_live(struct instance *in)
{
    struct applications *all = in->provider.applications;
    const struct live_reader reader = {all, begin_applications, take_application};
    enum result r = live_load(in->provider.live, &reader);
    return r == RESULT_OK ? applications_read_end(all) : r;
}

static void *run_load(void *arg)
{
    struct load *l = arg;
    l->result = l->run(l->in);
    return NULL;
}

enum result instance_load(struct instance *in)
{
    struct load loads[] = {{.run = load_live}, {.run = load_keys}, {.run = load_pages}, {.run = load_store}};
    enum { LOADS = sizeof loads / sizeof loads[0] };
    bool apart[LOADS] = {false};
    for (size_t i = 0; i < LOADS; i++) {
        loads[i].in = in;
        apart[i] = i > 0 && pthread_create(&loads[i].thread, NULL, run_load, &loads[i]) == 0;
    }
    enum result r = RESULT_OK;
    for (size_t i = 0; i < LOADS; i++) {
        if (apart[i])
            pthread_join(loads[i].thread, NULL);
        else
            run_load(&loads[i]);
        if (r == RESULT_OK)
            r = loads[i].result;
    }
    return r;
}

static struct listener_config listener_settings(struct instance *in, const struct listen_address *where)
{
    const struct settings *s = in->settings;
    return (struct listener_config){
        .address = where->address,
        .port = where->port,
        .issuer = s->provider.issuer,
        .trusted_proxies = s->trusted_proxies,
        .threads = s->io_threads,
        .connections_max = s->connections,
        .connections_per_source = s->connections_per_source,
        .idle_seconds = s->idle_seconds,
        .request_seconds = s->request_seconds,
        .arena_max = REQUEST_MEMORY,
        .routes = public_routes,
        .route_count = public_route_count,
        .app = &in->provider,
        .pools = in->pools,
        .has_room = pools_have_room,
        .submit = pools_submit,
        .render = pages_render,
    };
}

static bool start_listeners(struct instance *in, const char **why)
{
    const struct settings *s = in->settings;
    if (s->management.port != 0) {
        struct listener_config c = listener_settings(in, &s->management);
        c.routes = management_routes;
        c.route_count = management_route_count;
        c.threads = 1;
        c.connections_max = c.connections_per_source = MANAGEMENT_CONNECTIONS;
        c.render = NULL;
        in->listeners[0] = listener_start(&c, why);
        if (in->listeners[0] == NULL)
            return false;
    }
    if (s->listen.port != 0) {
        struct listener_config c = listener_settings(in, &s->listen);
        in->listeners[1] = listener_start(&c, why);
        if (in->listeners[1] == NULL)
            return false;
    }
    if (s->listen_tls.port != 0) {
        tls_material_clear(&in->tls);
        if (!tls_material_read(s->tls_certificate, s->tls_key, &in->tls, why))
            return false;
        struct listener_config c = listener_settings(in, &s->listen_tls);
        c.tls_certificate = in->tls.certificate;
        c.tls_key = in->tls.key;
        in->listeners[2] = listener_start(&c, why);
        if (in->listeners[2] == NULL)
            return false;
    }
    return true;
}

static bool start_live(struct instance *in)
{
    in->watcher = (struct watcher){&in->provider, in->housekeeping};
    const struct live_watcher watcher = watcher_of(&in->watcher);
    return live_start(in->provider.live, &watcher);
}

/* What asks the directory leaves that to the pool, and all else waits for Redis alone. */
static bool can_wait_here(void *instance)
{
    struct instance *in = instance;
    return store_here(in->provider.store);
}

bool instance_start(struct instance *in, const char **why)
{
    const struct settings *s = in->settings;
    const struct waiting_limits limits = {s->queue, s->queue_ms};
    const struct pools_config pools = {.quick_threads = s->quick_workers,
                                       .dir_threads = s->dir_workers,
                                       .quick = limits,
                                       .dir = limits,
                                       .tasks = s->tasks,
                                       .can_here = can_wait_here,
                                       .can_arg = in};
    *why = "no threads";
    in->pools = pools_start(&pools);
    if (in->pools == NULL)
        return false;
    in->housekeeping = housekeeping_start(&in->provider);
    if (in->housekeeping == NULL)
        return false;
    if (in->provider.near != NULL && !store_watch(in->provider.store))
        return false;
    in->courier = courier_start(&in->provider, &s->backchannel, why);
    return in->courier != NULL && start_live(in) && start_listeners(in, why);
}

static void drain(struct instance *in)
{
    int64_t end = clock_monotonic_ms() + DRAIN_MS;
    for (int i = 0; i < LISTENERS; i++) {
        if (in->listeners[i] != NULL)
            listener_quiesce(in->listeners[i]);
    }
    for (int i = 0; i < LISTENERS; i++) {
        while (in->listeners[i] != NULL && listener_busy(in->listeners[i]) > 0 && clock_monotonic_ms() < end)
            nanosleep(&(struct timespec){.tv_nsec = 5 * 1000000}, NULL);
    }
}

void instance_stop(struct instance *in)
{
    drain(in);
    for (int i = 0; i < LISTENERS; i++) {
        if (in->listeners[i] != NULL)
            listener_stop(in->listeners[i]);
        in->listeners[i] = NULL;
    }
    if (in->pools != NULL)
        pools_drain_and_stop(in->pools);
    in->pools = NULL;
    live_stop(in->provider.live);
    courier_stop(in->courier);
    in->courier = NULL;
    housekeeping_stop(in->housekeeping);
    in->housekeeping = NULL;
}

void instance_free(struct instance *in)
{
    if (in == NULL)
        return;
    struct provider *p = &in->provider;
    pages_free(p->pages);
    near_free(p->near);
    authn_clear(&p->authn);
    applications_free(p->applications);
    live_free(p->live);
    keyring_close(p->keyring);
    store_free(p->store);
    directory_free(p->directory);
    audit_close(p->audit);
    seal_free(in->store_seal);
    seal_free(in->key_seal);
    master_free(in->master);
    tls_material_clear(&in->tls);
    free(in);
}
