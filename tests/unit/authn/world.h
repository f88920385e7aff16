/* All that authn works with: a redis-server, a slapd with the sample city, and a clock that can be moved on.
 */
#ifndef ONEDOOR_TESTS_AUTHN_WORLD_H
#define ONEDOOR_TESTS_AUTHN_WORLD_H

#include "authn/flow.h"
#include "authn/throttle.h"
#include "authn/totp.h"
#include "server/base/clock.h"
#include "tests/unit/support/redis.h"
#include "tests/unit/support/slapd.h"

#include <fcntl.h>
#include <liboath/oath.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static struct world {
    struct redis redis;
    struct slapd slapd;
    struct directory_config directory_config;
    char address[128], audit_path[96];
    struct master *master;
    struct seal *seal;
    struct directory *directory;
    struct store *store;
    struct audit *audit;
    struct authn au;
    struct arena *a;
} world;

static atomic_llong clock_offset;

__attribute__((unused)) static int64_t moved_clock(void)
{
    return (int64_t)time(NULL) + atomic_load(&clock_offset);
}

/* Lets time go by, for everything but Redis. */
__attribute__((unused)) static void later(int64_t seconds)
{
    atomic_fetch_add(&clock_offset, seconds);
}

/* Starts slapd again, and waits until the server has noticed. */
__attribute__((unused)) static void slapd_return(void)
{
    slapd_run(&world.slapd, false);
    for (int i = 0; i < 250 && directory_ping(world.directory) != RESULT_OK; i++)
        usleep(20000);
    assert_int_equal(directory_ping(world.directory), RESULT_OK);
}

/* Changes the directory as its administrator does. */
__attribute__((unused)) static void slapd_change(const char *ldif)
{
    char path[96];
    snprintf(path, sizeof path, "%s/change.ldif", world.slapd.folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(ldif, f);
    fclose(f);
    redis_shell(
        "ldapmodify -x -e relax -D cn=admin,dc=city,dc=example -y %s/admin.password -H %s -f %s >/dev/null",
        world.slapd.folder, world.slapd.socket_uri, path);
}

static inline void world_open_audit(const char *path)
{
    const char *why = "";
    audit_close(world.audit);
    world.audit = audit_open(path, &why);
    if (!world.audit)
        fail_msg("%s: %s", path, why);
    world.au.audit = world.audit;
}

/* What the audit log holds now. */
__attribute__((unused)) static struct str audit_text(void)
{
    char *p = arena_alloc(world.a, 1 << 18);
    int fd = open(world.audit_path, O_RDONLY);
    ssize_t n = p && fd >= 0 ? read(fd, p, (1 << 18) - 1) : -1;
    assert_true(n >= 0);
    close(fd);
    return (struct str){p, (size_t)n};
}

/* How many lines of that event it holds. */
__attribute__((unused)) static int audited(const char *event)
{
    struct str quoted = arena_printf(world.a, "\"%s\"", event);
    int n = 0;
    for (const char *at = audit_text().p; (at = strstr(at, quoted.p)); at++)
        n++;
    return n;
}

static inline void world_stores(void)
{
    snprintf(world.address, sizeof world.address, "unix:%s", world.redis.socket);
    const struct store_config config = {.address = str_of(world.address),
                                        .connect_ms = 500,
                                        .operation_ms = 1000,
                                        .prefix = STR("od:")};
    world.directory_config = slapd_config(&world.slapd);
    world.directory_config.disabled_when = STR("pwdAccountLockedTime=000001010000Z employeeType=left");
    world.directory = directory_new(&world.directory_config);
    assert_non_null(world.directory);
    assert_int_equal(registry_prepare(world.directory), RESULT_OK);
    world.store = store_new(&config, world.seal, world.directory);
    assert_non_null(world.store);
    store_beat(world.store);
    assert_int_equal(store_ping(world.store), RESULT_OK);
}

static inline void world_keys(void)
{
    const char *why = "";
    char path[96];
    snprintf(path, sizeof path, "%s/master.key", world.slapd.folder);
    assert_true(master_create(path, &why));
    world.master = master_read(path, &why);
    assert_non_null(world.master);
    struct secret *key = master_derive(world.master, "store");
    world.seal = seal_new(key);
    secret_free(key);
}

__attribute__((unused)) static int world_begin(void **state)
{
    (void)state;
    slapd_start(&world.slapd);
    snprintf(world.audit_path, sizeof world.audit_path, "%s/audit.log", world.slapd.folder);
    redis_start(&world.redis, NULL);
    world_keys();
    world_stores();
    return 0;
}

__attribute__((unused)) static int world_end(void **state)
{
    (void)state;
    store_free(world.store);
    directory_free(world.directory);
    seal_free(world.seal);
    master_free(world.master);
    slapd_remove(&world.slapd);
    redis_remove(&world.redis);
    return 0;
}

/* For each test: authn with the usual settings, an empty Redis of its own epoch, an empty audit log. */
__attribute__((unused)) static int setup(void **state)
{
    (void)state;
    world.a = arena_new(1 << 24);
    world.au = (struct authn){
        .config = {.transaction_seconds = 600,
                   .session_idle_seconds = 900,
                   .session_absolute_seconds = 36000,
                   .logout_give_up_seconds = 86400,
                   .logout_queue = 1000,
                   .device_seconds = 15552000,
                   .account_failures = 10,
                   .account_window = 300,
                   .source_failures = 50,
                   .source_window = 60,
                   .overall_failures = 3000,
                   .overall_window = 60,
                   .code_failures = 5,
                   .code_window = 300,
                   .totp_issuer = STR("Onedoor")},
        .directory = world.directory,
        .store = world.store,
    };
    unlink(world.audit_path);
    world_open_audit(world.audit_path);
    clock_replace(moved_clock);
    /* Counters of earlier tests have names that nobody computes any more. */
    assert_true(authn_setup(&world.au, world.master));
    secret_free(world.au.throttle_key);
    world.au.throttle_key = secret_random(32);
    return 0;
}

__attribute__((unused)) static int teardown(void **state)
{
    (void)state;
    authn_clear(&world.au);
    audit_close(world.audit);
    world.audit = NULL;
    arena_free(world.a);
    clock_replace(NULL);
    return 0;
}

/* The sample person of that tag or uid. */
__attribute__((unused)) static struct sample_person person_of(const char *who)
{
    return slapd_person(&world.slapd, who);
}

/* The entry's uuid. */
__attribute__((unused)) static struct str uuid_of(const struct sample_person *c)
{
    struct person *p;
    assert_int_equal(person_by_login(world.directory, world.a, str_of(c->uid), &p), RESULT_OK);
    return p->uuid;
}

/* A code as the person's app shows it, `steps` steps from now. */
__attribute__((unused)) static struct str code_at(struct str seed, int steps)
{
    char digits[16];
    time_t when = (time_t)(clock_now() + 30 * steps);
    assert_int_equal(oath_totp_generate(seed.p, seed.len, when, 30, 0, 6, digits), OATH_OK);
    return arena_copy(world.a, str_of(digits));
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
