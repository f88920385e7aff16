/* What is wrong with Redis now: logged when it begins, changes and ends, not at every request. */
#ifndef ONEDOOR_STORE_TROUBLE_H
#define ONEDOOR_STORE_TROUBLE_H

#include "server/base/str.h"

#include <pthread.h>

struct trouble {
    pthread_mutex_t lock;
    char word[32]; /* empty: all is well */
    int64_t told;  /* monotonic ms */
};

void trouble_init(struct trouble *t);
/* `word` is short and stable ("connect", "timeout", "OOM"); `detail` is only logged. */
void trouble_begin(struct trouble *t, struct str word, struct str detail);
/* Called after a write that Redis took: reads still work when writes do not. */
void trouble_end(struct trouble *t);
void trouble_destroy(struct trouble *t);

#endif
