/* Commands that make files or read the settings only: check-config, make-master-key, local-ca. */
#include "server/command/command.h"

#include "certs/local_ca.h"

#include <stdlib.h>
#include <string.h>

int command_check_config(const char *config, int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--reference") == 0) {
        settings_print_reference(stdout);
        return EXIT_SUCCESS;
    }
    struct settings *s = command_settings(config);
    if (s == NULL)
        return EXIT_FAILURE;
    fprintf(stderr, STR_FMT, STR_ARG(s->unused));
    printf("%s: good\n", config);
    settings_free(s);
    return EXIT_SUCCESS;
}

int command_make_master_key(const char *config, int argc, char **argv)
{
    (void)config;
    const char *why = "name the file to be made";
    if (argc == 2 && master_create(argv[1], &why))
        return EXIT_SUCCESS;
    fprintf(stderr, "onedoor make-master-key: %s\n", why);
    return argc == 2 ? EXIT_FAILURE : EXIT_USAGE;
}

int command_local_ca(const char *config, int argc, char **argv)
{
    (void)config;
    const char *why = "name the folder, then the DNS names and addresses of the server";
    struct arena *a = arena_new(64 * 1024);
    struct str names = STR_EMPTY;
    for (int i = 2; a != NULL && i < argc; i++)
        names = arena_printf(a, STR_FMT "%s%s", STR_ARG(names), i == 2 ? "" : " ", argv[i]);
    bool made = names.len > 0 && local_ca_make(argv[1], names, &why);
    arena_free(a);
    if (made)
        return EXIT_SUCCESS;
    fprintf(stderr, "onedoor local-ca: %s\n", why);
    return names.len > 0 ? EXIT_FAILURE : EXIT_USAGE;
}
