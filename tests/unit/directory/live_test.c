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

static void registry_changed(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&seen.lock);
    seen.registry++;
    pthread_mutex_unlock(&seen.lock);
}

static const struct live_watcher watcher = {.person_changed = person_changed,
                                            .load_cookie = load_cookie,
                                            .save_cookie = save_cookie,
                                            .registry_changed = registry_changed};

static bool was_told(enum person_news news, struct str uuid)
{
    bool told = false;
    pthread_mutex_lock(&seen.lock);
    for (size_t i = 0; i < seen.n; i++)
        told = told || (seen.v[i].news == news && str_eq(str_of(seen.v[i].uuid), uuid));
    pthread_mutex_unlock(&seen.lock);
    return told;
}

static size_t count_told(enum person_news news)
{
    size_t n = 0;
    pthread_mutex_lock(&seen.lock);
    for (size_t i = 0; i < seen.n; i++)
        n += seen.v[i].news == news;
    pthread_mutex_unlock(&seen.lock);
    return n;
}

static unsigned read_seen(const unsigned *counter)
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
    assert_int_equal(live_load(live), RESULT_OK);
}

static void begin(void)
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

static void modify(const char *dn, int op, const char *name, const char *value)
{
    LDAP *admin = slapd_as_admin(&slapd);
    char *values[] = {(char *)(uintptr_t)value, NULL};
    LDAPMod mod = {.mod_op = op, .mod_type = (char *)(uintptr_t)name, .mod_values = values};
    LDAPMod *mods[] = {&mod, NULL};
    assert_int_equal(ldap_modify_ext_s(admin, dn, mods, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

/* An entry of the class with one more attribute. */
static void add(const char *dn, const char *class, const char *name, const char *value)
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

static void add_person(const char *uid)
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

static void remove_entry(const char *dn)
{
    LDAP *admin = slapd_as_admin(&slapd);
    assert_int_equal(ldap_delete_ext_s(admin, dn, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

static struct subject subject_of(const char *sub)
{
    struct subject s = {0};
    assert_int_equal(live_subject(live, a, str_of(sub), &s), RESULT_OK);
    return s;
}

static bool is_in(const struct subject *s, const char *group)
{
    struct arena *own = arena_new(1 << 16);
    const struct model *m = live_model(live, own);
    bool in = m && model_in_group(m, s, str_of(group));
    arena_free(own);
    return in;
}

static size_t groups_there(void)
{
    struct arena *own = arena_new(1 << 16);
    const struct model *m = live_model(live, own);
    size_t n = m ? model_size(m).groups : 0;
    arena_free(own);
    return n;
}

static bool knows_as_disabled(const char *sub)
{
    struct arena *own = arena_new(1 << 16);
    struct subject s = {0};
    bool disabled = live_subject_known(live, own, str_of(sub), &s) && s.disabled;
    arena_free(own);
    return disabled;
}

static void what_was_loaded_answers_before_anything_is_followed(void **state)
{
    (void)state;
    struct subject s = subject_of("s-200145");
    assert_true(is_in(&s, APPROVER));
    assert_false(is_in(&s, CLERKS));
    assert_true(str_eq(s.organisations, STR("330102/D0412 330102/D0077")));
    const struct model *m = live_model(live, a);
    assert_non_null(model_organisation(m, STR("330102/D0412")));
    assert_false(live_state(live).following);
    assert_true(live_state(live).model_built > 0);
}

static void a_group_changes_and_the_model_with_it(void **state)
{
    (void)state;
    begin();
    struct subject s = subject_of("s-200145");
    assert_false(is_in(&s, CLERKS));
    for (int i = 0; i < 5; i++) {
        modify(CLERKS, LDAP_MOD_ADD, "member", STAFF);
        WAIT_FOR(is_in(&s, CLERKS));
        modify(CLERKS, LDAP_MOD_DELETE, "member", STAFF);
        WAIT_FOR(!is_in(&s, CLERKS));
    }
}

static void an_application_and_its_role_come_and_go(void **state)
{
    (void)state;
    begin();
    unsigned told = read_seen(&seen.registry);
    add("onedoorClientId=hall,ou=applications," REGISTRY, "onedoorApplication", "onedoorPermission",
        "case:read");
    WAIT_FOR(read_seen(&seen.registry) > told);
    const struct permission *permissions = NULL;
    struct arena *own = NULL;
    size_t n = 0;
    for (int i = 0; i < 1000 && n == 0; i++, usleep(5000)) {
        arena_free(own);
        own = arena_new(1 << 16);
        n = model_permissions(live_model(live, own), STR("hall"), &permissions);
    }
    assert_int_equal(n, 1);
    assert_true(str_eq(permissions[0].action, STR("read")));
    remove_entry("onedoorClientId=hall,ou=applications," REGISTRY);
    /* The old model lives as long as who reads it. */
    usleep(200000);
    assert_true(str_eq(permissions[0].resource_type, STR("case")));
    arena_free(own);
    own = arena_new(1 << 16);
    assert_int_equal(model_permissions(live_model(live, own), STR("hall"), &permissions), 0);
    arena_free(own);
}

static void a_disabled_person_is_known_and_told_of(void **state)
{
    (void)state;
    begin();
    struct subject s = subject_of("s-200145");
    assert_false(s.disabled);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    WAIT_FOR(knows_as_disabled("s-200145"));
    WAIT_FOR(was_told(PERSON_DISABLED, s.uuid));
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(!knows_as_disabled("s-200145"));
    WAIT_FOR(was_told(PERSON_CHANGED, s.uuid));
    struct subject again;
    assert_true(live_subject_known(live, a, STR("s-200145"), &again));
    WAIT_FOR(read_seen(&seen.saves) > 0);
}

static void a_person_who_is_deleted_is_gone(void **state)
{
    (void)state;
    add_person("n-gone");
    begin();
    struct subject s = subject_of("n-gone"), none;
    remove_entry("uid=n-gone,ou=citizens," CITY);
    WAIT_FOR(was_told(PERSON_GONE, s.uuid));
    assert_false(live_subject_known(live, a, STR("n-gone"), &none));
    assert_int_equal(live_subject(live, a, STR("n-gone"), &none), RESULT_NOT_FOUND);
}

static void a_person_who_moved_is_in_another_department(void **state)
{
    (void)state;
    begin();
    struct subject s = subject_of("s-200101"), now;
    assert_true(str_eq(s.organisations, STR("330102/D0077")));
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "departmentNumber", "330106/D0501");
    WAIT_FOR(live_subject_known(live, a, STR("s-200101"), &now) &&
             str_eq(now.organisations, STR("330106/D0501")));
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "departmentNumber", "330102/D0077");
    WAIT_FOR(live_subject_known(live, a, STR("s-200101"), &now) &&
             str_eq(now.organisations, STR("330102/D0077")));
}

static bool has_organisation(const char *path, bool wanted)
{
    struct arena *own = arena_new(1 << 16);
    const struct model *m = live_model(live, own);
    bool has = m && model_organisation(m, str_of(path));
    arena_free(own);
    return has == wanted;
}

static void rename_entry(const char *dn, const char *rdn)
{
    LDAP *admin = slapd_as_admin(&slapd);
    assert_int_equal(ldap_rename_s(admin, dn, rdn, NULL, 1, NULL, NULL), LDAP_SUCCESS);
    ldap_unbind_ext(admin, NULL, NULL);
}

static void a_district_that_is_renamed_takes_its_departments_along(void **state)
{
    (void)state;
    begin();
    rename_entry("ou=330102,ou=orgs," CITY, "ou=330199");
    WAIT_FOR(has_organisation("330199/D0412", true) && has_organisation("330102/D0412", false));
    rename_entry("ou=330199,ou=orgs," CITY, "ou=330102");
    WAIT_FOR(has_organisation("330102/D0412", true) && has_organisation("330199", false));
}

static bool has_group(const char *dn, bool wanted)
{
    struct arena *own = arena_new(1 << 16);
    const struct model *m = live_model(live, own);
    bool has = m && model_group(m, str_of(dn));
    arena_free(own);
    return has == wanted;
}

static bool stands_at(const char *sub, const char *dn)
{
    struct dn_key key;
    struct subject s = subject_of(sub);
    return dn_key_of(str_of(dn), &key) && dn_key_eq(&s.dn, &key);
}

static void a_branch_that_is_renamed_takes_its_groups_along(void **state)
{
    (void)state;
    begin();
    rename_entry("ou=posts," CITY, "ou=offices");
    WAIT_FOR(has_group("cn=clerk,ou=offices," CITY, true) && has_group(CLERKS, false));
    rename_entry("ou=offices," CITY, "ou=posts");
    WAIT_FOR(has_group(CLERKS, true) && has_group("cn=clerk,ou=offices," CITY, false));
}

static void people_have_new_names_when_their_branch_is_renamed(void **state)
{
    (void)state;
    begin();
    assert_true(stands_at("s-200145", STAFF));
    rename_entry("ou=staff," CITY, "ou=officials");
    WAIT_FOR(stands_at("s-200145", "uid=s-200145,ou=officials," CITY));
    rename_entry("ou=officials," CITY, "ou=staff");
    WAIT_FOR(stands_at("s-200145", STAFF));
}

static void a_watcher_that_is_away_is_told_again(void **state)
{
    (void)state;
    begin();
    struct subject s = subject_of("s-200101");
    pthread_mutex_lock(&seen.lock);
    seen.refuse = 3;
    pthread_mutex_unlock(&seen.lock);
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "pwdAccountLockedTime", "000001010000Z");
    /* Those who ask here know at once, whatever the watcher's store does. */
    WAIT_FOR(knows_as_disabled("s-200101"));
    WAIT_FOR(was_told(PERSON_DISABLED, s.uuid));
    assert_int_equal(read_seen(&seen.refused), 3);
    slapd_set(&slapd, "uid=s-200101,ou=staff," CITY, "pwdAccountLockedTime", NULL);
    WAIT_FOR(was_told(PERSON_CHANGED, s.uuid));
}

static void the_directory_away_stops_nothing_and_is_caught_up(void **state)
{
    (void)state;
    add_person("n-gone");
    begin();
    struct subject staff = subject_of("s-200145"), gone = subject_of("n-gone"), s;
    slapd_kill(&slapd);
    WAIT_FOR(!live_state(live).following);
    assert_int_equal(live_subject(live, a, STR("s-200145"), &s), RESULT_OK);
    assert_int_equal(live_subject(live, a, STR("s-200101"), &s), RESULT_UNAVAILABLE);
    assert_true(is_in(&staff, APPROVER));
    /* It comes back where nobody knows it, and changes. */
    char known[160];
    strcpy(known, slapd.socket_uri);
    strcat(slapd.socket_uri, ".private");
    slapd_run(&slapd, false);
    remove_entry("uid=n-gone,ou=citizens," CITY);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    modify(CLERKS, LDAP_MOD_ADD, "member", STAFF);
    slapd_end(&slapd, SIGTERM);
    strcpy(slapd.socket_uri, known);
    slapd_run(&slapd, false);
    WAIT_FOR(was_told(PERSON_GONE, gone.uuid));
    WAIT_FOR(was_told(PERSON_DISABLED, staff.uuid));
    WAIT_FOR(is_in(&staff, CLERKS));
    assert_true(knows_as_disabled("s-200145"));
    /* The server lost its log: of those whom nobody asked for, it could not say who left. */
    assert_true(live_unsure_before(live) >= clock_now() - 60);
    modify(CLERKS, LDAP_MOD_DELETE, "member", STAFF);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(!knows_as_disabled("s-200145"));
}

static bool is_disabled_now(const char *sub)
{
    struct arena *own = arena_new(1 << 16);
    struct subject s = {0};
    bool disabled = live_subject(live, own, str_of(sub), &s) == RESULT_OK && s.disabled;
    arena_free(own);
    return disabled;
}

/* Here the feed cannot begin, as its cookie is not to be had. */
static void without_a_feed_a_directory_that_answers_is_asked(void **state)
{
    (void)state;
    seen.cookie_away = true;
    assert_true(live_start(live, &watcher));
    assert_false(subject_of("s-200145").disabled);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    WAIT_FOR(is_disabled_now("s-200145"));
    /* Once asked, it is asked until it answers no more. */
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(!is_disabled_now("s-200145"));
    slapd_kill(&slapd);
    assert_false(subject_of("s-200145").disabled);
    struct subject s;
    assert_int_equal(live_subject(live, a, STR("s-200101"), &s), RESULT_UNAVAILABLE);
    slapd_run(&slapd, false);
    pthread_mutex_lock(&seen.lock);
    seen.cookie_away = false;
    pthread_mutex_unlock(&seen.lock);
    WAIT_FOR(live_state(live).following);
}

static void a_server_that_starts_again_goes_on_from_its_cookie(void **state)
{
    (void)state;
    add_person("n-gone");
    begin();
    struct subject gone = subject_of("n-gone"), staff = subject_of("s-200145");
    slapd_set(&slapd, STAFF, "description", "a change whose cookie is remembered");
    WAIT_FOR(read_seen(&seen.saves) > 0);
    live_stop(live);
    live_free(live);
    live = NULL;
    remove_entry("uid=n-gone,ou=citizens," CITY);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    live = live_new(d, &usual);
    assert_int_equal(live_load(live), RESULT_OK);
    begin();
    WAIT_FOR(was_told(PERSON_GONE, gone.uuid));
    WAIT_FOR(was_told(PERSON_DISABLED, staff.uuid));
    assert_int_equal(live_unsure_before(live), 0);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(was_told(PERSON_CHANGED, staff.uuid));
}

static void it_may_be_stopped_and_started_again(void **state)
{
    (void)state;
    struct subject s = subject_of("s-200145");
    for (int i = 0; i < 3; i++) {
        begin();
        modify(CLERKS, LDAP_MOD_ADD, "member", STAFF);
        WAIT_FOR(is_in(&s, CLERKS));
        live_stop(live);
        modify(CLERKS, LDAP_MOD_DELETE, "member", STAFF);
        begin();
        WAIT_FOR(!is_in(&s, CLERKS));
        live_stop(live);
    }
}

enum { CROWD = 9 };

static void crowd(void (*act)(const char *dn))
{
    for (int i = 0; i < CROWD; i++) {
        char dn[128];
        snprintf(dn, sizeof dn, "uid=n-crowd%d,ou=citizens," CITY, i);
        act(dn);
    }
}

static void disable(const char *dn)
{
    slapd_set(&slapd, dn, "pwdAccountLockedTime", "000001010000Z");
}

static void enable(const char *dn)
{
    slapd_set(&slapd, dn, "pwdAccountLockedTime", NULL);
}

static void make_crowd(void)
{
    for (int i = 0; i < CROWD; i++) {
        char uid[32];
        snprintf(uid, sizeof uid, "n-crowd%d", i);
        add_person(uid);
    }
}

static size_t disabled_in_crowd(void)
{
    size_t n = 0;
    for (int i = 0; i < CROWD; i++) {
        char uid[32];
        snprintf(uid, sizeof uid, "n-crowd%d", i);
        n += knows_as_disabled(uid);
    }
    return n;
}

static void ask_for_crowd(void)
{
    for (int i = 0; i < CROWD; i++) {
        char uid[32];
        snprintf(uid, sizeof uid, "n-crowd%d", i);
        assert_false(subject_of(uid).disabled);
    }
}

static void more_leavers_than_believed_are_held_until_they_are_back(void **state)
{
    (void)state;
    make_crowd();
    begin();
    ask_for_crowd();
    crowd(disable);
    WAIT_FOR(live_state(live).loss_held);
    /* Others change as ever, but a server that starts again must hear of these again. */
    unsigned saves = read_seen(&seen.saves);
    slapd_set(&slapd, STAFF, "description", "another");
    WAIT_FOR(count_told(PERSON_CHANGED) > 0);
    assert_int_equal(disabled_in_crowd(), usual.most_leavers);
    assert_int_equal(count_told(PERSON_DISABLED), usual.most_leavers);
    assert_int_equal(read_seen(&seen.saves), saves);
    crowd(enable);
    WAIT_FOR(!live_state(live).loss_held);
    WAIT_FOR(disabled_in_crowd() == 0);
    WAIT_FOR(read_seen(&seen.saves) > saves);
    crowd(remove_entry);
}

static void held_leavers_are_told_of_once_the_loss_is_accepted(void **state)
{
    (void)state;
    make_crowd();
    begin();
    ask_for_crowd();
    crowd(remove_entry);
    WAIT_FOR(live_state(live).loss_held);
    struct subject s;
    assert_true(live_subject_known(live, a, STR("n-crowd8"), &s));
    assert_int_equal(live_tell_accept_loss(d), RESULT_OK);
    WAIT_FOR(!live_state(live).loss_held);
    WAIT_FOR(count_told(PERSON_GONE) == CROWD);
    assert_false(live_subject_known(live, a, STR("n-crowd8"), &s));
    /* The word is used up: the next loss is held again. */
    make_crowd();
    crowd(remove_entry);
    WAIT_FOR(live_state(live).loss_held);
    assert_int_equal(live_tell_accept_loss(d), RESULT_OK);
    WAIT_FOR(!live_state(live).loss_held);
}

static void make_groups(int n)
{
    for (int i = 0; i < n; i++) {
        char dn[128], cn[16];
        LDAP *admin = slapd_as_admin(&slapd);
        snprintf(cn, sizeof cn, "many%d", i);
        snprintf(dn, sizeof dn, "cn=%s,ou=groups," CITY, cn);
        ldap_unbind_ext(admin, NULL, NULL);
        add(dn, "groupOfNames", "member", STAFF);
    }
}

static void drop_groups(int n)
{
    for (int i = 0; i < n; i++) {
        char dn[128];
        snprintf(dn, sizeof dn, "cn=many%d,ou=groups," CITY, i);
        remove_entry(dn);
    }
}

static void a_loss_of_many_groups_is_not_believed_until_accepted(void **state)
{
    make_groups(40);
    close_live(state); /* what came while it looks on would not be missed yet */
    open_live(state);
    begin();
    struct subject s = subject_of("s-200145");
    size_t before = groups_there() - 40;
    drop_groups(40);
    WAIT_FOR(live_state(live).loss_held);
    assert_true(groups_there() > before);
    assert_true(is_in(&s, "cn=many39,ou=groups," CITY));
    /* What is back is no loss. */
    make_groups(40);
    WAIT_FOR(!live_state(live).loss_held);
    drop_groups(40);
    WAIT_FOR(live_state(live).loss_held);
    assert_int_equal(live_tell_accept_loss(d), RESULT_OK);
    WAIT_FOR(!live_state(live).loss_held && groups_there() == before);
    assert_false(is_in(&s, "cn=many39,ou=groups," CITY));
}

static void polling_sees_groups_and_people(void **state)
{
    (void)state;
    struct live_config config = usual;
    live_free(live);
    directory_free(d);
    config.polls = true;
    open_with(&config);
    add_person("n-gone");
    begin();
    struct subject s = subject_of("s-200145"), gone = subject_of("n-gone");
    modify(CLERKS, LDAP_MOD_ADD, "member", STAFF);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", "000001010000Z");
    remove_entry("uid=n-gone,ou=citizens," CITY);
    WAIT_FOR(is_in(&s, CLERKS));
    WAIT_FOR(knows_as_disabled("s-200145") && was_told(PERSON_DISABLED, s.uuid));
    WAIT_FOR(was_told(PERSON_GONE, gone.uuid));
    modify(CLERKS, LDAP_MOD_DELETE, "member", STAFF);
    slapd_set(&slapd, STAFF, "pwdAccountLockedTime", NULL);
    WAIT_FOR(!is_in(&s, CLERKS) && !knows_as_disabled("s-200145"));
}

static void loading_says_when_the_directory_or_a_base_is_away(void **state)
{
    (void)state;
    struct directory_config c = slapd_config(&slapd);
    c.registry_base = "ou=nowhere," CITY;
    struct directory *other = directory_new(&c);
    struct live *l = live_new(other, &usual);
    assert_int_equal(live_load(l), RESULT_UNAVAILABLE);
    assert_null(live_model(l, a));
    live_free(l);
    directory_free(other);
    slapd_kill(&slapd);
    assert_int_equal(live_load(live), RESULT_UNAVAILABLE);
    assert_non_null(live_model(live, a));
    slapd_run(&slapd, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_live, close_live)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_loaded_answers_before_anything_is_followed),
        TEST(a_group_changes_and_the_model_with_it),
        TEST(an_application_and_its_role_come_and_go),
        TEST(a_disabled_person_is_known_and_told_of),
        TEST(a_person_who_is_deleted_is_gone),
        TEST(a_person_who_moved_is_in_another_department),
        TEST(a_district_that_is_renamed_takes_its_departments_along),
        TEST(a_branch_that_is_renamed_takes_its_groups_along),
        TEST(people_have_new_names_when_their_branch_is_renamed),
        TEST(a_watcher_that_is_away_is_told_again),
        TEST(the_directory_away_stops_nothing_and_is_caught_up),
        TEST(without_a_feed_a_directory_that_answers_is_asked),
        TEST(a_server_that_starts_again_goes_on_from_its_cookie),
        TEST(it_may_be_stopped_and_started_again),
        TEST(more_leavers_than_believed_are_held_until_they_are_back),
        TEST(held_leavers_are_told_of_once_the_loss_is_accepted),
        TEST(a_loss_of_many_groups_is_not_believed_until_accepted),
        TEST(polling_sees_groups_and_people),
        TEST(loading_says_when_the_directory_or_a_base_is_away),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
