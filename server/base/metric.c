#include "server/base/metric.h"

#include "server/base/spread.h"

#include <inttypes.h>
#include <stdalign.h>
#include <stdatomic.h>

/* What a counter shows is the sum of its places. A gauge has one place. */
static struct {
    alignas(CACHE_LINE) _Atomic uint64_t of[METRIC_COUNT];
} counters[SPREAD];

static const struct {
    const char *name, *help;
} texts[] = {
#define X(name, text, help) [METRIC_##name] = {(text), (help)},
    METRICS(X)
#undef X
};

void metric_add(enum metric m)
{
    atomic_fetch_add_explicit(&counters[spread_place()].of[m], 1, memory_order_relaxed);
}

void metric_set(enum metric m, uint64_t value)
{
    atomic_store_explicit(&counters[0].of[m], value, memory_order_relaxed);
}

uint64_t metric_read(enum metric m)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < SPREAD; i++)
        sum += atomic_load_explicit(&counters[i].of[m], memory_order_relaxed);
    return sum;
}

static const char *type_of(const char *name)
{
    return str_ends(str_of(name), STR("_total")) ? "counter" : "gauge";
}

void metric_print(struct buf *out)
{
    for (size_t i = 0; i < METRIC_COUNT; i++)
        buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", texts[i].name, texts[i].help,
                   texts[i].name, type_of(texts[i].name), texts[i].name, metric_read((enum metric)i));
}

void metric_print_gauge(struct buf *out, const struct metric_gauge *gauge)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %" PRId64 "\n", gauge->name, gauge->help, gauge->name,
               gauge->name, gauge->value);
}
