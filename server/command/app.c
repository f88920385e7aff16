/* onedoor app: the registered applications. */
#include "server/command/command.h"

#include "clients/edit.h"
#include "server/admin/change.h"

#include <stdlib.h>
#include <string.h>

static struct str *settings_of(struct arena *a, int argc, char **argv)
{
    struct str *settings = arena_alloc(a, (size_t)argc * sizeof *settings + 1);
    for (int i = 0; settings != NULL && i < argc; i++)
        settings[i] = str_of(argv[i]);
    return settings;
}

/* What is there before a change, for the record and the audit log that tell what became of it. */
static enum result note_before(struct provider *p, struct arena *a, struct str id, const char *kind,
                               struct proposal *w)
{
    static const struct actor root = {.root = true};
    *w = (struct proposal){.p = p, .a = a, .actor = &root, .kind = kind_find(str_of(kind)), .target = id};
    enum result r = change_note_before(w);
    return r == RESULT_REFUSED && w->why == WHY_NOT_THERE ? RESULT_NOT_FOUND : r;
}

static int app_list(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc, (void)argv;
    enum result r = applications_refresh(p->applications);
    if (r != RESULT_OK)
        return command_fail("app list", r, STR_EMPTY);
    const struct application **all;
    size_t n = applications_list(p->applications, a, &all);
    for (size_t i = 0; i < n; i++)
        printf(STR_FMT "\t" STR_FMT "\t%s\n", STR_ARG(all[i]->client_id), STR_ARG(all[i]->name),
               client_method_name(all[i]->method));
    return EXIT_SUCCESS;
}

static int app_show(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct str text;
    enum result r = application_describe(p->directory, a, str_of(argv[1]), &text);
    if (r != RESULT_OK)
        return command_fail("app show", r, STR_EMPTY);
    printf(STR_FMT, STR_ARG(text));
    return EXIT_SUCCESS;
}

static void print_secret(struct str secret)
{
    if (secret.len > 0)
        printf("client_secret=" STR_FMT "\n", STR_ARG(secret));
}

static int app_add(struct provider *p, struct arena *a, int argc, char **argv)
{
    struct str id = str_of(argv[1]), secret = STR_EMPTY, why = STR_EMPTY;
    struct proposal w;
    enum result r = note_before(p, a, id, "application.add", &w);
    if (r == RESULT_OK)
        r = application_add(p->directory, a, id, settings_of(a, argc - 2, argv + 2), (size_t)argc - 2,
                            &secret, &why);
    if (r == RESULT_OK)
        r = change_note_after(&w);
    if (r != RESULT_OK)
        return command_fail("app add", r, why);
    print_secret(secret);
    return EXIT_SUCCESS;
}

static int app_set(struct provider *p, struct arena *a, int argc, char **argv)
{
    struct str id = str_of(argv[1]), why = STR_EMPTY;
    struct proposal w;
    enum result r = note_before(p, a, id, "application.set", &w);
    if (r == RESULT_OK)
        r = application_set(p->directory, a, id, settings_of(a, argc - 2, argv + 2), (size_t)argc - 2, &why);
    if (r == RESULT_OK)
        r = change_note_after(&w);
    return r == RESULT_OK ? EXIT_SUCCESS : command_fail("app set", r, why);
}

static int app_secret(struct provider *p, struct arena *a, int argc, char **argv)
{
    struct str id = str_of(argv[1]), secret = STR_EMPTY, why = STR_EMPTY;
    struct proposal w;
    bool drop = argc > 2 && strcmp(argv[2], "--drop-old") == 0;
    enum result r = note_before(p, a, id, drop ? "application.drop-secret" : "application.secret", &w);
    if (r == RESULT_OK)
        r = drop ? application_drop_old_secret(p->directory, a, id)
                 : application_new_secret(p->directory, a, id, &secret, &why);
    if (r == RESULT_OK)
        r = change_note_after(&w);
    if (r != RESULT_OK)
        return command_fail("app secret", r, why);
    print_secret(secret);
    return EXIT_SUCCESS;
}

static int app_remove(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct proposal w;
    enum result r = note_before(p, a, str_of(argv[1]), "application.remove", &w);
    if (r == RESULT_OK)
        r = application_remove(p->directory, a, str_of(argv[1]));
    if (r == RESULT_OK)
        r = change_note_after(&w);
    return r == RESULT_OK ? EXIT_SUCCESS : command_fail("app remove", r, STR_EMPTY);
}

int command_app(const char *config, int argc, char **argv)
{
    static const struct action actions[] = {
        {"list", 0, app_list},  {"show", 1, app_show},     {"add", 1, app_add},
        {"set", 2, app_set},    {"secret", 1, app_secret}, {"remove", 1, app_remove},
    };
    return command_run_action(config, argc, argv, actions, sizeof actions / sizeof actions[0]);
}
