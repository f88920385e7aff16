/* onedoor registry: Onedoor's own part of the directory. */
#include "server/command/registry_check.h"

#include "directory/live.h"
#include "directory/registry.h"

#include <stdlib.h>

static int registry_make(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)a, (void)argc, (void)argv;
    enum result r = registry_prepare(p->directory);
    return r == RESULT_OK ? EXIT_SUCCESS : command_fail("registry prepare", r, STR_EMPTY);
}

static int registry_accept_loss(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)a, (void)argc, (void)argv;
    enum result r = live_tell_accept_loss(p->directory);
    return r == RESULT_OK ? EXIT_SUCCESS : command_fail("registry accept-loss", r, STR_EMPTY);
}

int command_registry(const char *config, int argc, char **argv)
{
    static const struct action actions[] = {{"prepare", 0, registry_make},
                                            {"check", 0, registry_check},
                                            {"accept-loss", 0, registry_accept_loss}};
    return command_run_action(config, argc, argv, actions, sizeof actions / sizeof actions[0]);
}
