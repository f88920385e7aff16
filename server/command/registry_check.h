/* onedoor registry check: what is wrong with entries, and with who holds what. */
#ifndef ONEDOOR_SERVER_COMMAND_REGISTRY_CHECK_H
#define ONEDOOR_SERVER_COMMAND_REGISTRY_CHECK_H

#include "server/command/command.h"

/*
 * Prints a line for every entry that is not valid, with what would be right; for everybody who holds roles
 * that exclude each other; and for holders of roles that are nobody, which alone is no failure. Exit status
 * 1 when something is wrong.
 */
int registry_check(struct provider *p, struct arena *a, int argc, char **argv);

#endif
