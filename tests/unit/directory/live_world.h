/* A followed directory, for the tests of directory/live*.c: a slapd with the sample city, and a watcher that
 * remembers what it was told. */
#ifndef ONEDOOR_TESTS_LIVE_WORLD_H
#define ONEDOOR_TESTS_LIVE_WORLD_H

#include "directory/live.h"

#include "directory/registry.h"
#include "server/base/clock.h"

#include "tests/unit/support/slapd.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define STAFF    "uid=s-200145,ou=staff," CITY
#define CLERKS   "cn=clerk,ou=posts," CITY
#define APPROVER "cn=approver,ou=posts," CITY

enum { TOLD_MOST = 4096 };

static struct slapd slapd;
static struct directory *d;
static struct live *live;
static struct arena *a;

/* What the watcher was told, and how it answers. */
struct told {
    enum person_news news;
    char uuid[40], mail[64];
};
static struct {
    pthread_mutex_t lock;
    struct told v[TOLD_MOST];
    size_t n;
    unsigned registry, refuse, refused;
    char cookie[256];
    unsigned saves;
    bool cookie_away;
    bool holds, store_away; /* what the store says of whether somebody holds a session */
    unsigned asked;
} seen;

static enum result person_changed(void *arg, const struct person_change *c)
{
    (void)arg;
    enum result result = RESULT_OK;
    pthread_mutex_lock(&seen.lock);
    if (seen.refuse > 0) {
        seen.refuse--;
        seen.refused++;
        result = RESULT_UNAVAILABLE;
    } else if (seen.n < TOLD_MOST) {
        struct told *t = &seen.v[seen.n++];
        struct str mail = c->person ? c->person->mail : STR_EMPTY;
        t->news = c->news;
        snprintf(t->uuid, sizeof t->uuid, STR_FMT, STR_ARG(c->uuid));
        snprintf(t->mail, sizeof t->mail, STR_FMT, STR_ARG(mail));
    }
    pthread_mutex_unlock(&seen.lock);
    return result;
}

static enum result load_cookie(void *arg, struct arena *in, struct str *cookie)
{
    (void)arg;
    pthread_mutex_lock(&seen.lock);
    *cookie = arena_copy(in, str_of(seen.cookie));
    bool away = seen.cookie_away;
    pthread_mutex_unlock(&seen.lock);
    if (away)
        return RESULT_UNAVAILABLE;
    return cookie->len > 0 ? RESULT_OK : RESULT_NOT_FOUND;
}

static enum result save_cookie(void *arg, struct str cookie)
{
    (void)arg;
    pthread_mutex_lock(&seen.lock);
    snprintf(seen.cookie, sizeof seen.cookie, STR_FMT, STR_ARG(cookie));
    seen.saves++;
    pthread_mutex_unlock(&seen.lock);
    return RESULT_OK;
}

static enum result person_holds(void *arg, struct str uuid, bool *holds)
{
    (void)arg;
    assert_int_equal(uuid.len, 36);
    pthread_mutex_lock(&seen.lock);
    seen.asked++;
    bool away = seen.store_away;
    if (!away)
        *holds = seen.holds;
    pthread_mutex_unlock(&seen.lock);
    return away ? RESULT_UNAVAILABLE : RESULT_OK;
}

static void registry_changed(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&seen.lock);
    seen.registry++;
    pthread_mutex_unlock(&seen.lock);
}

static const struct live_watcher watcher = {.person_changed = person_changed,
                                            .person_holds = person_holds,
                                            .load_cookie = load_cookie,
                                            .save_cookie = save_cookie,
                                            .registry_changed = registry_changed};

__attribute__((unused)) static bool was_told(enum person_news news, struct str uuid)
{
    bool told = false;
    pthread_mutex_lock(&seen.lock);
    for (size_t i = 0; i < seen.n; i++)
        told = told || (seen.v[i].news == news && str_eq(str_of(seen.v[i].uuid), uuid));
    pthread_mutex_unlock(&seen.lock);
    return told;
}

__attribute__((unused)) static size_t count_told(enum person_news news)
{
    size_t n = 0;
    pthread_mutex_lock(&seen.lock);
    for (size_t i = 0; i < seen.n; i++)
        n += seen.v[i].news == news;
    pthread_mutex_unlock(&seen.lock);
    return n;
}

__attribute__((unused)) static unsigned read_seen(const unsigned *counter)
{
    pthread_mutex_lock(&seen.lock);
    unsigned n = *counter;
    pthread_mutex_unlock(&seen.lock);
    return n;
}

