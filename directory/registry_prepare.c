/* The registry's own entries: its branches, and the decoy that unknown people are checked against. */
#include "directory/dn.h"
#include "directory/operation.h"
#include "directory/registry.h"
#include "server/base/log.h"
#include "server/base/random.h"

enum { DECOY_BYTES = 32 };

static struct attribute one_value(const char *name, struct str *value)
{
    return (struct attribute){.name = name, .values = value, .count = 1};
}

static enum result added_or_there(enum result r)
{
    return r == RESULT_USED ? RESULT_OK : r;
}

static enum result make_branch(struct directory *d, const char *name)
{
    struct str class = STR("organizationalUnit"), ou = str_of(name);
    struct arena *a = arena_new(4096);
    struct str rdn = a ? arena_printf(a, "ou=%s", name) : STR_EMPTY;
    const struct attribute attributes[] = {one_value("objectClass", &class), one_value("ou", &ou)};
    enum result r = rdn.p ? registry_add(d, rdn, attributes, 2) : RESULT_INTERNAL;
    arena_free(a);
    return added_or_there(r);
}

struct hash_arg {
    struct berval dn, password;
};

/* RFC 3062: the directory hashes the password by its own scheme, as it does people's. */
static int run_passwd(LDAP *handle, struct timeval left, void *data)
{
    struct hash_arg *arg = data;
    struct berval made = {0};
    (void)left;
    int code = ldap_passwd_s(handle, &arg->dn, NULL, &arg->password, &made, NULL, NULL);
    ber_memfree(made.bv_val);
    return code;
}

static enum result hash_decoy(struct directory *d, struct arena *a, struct str password)
{
    struct str dn = dn_join(a, STR("cn=decoy"), directory_config(d)->registry_base);
    struct hash_arg arg = {.dn = {dn.len, (char *)(uintptr_t)dn.p},
                           .password = {password.len, (char *)(uintptr_t)password.p}};
    const struct operation op = {
        .name = "passwd", .run = run_passwd, .meaning = meaning_of_write, .arg = &arg};
    enum result r = dn.p ? operation_run(d, LANE_SEARCH, &op) : RESULT_INTERNAL;
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_WARN, "registry.decoy_not_hashed", LOG_Z("result", result_name(r)),
            LOG_Z("why", "unknown names may be answered faster than known ones"));
    return r == RESULT_UNAVAILABLE ? r : RESULT_OK;
}

static enum result make_decoy(struct directory *d)
{
    struct arena *a = arena_new(8192);
    struct str classes[] = {STR("applicationProcess"), STR("simpleSecurityObject")}, cn = STR("decoy");
    struct str password = a ? random_token(a, DECOY_BYTES) : STR_EMPTY;
    const struct attribute attributes[] = {{.name = "objectClass", .values = classes, .count = 2},
                                           one_value("cn", &cn),
                                           one_value("userPassword", &password)};
    enum result r = password.len > 0 ? registry_add(d, STR("cn=decoy"), attributes, 3) : RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = hash_decoy(d, a, password);
    arena_free(a);
    return added_or_there(r);
}

enum result registry_prepare(struct directory *d)
{
    static const char *const branches[] = {"applications", "accounts",  "keys",     "state",
                                           "roles",        "resources", "mandates", "changes"};
    enum result r = RESULT_OK;
    for (size_t i = 0; r == RESULT_OK && i < sizeof branches / sizeof *branches; i++)
        r = make_branch(d, branches[i]);
    return r == RESULT_OK ? make_decoy(d) : r;
}
