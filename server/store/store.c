#include "server/base/log.h"
#include "server/store/work.h"

#include <stdlib.h>

static bool is_usable(const struct store_config *config)
{
    if (config->connections > 0 && config->connect_ms > 0 && config->operation_ms > 0 &&
        config->prefix.len <= KEY_PREFIX_MAX)
        return true;
    LOG(LOG_LEVEL_ERROR, "store.config", LOG_Z("why", "no connections, no time or too long a prefix"));
    return false;
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
    s->pool = s->guard ? pool_new(&s->config, s->guard, &s->trouble) : NULL;
    if (s->pool)
        return s;
    guard_free(s->guard);
    trouble_destroy(&s->trouble);
    free(s);
    return NULL;
}

void store_free(struct store *s)
{
    if (!s)
        return;
    store_stop_beating(s);
    store_hang_up(s);
    pool_free(s->pool);
    guard_free(s->guard);
    trouble_destroy(&s->trouble);
    free(s);
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
