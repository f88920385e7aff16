#include "server/base/spread.h"

#include <stdatomic.h>

unsigned spread_place(void)
{
    static atomic_uint last;
    static _Thread_local unsigned place;
    if (place == 0)
        place = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) % SPREAD + 1;
    return place - 1;
}
