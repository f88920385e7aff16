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

/* Keys and passwords live in this process: no core file, no ptrace by others. As many descriptors as allowed. */
static void guard_process(void)
{
    struct rlimit none = {0, 0}, files;
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    mallopt(M_ARENA_MAX, 2); /* one heap a thread would cost more memory than it saves time */
}

/* Waits for the stores while they are away at start; false when a signal ends the wait or nothing helps. */
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

/*
 * SIGHUP: everything that must last lies in the stores, so a reload is a new start with the new settings; bad ones
 * leave the old server as it is.
 */
static bool settings_are_good(const char *config)
{
    char *why = NULL;
    struct settings *s = settings_load(config, &why);
    if (s == NULL)
        LOG(LOG_LEVEL_ERROR, "settings.refused", LOG_Z("why", why == NULL ? "no memory" : why));
    free(why);
    settings_free(s);
    return s != NULL;
}

enum ending { END_STOP, END_RELOAD };

static enum ending wait_for_end(const char *config, const sigset_t *signals)
{
    for (;;) {
        int got = 0;
        if (sigwait(signals, &got) != 0)
            continue;
        if (got != SIGHUP)
            return END_STOP;
        if (settings_are_good(config))
            return END_RELOAD;
    }
}

/* One life between start and stop or reload. False when it could not start. */
static bool live(const char *config, const struct settings *s, const sigset_t *signals, enum ending *ending)
{
    const char *why = "";
    struct instance *in = instance_new(s, &why);
    bool started = in != NULL && load_patiently(in, signals);
    if (started)
        started = instance_start(in, &why);
    if (started) {
        struct audit *audit = instance_provider(in)->audit;
        started = audit_write(audit, AUDIT_SERVER_STARTED, &(struct audit_entry){0}) == RESULT_OK;
        why = "the audit log cannot be written";
    }
    if (started) {
        LOG(LOG_LEVEL_INFO, "server.started", LOG_STR("issuer", s->provider.issuer));
        *ending = wait_for_end(config, signals);
        if (audit_write(instance_provider(in)->audit, AUDIT_SERVER_STOPPED, &(struct audit_entry){0}) != RESULT_OK)
            LOG(LOG_LEVEL_ERROR, "audit.unavailable");
    } else {
        LOG(LOG_LEVEL_ERROR, "server.not_started", LOG_Z("why", why));
    }
    if (in != NULL)
        instance_stop(in);
    instance_free(in);
    LOG(LOG_LEVEL_INFO, "server.stopped");
    return started;
}

int command_serve(const char *config, int argc, char **argv)
{
    (void)argc, (void)argv;
    sigset_t signals;
    block_signals(&signals);
    guard_process();
    for (;;) {
        struct settings *s = command_settings(config);
        if (s == NULL)
            return EXIT_FAILURE;
        log_setup((enum log_level)s->log_level, (enum log_format)s->log_format);
        enum ending ending = END_STOP;
        bool lived = live(config, s, &signals, &ending);
        settings_free(s);
        if (!lived || ending == END_STOP)
            return lived ? EXIT_SUCCESS : EXIT_FAILURE;
        LOG(LOG_LEVEL_INFO, "server.reloading");
    }
}
