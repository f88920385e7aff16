#include "server/base/log.h"
#include "server/store/watch.h"
#include "server/store/work.h"

#include <stdlib.h>

static bool is_usable(const struct store_config *config)
{
    if (config->connect_ms > 0 && config->operation_ms > 0 && config->prefix.len <= KEY_PREFIX_MAX)
        return true;
    LOG(LOG_LEVEL_ERROR, "store.config", LOG_Z("why", "no time or too long a prefix"));
    return false;
}

static void let_go(struct store *s)
{
    lane_free(s->reads);
    lane_free(s->writes);
    stamps_free(s->stamps);
    guard_free(s->guard);
    trouble_destroy(&s->trouble);
    free(s);
}

struct store *store_new(const struct store_config *config, const struct seal *seal, struct directory *d)
{
    if (!is_usable(config))
        return NULL;
    struct store *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->config = *config;
    s->seal = seal;
    s->directory = d;
    trouble_init(&s->trouble);
    s->guard = guard_new(&s->config, seal);
    s->stamps = stamps_new();
    s->reads = lane_new(&s->config, s->guard, &s->trouble);
    s->writes = lane_new(&s->config, s->guard, &s->trouble);
    if (s->guard && s->stamps && s->reads && s->writes) {
        lane_pair(s->reads, s->writes);
        return s;
    }
    let_go(s);
    return NULL;
}

void store_free(struct store *s)
{
    if (!s)
        return;
    watch_stop(s->watch);
    store_stop_beating(s);
    store_hang_up(s);
    let_go(s);
}

enum result store_ping(struct store *s)
{
    struct work w;
    enum result r = work_begin(&w, s, WORK_READ);
    if (r == RESULT_OK)
        r = work_run(&w);
    return work_end(&w, r);
}

int64_t store_floor(struct store *s)
{
    return guard_floor(s->guard);
}
