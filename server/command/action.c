#include "server/command/command.h"

#include "server/base/log.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 16 << 20 };

struct settings *command_settings(const char *config)
{
    char *why = NULL;
    struct settings *s = settings_load(config, &why);
    if (s == NULL)
        fprintf(stderr, "onedoor: the settings cannot be used:\n%s", why == NULL ? "no memory\n" : why);
    free(why);
    return s;
}

static const char *failure_text(enum result r)
{
    switch (r) {
    case RESULT_NOT_FOUND:
        return "there is no such entry";
    case RESULT_REFUSED:
        return "not accepted";
    case RESULT_USED:
        return "it exists already, or another change came first";
    case RESULT_UNAVAILABLE:
        return "the directory or Redis does not answer; nothing was changed";
    case RESULT_INTERNAL:
        return "an internal failure; see the log lines above";
    case RESULT_OK:
        break;
    }
    return "done";
}

int command_fail(const char *name, enum result r, struct str why)
{
    struct str text = why.len > 0 ? why : str_of(failure_text(r));
    fprintf(stderr, "onedoor %s: " STR_FMT "\n", name, STR_ARG(text));
    return EXIT_FAILURE;
}

static const struct action *find_action(const struct action *actions, size_t n, int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < n; i++) {
        if (strcmp(actions[i].name, argv[1]) == 0 && argc - 2 >= actions[i].least_args)
            return &actions[i];
    }
    return NULL;
}

int command_run_action(const char *config, int argc, char **argv, const struct action *actions, size_t n)
{
    const struct action *action = find_action(actions, n, argc, argv);
    if (action == NULL) {
        fprintf(stderr, "onedoor %s: say what to do; see `onedoor help %s`\n", argv[0], argv[0]);
        return EXIT_USAGE;
    }
    struct settings *s = command_settings(config);
    if (s == NULL)
        return EXIT_FAILURE;
    log_setup(LOG_LEVEL_WARN, (enum log_format)s->log_format);
    const char *why = "";
    struct instance *in = instance_new(s, &why);
    struct arena *a = arena_new(ARENA_MAX);
    int status = EXIT_FAILURE;
    if (in == NULL || a == NULL)
        fprintf(stderr, "onedoor %s: %s\n", argv[0], why);
    else
        status = action->run(instance_provider(in), a, argc - 1, argv + 1);
    arena_free(a);
    instance_free(in);
    settings_free(s);
    return status;
}
