/* onedoor keys: the signing keys. */
#include "server/command/command.h"

#include <stdlib.h>

/* The keyring needs a sealer that only an instance has; so these actions make their own. */
static int with_keyring(const char *config, int (*run)(struct provider *p, struct arena *a, const char *arg),
                        const char *arg)
{
    struct settings *s = command_settings(config);
    if (s == NULL)
        return EXIT_FAILURE;
    log_setup(LOG_LEVEL_WARN, (enum log_format)s->log_format);
    const char *why = "";
    struct instance *in = instance_new(s, &why);
    struct arena *a = arena_new(1 << 20);
    int status = EXIT_FAILURE;
    struct provider *p = in == NULL ? NULL : instance_provider(in);
    enum result r = p == NULL ? RESULT_INTERNAL
                              : keyring_open(p->directory, instance_key_seal(in), &s->keys, &p->keyring);
    if (r == RESULT_OK)
        status = run(p, a, arg);
    else
        status = command_fail("keys", r, str_of(why));
    arena_free(a);
    instance_free(in);
    settings_free(s);
    return status;
}

static int keys_list(struct provider *p, struct arena *a, const char *arg)
{
    (void)arg;
    const json_t *key;
    size_t i;
    json_array_foreach(keyring_describe(p->keyring, a), i, key)
    {
        struct str kid = json_get_str(key, "kid"), alg = json_get_str(key, "alg"),
                   state = json_get_str(key, "state");
        int64_t created = 0;
        json_get_int(key, "created", &created);
        printf(STR_FMT "\t" STR_FMT "\t" STR_FMT "\t%lld\n", STR_ARG(kid), STR_ARG(alg), STR_ARG(state),
               (long long)created);
    }
    return EXIT_SUCCESS;
}

static int keys_rotate(struct provider *p, struct arena *a, const char *arg)
{
    (void)a;
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        const char *name = jws_alg_name((enum jws_alg)alg);
        if (arg != NULL && !str_eq(str_of(arg), str_of(name)))
            continue;
        enum result r = keyring_rotate(p->keyring, (enum jws_alg)alg);
        if (r == RESULT_OK)
            r = audit_write(p->audit, AUDIT_KEY_ROTATED, &(struct audit_entry){.detail = str_of(name)});
        if (r != RESULT_OK)
            return command_fail("keys rotate", r, STR_EMPTY);
        printf("rotated %s\n", name);
    }
    return EXIT_SUCCESS;
}

int command_keys(const char *config, int argc, char **argv)
{
    enum jws_alg alg;
    if (argc == 2 && str_eq(str_of(argv[1]), STR("list")))
        return with_keyring(config, keys_list, NULL);
    if (argc == 2 && str_eq(str_of(argv[1]), STR("rotate")))
        return with_keyring(config, keys_rotate, NULL);
    if (argc == 3 && str_eq(str_of(argv[1]), STR("rotate")) && jws_alg_parse(str_of(argv[2]), &alg))
        return with_keyring(config, keys_rotate, argv[2]);
    fputs("onedoor keys: say what to do; see `onedoor help keys`\n", stderr);
    return EXIT_USAGE;
}
