/* onedoor serve: the server itself. */
#include "server/command/command.h"

#include "server/base/log.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { RETRY_MS = 250 };

static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* Keys and passwords live in this process: no core file, no ptrace by others. As many descriptors as allowed.
 */
static void guard_process(void)
{
    struct rlimit none = {0, 0}, files;
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    /* One heap a thread would cost memory; with two, the threads that read requests wait for one another. */
    mallopt(M_ARENA_MAX, 8);
}

/* The settings and what runs by them. */
struct life {
    struct settings *settings;
    struct instance *instance;
};

static void life_end(struct life *l)
{
    if (l->instance != NULL)
        instance_stop(l->instance);
    instance_free(l->instance);
    settings_free(l->settings);
    *l = (struct life){0};
}

/* Everything but listening; an error is logged, naming file and line where the settings are at fault. */
static bool life_prepare(struct life *l, const char *config)
{
    char *errors = NULL;
    const char *why = "";
    l->settings = settings_load(config, &errors);
    if (l->settings != NULL)
        l->instance = instance_new(l->settings, &why);
    if (l->instance == NULL)
        LOG(LOG_LEVEL_ERROR, "settings.refused", LOG_Z("why", errors != NULL ? errors : why));
    free(errors);
    if (l->instance == NULL)
        life_end(l);
    return l->instance != NULL;
}

/* Waits for the stores while they are away; false when a signal ends the wait or no waiting helps. */
static bool load_patiently(struct instance *in, const sigset_t *signals)
{
    for (bool told = false;; told = true) {
        enum result r = instance_load(in);
        if (r == RESULT_OK)
            return true;
        if (r != RESULT_UNAVAILABLE) {
            LOG(LOG_LEVEL_ERROR, "server.not_loaded", LOG_Z("result", result_name(r)));
            return false;
        }
        if (!told)
            LOG(LOG_LEVEL_WARN, "server.waiting", LOG_Z("for", "the directory and Redis"));
        int got = sigtimedwait(signals, NULL, &(struct timespec){.tv_nsec = RETRY_MS * 1000000L});
        if (got == SIGTERM || got == SIGINT)
            return false;
    }
}

static void tell_unused(const struct settings *s)
{
    struct str rest = s->unused, line;
    while (str_cut(&rest, '\n', &line))
        if (line.len > 0)
            LOG(LOG_LEVEL_WARN, "settings.no_effect", LOG_STR("why", line));
}

static bool life_start(struct life *l)
{
    const char *why = "";
    log_setup((enum log_level)l->settings->log_level, (enum log_format)l->settings->log_format);
    tell_unused(l->settings);
    bool started = instance_start(l->instance, &why);
    if (started) {
        why = "the audit log cannot be written";
        started = audit_write(instance_provider(l->instance)->audit, AUDIT_SERVER_STARTED,
                              &(struct audit_entry){0}) == RESULT_OK;
    }
    malloc_trim(0); /* what reading the directory took goes back to the system: malloc would keep it */
    if (started)
        LOG(LOG_LEVEL_INFO, "server.started", LOG_STR("issuer", l->settings->provider.issuer));
    else
        LOG(LOG_LEVEL_ERROR, "server.not_started", LOG_Z("why", why));
    return started;
}

/*
 * SIGHUP: everything that must last lies in the stores, so a reload is a new instance with the new settings.
 * It is made and loaded beside the old one; only then does the old one give up its addresses, and it takes
 * them again when the new one cannot.
 */
static bool reload(struct life *now, const char *config)
{
    struct life next = {0};
    if (!life_prepare(&next, config))
        return true;
    if (instance_load(next.instance) != RESULT_OK) {
        LOG(LOG_LEVEL_ERROR, "settings.refused",
            LOG_Z("why", "the directory or Redis named there does not answer"));
        life_end(&next);
        return true;
    }
    LOG(LOG_LEVEL_INFO, "server.reloading");
    instance_stop(now->instance);
    if (life_start(&next)) {
        life_end(now);
        *now = next;
        return true;
    }
    life_end(&next);
    return life_start(now);
}

static bool wait_for_end(struct life *l, const char *config, const sigset_t *signals)
{
    for (;;) {
        int got = 0;
        if (sigwait(signals, &got) != 0)
            continue;
        if (got != SIGHUP)
            return true;
        if (!reload(l, config))
            return false;
    }
}

int command_serve(const char *config, int argc, char **argv)
{
    (void)argc, (void)argv;
    sigset_t signals;
    struct life l = {0};
    block_signals(&signals);
    guard_process();
    if (!life_prepare(&l, config))
        return EXIT_FAILURE;
    bool good = load_patiently(l.instance, &signals) && life_start(&l) && wait_for_end(&l, config, &signals);
    if (good && audit_write(instance_provider(l.instance)->audit, AUDIT_SERVER_STOPPED,
                            &(struct audit_entry){0}) != RESULT_OK)
        LOG(LOG_LEVEL_ERROR, "audit.unavailable");
    life_end(&l);
    LOG(LOG_LEVEL_INFO, "server.stopped");
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
