/* onedoor registry: Onedoor's own part of the directory. */
#include "server/command/command.h"

#include "directory/registry.h"

#include <stdlib.h>

static int registry_make(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)a, (void)argc, (void)argv;
    enum result r = registry_prepare(p->directory);
    return r == RESULT_OK ? EXIT_SUCCESS : command_fail("registry prepare", r, STR_EMPTY);
}

int command_registry(const char *config, int argc, char **argv)
{
    static const struct action actions[] = {{"prepare", 0, registry_make}};
    return command_run_action(config, argc, argv, actions, sizeof actions / sizeof actions[0]);
}
