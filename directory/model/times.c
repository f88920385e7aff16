/* When periods begin and end: until the next of these times, an answer stays what it is. */
#include "directory/model/compile.h"

#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void add(struct model *m, int64_t time)
{
    if (time != 0)
        m->times[m->time_count++] = time;
}

bool compile_times(struct compile *job)
{
    struct model *m = job->m;
    m->times = compile_room(job, 2 * ((size_t)m->holding_count + m->mandate_count), sizeof *m->times);
    if (!m->times)
        return false;
    for (uint32_t i = 0; i < m->holding_count; i++) {
        add(m, m->holdings[i].of->from);
        add(m, m->holdings[i].of->until);
    }
    for (uint32_t i = 0; i < m->mandate_count; i++) {
        add(m, m->mandates[i]->from);
        add(m, m->mandates[i]->until);
    }
    qsort(m->times, m->time_count, sizeof *m->times, by_time);
    return true;
}

int64_t model_next_change(const struct model *m, int64_t now)
{
    size_t low = 0, high = m->time_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->times[middle] > now)
            high = middle;
        else
            low = middle + 1;
    }
    return low < m->time_count ? m->times[low] : INT64_MAX;
}
