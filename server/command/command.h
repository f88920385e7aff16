/* The subcommands of `onedoor`; the table stands in server/main.c. */
#ifndef ONEDOOR_SERVER_COMMAND_COMMAND_H
#define ONEDOOR_SERVER_COMMAND_COMMAND_H

#include "server/instance.h"

struct command {
    const char *name, *summary;
    const char *help; /* usage and what each option does */
    int (*run)(const char *config, int argc, char **argv); /* argv[0] is the subcommand; exit status */
};

enum { EXIT_USAGE = 2 };

int command_serve(const char *config, int argc, char **argv);
int command_check_config(const char *config, int argc, char **argv);
int command_admin(const char *config, int argc, char **argv);
int command_app(const char *config, int argc, char **argv);
int command_account(const char *config, int argc, char **argv);
int command_mandate(const char *config, int argc, char **argv);
int command_keys(const char *config, int argc, char **argv);
int command_explain(const char *config, int argc, char **argv);
int command_registry(const char *config, int argc, char **argv);
int command_make_master_key(const char *config, int argc, char **argv);
int command_local_ca(const char *config, int argc, char **argv);

/* One action of a subcommand that has several, such as `app add`. */
struct action {
    const char *name;
    int least_args; /* behind the action's name */
    int (*run)(struct provider *p, struct arena *a, int argc, char **argv); /* argv[0] is the action */
};

/* Actions of `account` that have a file of their own. */
int account_sign_out(struct provider *p, struct arena *a, int argc, char **argv);
int account_set_number(struct provider *p, struct arena *a, int argc, char **argv);
int account_find_number(struct provider *p, struct arena *a, int argc, char **argv);
int account_show_number(struct provider *p, struct arena *a, int argc, char **argv);
int account_forget_number(struct provider *p, struct arena *a, int argc, char **argv);

/*
 * Loads the settings, makes an instance and runs the action named by argv[1] with a fresh arena. Says on stderr what
 * was wrong. Returns the exit status.
 */
int command_run_action(const char *config, int argc, char **argv, const struct action *actions, size_t n);
/* Settings with the errors printed; NULL after an error. */
struct settings *command_settings(const char *config);
/* Prints "onedoor NAME: WHAT", and for failures of ours why; returns the exit status 1. */
int command_fail(const char *name, enum result r, struct str why);

#endif
