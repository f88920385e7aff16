/*
 * Fills Redis with live access tokens, issued as the server issues them to an application on its own behalf:
 * usage: bench.fill CONFIG CLIENT_ID AUDIENCE SCOPE COUNT EVERY. Of each EVERY tokens one is a JWT that is
 * printed; the others are opaque: they have the same record, and cost no signature. All live for a day.
 */
#include "server/base/log.h"
#include "server/housekeeping.h"
#include "server/instance.h"
#include "server/token/access_token.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 8, BATCH = 100, ARENA = 4 << 20, DAY = 24 * 3600, MOST = 1000000000 };

struct fill {
    struct provider *provider;
    struct str client_id, audience, scope;
    uint64_t count, every;
    atomic_uint_fast64_t begun;
    atomic_bool failed;
};

static bool issue(struct fill *f, struct arena *a, const struct application *app, uint64_t number)
{
    struct application how = *app;
    struct access_token t = {
        .client_id = f->client_id, .subject = f->client_id, .audience = f->audience, .scope = f->scope};
    how.access_token_seconds = DAY;
    how.opaque_tokens = number % f->every != 0;
    struct store_puts puts = {0};
    if (access_token_issue(f->provider, a, &how, NULL, &t, &puts) != RESULT_OK ||
        store_put_all(f->provider->store, a, &puts) != RESULT_OK)
        return false;
    return how.opaque_tokens || printf(STR_FMT "\n", STR_ARG(t.value)) > 0;
}

/* A batch has an arena, as a request has. */
static bool issue_batch(struct fill *f, uint64_t from)
{
    struct arena *a = arena_new(ARENA);
    const struct application *app = a ? applications_find(f->provider->applications, a, f->client_id) : NULL;
    bool good = app != NULL;
    for (uint64_t i = from; good && i < from + BATCH && i < f->count; i++)
        good = issue(f, a, app, i);
    arena_free(a);
    return good;
}

static void *work(void *arg)
{
    struct fill *f = arg;
    for (;;) {
        uint64_t from = atomic_fetch_add(&f->begun, BATCH);
        if (from >= f->count || atomic_load(&f->failed))
            return NULL;
        if (!issue_batch(f, from))
            atomic_store(&f->failed, true);
    }
}

static bool run(struct fill *f)
{
    pthread_t threads[THREADS];
    unsigned started = 0;
    struct housekeeping *h = housekeeping_start(f->provider); /* the store's heartbeat */
    while (h && started < THREADS && pthread_create(&threads[started], NULL, work, f) == 0)
        started++;
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    housekeeping_stop(h);
    return started > 0 && !atomic_load(&f->failed) && fflush(stdout) == 0;
}

static bool fill(struct fill *f, struct settings *s)
{
    const char *why = "the stores do not answer";
    struct instance *in = instance_new(s, &why);
    bool good = in && instance_load(in) == RESULT_OK;
    if (good) {
        f->provider = instance_provider(in);
        why = "a token could not be issued";
        good = run(f);
    }
    if (!good)
        fprintf(stderr, "bench.fill: %s\n", why);
    instance_free(in);
    return good;
}

int main(int argc, char **argv)
{
    struct fill f = {0};
    char *errors = NULL;
    if (argc != 7 || !str_to_u64(str_of(argv[5]), MOST, &f.count) ||
        !str_to_u64(str_of(argv[6]), MOST, &f.every) || f.every == 0) {
        fputs("usage: bench.fill CONFIG CLIENT_ID AUDIENCE SCOPE COUNT EVERY\n", stderr);
        return EXIT_FAILURE;
    }
    f.client_id = str_of(argv[2]);
    f.audience = str_of(argv[3]);
    f.scope = str_of(argv[4]);
    struct settings *s = settings_load(argv[1], &errors);
    if (!s)
        fputs(errors, stderr);
    bool good = s && fill(&f, s);
    free(errors);
    settings_free(s);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
