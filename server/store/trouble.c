#include "server/store/trouble.h"

#include "server/base/clock.h"
#include "server/base/log.h"

#include <string.h>

void trouble_init(struct trouble *t)
{
    *t = (struct trouble){.word = ""};
    pthread_mutex_init(&t->lock, NULL);
}

void trouble_destroy(struct trouble *t)
{
    pthread_mutex_destroy(&t->lock);
}

void trouble_begin(struct trouble *t, struct str word, struct str detail)
{
    enum { LEAST_MS = 1000 }; /* threads that fail in two ways at once must not take turns in the log */
    int64_t now = clock_monotonic_ms();
    word = str_sub(word, 0, sizeof t->word - 1);
    pthread_mutex_lock(&t->lock);
    bool same = str_eq(word, str_of(t->word));
    bool tell = t->word[0] == '\0' || (!same && now - t->told >= LEAST_MS);
    if (tell) {
        if (word.len > 0)
            memcpy(t->word, word.p, word.len);
        t->word[word.len] = '\0';
        t->told = now;
    }
    pthread_mutex_unlock(&t->lock);
    if (tell)
        LOG(LOG_LEVEL_WARN, "store.unavailable", LOG_STR("why", word), LOG_STR("detail", detail));
}

void trouble_end(struct trouble *t)
{
    pthread_mutex_lock(&t->lock);
    bool tell = t->word[0] != '\0';
    t->word[0] = '\0';
    pthread_mutex_unlock(&t->lock);
    if (tell)
        log_write(LOG_LEVEL_INFO, "store.available", NULL, 0);
}
