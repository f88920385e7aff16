/* The heartbeat: one thread that looks after everything no request should wait for. */
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/store/store_internal.h"

#include <string.h>

enum {
    STAMP_EVERY_MS = 10000, /* the registry learns how far the beat has come, if anything was written */
    FOLLOW_EVERY_MS = 5000  /* and is asked whether another server has moved the epoch on */
};

int64_t store_deadline(const struct store *s)
{
    return clock_monotonic_ms() + s->config.operation_ms;
}

bool store_line(struct store *s, int64_t deadline)
{
    if (s->line && !connection_quiet(s->line))
        store_hang_up(s);
    if (!s->line)
        s->line = connection_open(&s->config, &s->trouble, deadline);
    return s->line != NULL;
}

void store_hang_up(struct store *s)
{
    connection_close(s->line);
    s->line = NULL;
}

static const redisReply *any_error(redisReply *const *replies, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const redisReply *error = reply_error(replies[i]);
        if (error)
            return error;
    }
    return NULL;
}

bool store_line_run(struct store *s, const struct batch *b, redisReply **replies, int64_t deadline)
{
    if (!s->line)
        return false;
    enum link link = connection_run(s->line, b, replies, deadline);
    if (link != LINK_OK) {
        trouble_begin(&s->trouble, link == LINK_TIMEOUT ? STR("timeout") : STR("broken"), STR("of the beat"));
        store_hang_up(s);
        return false;
    }
    const redisReply *error = any_error(replies, b->commands);
    if (!error)
        return true;
    struct str text = str_of(error->str), word = STR_EMPTY, rest = text;
    (void)str_cut(&rest, ' ', &word);
    trouble_begin(&s->trouble, word, text);
    store_hang_up(s);
    return false;
}

/* The line of a server that grants: a new one is judged like any other connection. */
static bool admitted_line(struct store *s, int64_t deadline)
{
    if (s->line && connection_quiet(s->line))
        return true;
    if (!store_line(s, deadline))
        return false;
    const struct asker asker = connection_asker(s->line);
    if (guard_admit(s->guard, &asker, deadline) == RESULT_OK)
        return true;
    store_hang_up(s);
    return false;
}

/* The pulse only grows: all servers count it up, nobody sets it. */
static bool pulse_grew(struct store *s, const struct view *v, const redisReply *reply)
{
    int64_t pulse;
    if (!reply_int(reply, &pulse) || pulse <= s->pulse_seen) {
        guard_doubt(s->guard, v->generation, DOUBT_LOSS, "the pulse went back");
        return false;
    }
    s->pulse_seen = pulse;
    return true;
}

/* One beat; false when Redis is away or in doubt. */
static bool beat_once(struct store *s)
{
    struct view v;
    int64_t deadline = store_deadline(s);
    if (!admitted_line(s, deadline) || !guard_view(s->guard, &v))
        return false;
    struct batch b;
    struct digits seconds;
    redisReply *replies[BATCH_MAX] = {NULL};
    batch_init(&b);
    BATCH_ADD(&b, STR("EXPIRE"), key_name_str(&v.beat), word_of_int(&seconds, STORE_BEAT_TTL_S));
    BATCH_ADD(&b, STR("INCR"), key_name_str(&s->pulse));
    guard_ask(s->guard, &v, &b, true);
    const struct asker asker = connection_asker(s->line);
    bool ok = store_line_run(s, &b, replies, deadline) &&
              guard_check(s->guard, &asker, &v, replies + 2, true, deadline) == RESULT_OK &&
              pulse_grew(s, &v, replies[1]);
    replies_free(replies, b.commands);
    batch_free(&b);
    if (s->line && connection_link(s->line) != LINK_OK)
        store_hang_up(s);
    return ok;
}

/* Idle servers write nothing to the registry. */
static void stamp_if_due(struct store *s, bool at_once)
{
    int64_t now = clock_monotonic_ms();
    if (!atomic_load(&s->written) || (!at_once && now < s->stamp_at))
        return;
    s->stamp_at = now + STAMP_EVERY_MS;
    atomic_store(&s->written, false);
    if (epoch_stamp(s->directory, &s->epoch, s->pulse_seen) != RESULT_OK)
        atomic_store(&s->written, true);
}

/* Another server may have moved the epoch on and died before it could say so in Redis. */
static void follow_if_due(struct store *s)
{
    int64_t now = clock_monotonic_ms();
    struct view v;
    struct epoch e;
    if (now < s->follow_at || !guard_view(s->guard, &v))
        return;
    s->follow_at = now + FOLLOW_EVERY_MS;
    if (epoch_read(s->directory, &e) == RESULT_OK && strcmp(e.name, v.epoch) != 0)
        guard_doubt(s->guard, v.generation, DOUBT_EPOCH, "the registry names another epoch");
}

static const struct {
    const char *name, *wanted, *why;
} wanted_settings[] = {
    {"maxmemory-policy", "noeviction", "a single-use marker may be evicted unnoticed"},
    {"appendonly", "yes", "a restart of Redis signs everybody out"},
};

/* CONFIG may be forbidden to us: then nothing is said. */
static void check_setting(struct store *s, size_t i)
{
    struct batch b;
    redisReply *reply[1] = {NULL};
    batch_init(&b);
    BATCH_ADD(&b, STR("CONFIG"), STR("GET"), str_of(wanted_settings[i].name));
    if (s->line && connection_run(s->line, &b, reply, store_deadline(s)) == LINK_OK &&
        reply[0]->type == REDIS_REPLY_ARRAY && reply[0]->elements == 2 &&
        !str_eq(reply_str(reply[0]->element[1]), str_of(wanted_settings[i].wanted)))
        LOG(LOG_LEVEL_WARN, "store.setting", LOG_Z("name", wanted_settings[i].name),
            LOG_Z("wanted", wanted_settings[i].wanted), LOG_Z("why", wanted_settings[i].why));
    replies_free(reply, 1);
    batch_free(&b);
}

static void check_settings_once(struct store *s)
{
    if (s->told_settings)
        return;
    s->told_settings = true;
    for (size_t i = 0; i < sizeof wanted_settings / sizeof wanted_settings[0]; i++)
        check_setting(s, i);
    if (s->line && connection_link(s->line) != LINK_OK)
        store_hang_up(s);
}

static bool is_live(struct store *s)
{
    struct view v;
    return guard_view(s->guard, &v);
}

void store_beat(struct store *s)
{
    bool ok = is_live(s) && beat_once(s);
    if (!is_live(s))
        ok = store_reconcile(s) == RESULT_OK && beat_once(s);
    if (!ok)
        return;
    trouble_end(&s->trouble);
    lane_retry(s->reads);
    lane_retry(s->writes);
    check_settings_once(s);
    stamp_if_due(s, false);
    follow_if_due(s);
}

void store_stop_beating(struct store *s)
{
    struct view v;
    if (is_live(s) && beat_once(s))
        stamp_if_due(s, true);
    if (!s->line || !guard_view(s->guard, &v))
        return;
    struct batch b;
    redisReply *reply[1] = {NULL};
    batch_init(&b);
    BATCH_ADD(&b, STR("DEL"), key_name_str(&v.beat));
    (void)connection_run(s->line, &b, reply, store_deadline(s));
    replies_free(reply, 1);
    batch_free(&b);
}
