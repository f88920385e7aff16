/* Records that are read together and may be believed for a while: see watch.h for why. */
#include "server/store/sealed.h"
#include "server/store/watch.h"

static void note(struct store_watched *w, const struct work *work, const struct key_name *names, size_t n,
                 uint64_t life)
{
    if (life == 0 || work->life != life || reply_error(work->replies[0]))
        return;
    for (size_t i = 0; i < n; i++)
        w->slots[i] = stamps_slot(key_name_str(&names[i]));
    w->count = (uint8_t)n;
    w->generation = work->view.generation;
    w->kept = true;
}

/* CLIENT CACHING concerns the one command behind it. Untracked connections refuse it: then nothing is kept.
 */
static void ask(struct work *w, const struct key_name *names, size_t n, bool tracked)
{
    struct str words[STORE_WATCHED_MOST + 1] = {STR("MGET")};
    for (size_t i = 0; i < n; i++)
        words[i + 1] = key_name_str(&names[i]);
    if (tracked)
        BATCH_ADD(&w->batch, STR("CLIENT"), STR("CACHING"), STR("YES"));
    w->may_fail = w->batch.commands;
    batch_add(&w->batch, words, n + 1);
}

enum result store_get_watched(struct store *s, struct arena *a, const struct store_key *keys, size_t n,
                              struct str *out, struct store_watched *watched)
{
    struct key_name names[STORE_WATCHED_MOST];
    struct work w;
    *watched = (struct store_watched){.kept = false};
    if (n == 0 || n > STORE_WATCHED_MOST)
        return RESULT_INTERNAL;
    enum result r = work_begin(&w, s, WORK_READ);
    /* What the answer will be judged by, taken before anything is read. */
    watched->moment = stamps_moment(s->stamps);
    uint64_t life = way_tracked(&w.way, &watched->reader);
    for (size_t i = 0; i < n && r == RESULT_OK; i++)
        r = work_key(&w, keys[i].kind, keys[i].id, &names[i]);
    if (r == RESULT_OK) {
        ask(&w, names, n, life != 0);
        r = work_run(&w);
    }
    if (r == RESULT_OK)
        r = sealed_open_all(&w, a, keys, n, names, w.replies[w.may_fail], out);
    if (r == RESULT_OK)
        note(watched, &w, names, n, life);
    return work_end(&w, r);
}

bool store_watched_holds(struct store *s, const struct store_watched *w)
{
    return w->generation == guard_serving(s->guard) && stamps_hold(s->stamps, w);
}

bool store_watch(struct store *s)
{
    if (!s->watch)
        s->watch = watch_start(&s->config, s->guard, s->reads, s->stamps, &s->trouble);
    return s->watch != NULL;
}

bool store_watching(struct store *s)
{
    return guard_serving(s->guard) != 0 && stamps_assured(s->stamps);
}

uint64_t store_generation(struct store *s)
{
    return guard_serving(s->guard);
}