/* Waits up to ten seconds for a condition. */
#define WAIT_FOR(condition)                                                                                  \
    do {                                                                                                     \
        int tries = 2000;                                                                                    \
        while (!(condition) && tries-- > 0)                                                                  \
            usleep(5000);                                                                                    \
        if (!(condition))                                                                                    \
            fail_msg("never: %s", #condition);                                                               \
    } while (0)

static int start(void **state)
{
    (void)state;
    slapd_start(&slapd);
    pthread_mutex_init(&seen.lock, NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    slapd_remove(&slapd);
    return 0;
}

static const struct live_config usual = {
    .group_filter = "(objectClass=groupOfNames)",
    .organisation_filter = "(objectClass=organizationalUnit)",
    .most_lost_percent = 20,
    .most_leavers = 5,
    .poll_seconds = 1,
    .known_people = 1000,
};

static void open_with(const struct live_config *config)
{
    struct directory_config c = slapd_config(&slapd);
    c.organisations_base = "ou=orgs," CITY;
    d = directory_new(&c);
    live = live_new(d, config);
    assert_non_null(live);
    assert_int_equal(registry_prepare(d), RESULT_OK);
    assert_int_equal(live_load(live, NULL), RESULT_OK);
}

__attribute__((unused)) static void begin(void)
{
    assert_true(live_start(live, &watcher));
    WAIT_FOR(live_state(live).following);
}

static int open_live(void **state)
{
    (void)state;
    a = arena_new(64 << 20);
    pthread_mutex_t lock = seen.lock;
    memset(&seen, 0, sizeof seen);
    seen.lock = lock;
    open_with(&usual);
    return 0;
}

static int close_live(void **state)
{
    (void)state;
    live_stop(live);
    arena_free(a); /* who reads a model is done before it ends */
    live_free(live);
    directory_free(d);
    return 0;
}

__attribute__((unused)) static void modify(const char *dn, int op, const char *name, const char *value)
{
    LDAP *admin = slapd_as_admin(&slapd);
    char *values[] = {(char *)(uintptr_t)value, NULL};
    LDAPMod mod = {.mod_op = op, .mod_type = (char *)(uintptr_t)name, .mod_values = values};
    LDAPMod *mods[] = {&mod, NULL};
    assert_int_equal(ldap_modify_ext_s(admin, dn, mods, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

/* An entry of the class with one more attribute. */
__attribute__((unused)) static void add(const char *dn, const char *class, const char *name,
                                        const char *value)
{
    LDAP *admin = slapd_as_admin(&slapd);
    char *classes[] = {(char *)(uintptr_t) class, NULL}, *values[] = {(char *)(uintptr_t)value, NULL};
    LDAPMod mods[] = {
        {.mod_op = LDAP_MOD_ADD, .mod_type = (char *)(uintptr_t) "objectClass", .mod_values = classes},
        {.mod_op = LDAP_MOD_ADD, .mod_type = (char *)(uintptr_t)name, .mod_values = values}};
    LDAPMod *all[] = {&mods[0], &mods[1], NULL};
    assert_int_equal(ldap_add_ext_s(admin, dn, all, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

__attribute__((unused)) static void add_person(const char *uid)
{
    char dn[128];
    LDAP *admin = slapd_as_admin(&slapd);
    char *classes[] = {(char *)(uintptr_t) "inetOrgPerson", NULL}, *names[] = {(char *)(uintptr_t)uid, NULL};
    LDAPMod mods[4];
    const char *const attributes[] = {"objectClass", "uid", "cn", "sn"};
    LDAPMod *all[5] = {0};
    for (int i = 0; i < 4; i++) {
        mods[i] = (LDAPMod){.mod_op = LDAP_MOD_ADD, .mod_type = (char *)(uintptr_t)attributes[i]};
        mods[i].mod_values = i == 0 ? classes : names;
        all[i] = &mods[i];
    }
    snprintf(dn, sizeof dn, "uid=%s,ou=citizens," CITY, uid);
    assert_int_equal(ldap_add_ext_s(admin, dn, all, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

__attribute__((unused)) static void remove_entry(const char *dn)
{
    LDAP *admin = slapd_as_admin(&slapd);
    assert_int_equal(ldap_delete_ext_s(admin, dn, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

__attribute__((unused)) static struct subject subject_of(const char *sub)
{
    struct subject s = {0};
    assert_int_equal(live_subject(live, a, str_of(sub), &s), RESULT_OK);
    return s;
}

__attribute__((unused)) static bool is_in(const struct subject *s, const char *group)
{
    struct arena *own = arena_new(1 << 16);
    const struct model *m = live_model(live, own);
    bool in = m && model_in_group(m, s, str_of(group));
    arena_free(own);
    return in;
}

__attribute__((unused)) static size_t groups_there(void)
{
    struct arena *own = arena_new(1 << 16);
    const struct model *m = live_model(live, own);
    size_t n = m ? model_size(m).groups : 0;
    arena_free(own);
    return n;
}

__attribute__((unused)) static bool knows_as_disabled(const char *sub)
{
    struct arena *own = arena_new(1 << 16);
    struct subject s = {0};
    bool disabled = live_subject_known(live, own, str_of(sub), &s) && s.disabled;
    arena_free(own);
    return disabled;
}

__attribute__((unused)) static void rename_entry(const char *dn, const char *rdn)
{
    LDAP *admin = slapd_as_admin(&slapd);
    assert_int_equal(ldap_rename_s(admin, dn, rdn, NULL, 1, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_live, close_live)

#endif
