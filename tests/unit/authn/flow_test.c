#include "authn/session_clients.h"
#include "tests/unit/authn/world.h"

/* A browser on its way through one sign-in. */
struct visit {
    struct str browser, device;
    struct transaction *t;
    struct flow_grant grant;
    struct session *session; /* of the browser's cookie */
};

static struct flow_request request(const struct visit *v)
{
    return (struct flow_request){STR("192.0.2.7"), STR("REF0000001"), v->device};
}

static void begin(struct visit *v, enum authn_level needed, bool reauthenticate)
{
    struct transaction t = {.client_id = STR("portal"),
                            .return_to = STR("/authorize/resume"),
                            .needed = needed,
                            .reauthenticate = reauthenticate};
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &v->browser), RESULT_OK);
    assert_int_equal(transaction_find(&world.au, world.a, t.id, v->browser, &v->t), RESULT_OK);
}

/* The stored transaction as the next request reads it. */
static void reload(struct visit *v)
{
    assert_int_equal(transaction_find(&world.au, world.a, v->t->id, v->browser, &v->t), RESULT_OK);
}

static enum flow_step next(struct visit *v)
{
    enum flow_step step;
    reload(v);
    assert_int_equal(flow_next(&world.au, world.a, v->t, v->session, &step), RESULT_OK);
    return step;
}

/* What the browser keeps of an answer. */
static enum flow_outcome keep(struct visit *v, enum flow_outcome outcome)
{
    if (v->grant.session_cookie.len > 0)
        assert_int_equal(session_find(&world.au, world.a, v->grant.session_cookie, &v->session), RESULT_OK);
    if (v->grant.device_cookie.len > 0)
        v->device = v->grant.device_cookie;
    return outcome;
}

static enum flow_outcome password(struct visit *v, const char *username, const char *secret)
{
    struct flow_request r = request(v);
    reload(v);
    return keep(v, flow_password(&world.au, world.a, v->t, &r, str_of(username), str_of(secret), &v->grant));
}

static enum flow_outcome otp(struct visit *v, struct str code)
{
    struct flow_request r = request(v);
    reload(v);
    return keep(v, flow_otp(&world.au, world.a, v->t, &r, code, &v->grant));
}

static enum flow_outcome recovery(struct visit *v, struct str code)
{
    struct flow_request r = request(v);
    reload(v);
    return keep(v, flow_recovery_code(&world.au, world.a, v->t, &r, code, &v->grant));
}

static void assert_nothing_granted(const struct visit *v)
{
    assert_int_equal(v->grant.session_cookie.len, 0);
    assert_int_equal(v->grant.device_cookie.len, 0);
    assert_null(v->session);
}

/* Gives the person a second factor, new at every call; codes are one step on, so that none was spent before.
 */
static struct str enrol(const struct sample_person *c, struct str codes[RECOVERY_CODES])
{
    struct account acc;
    struct str seed, made[RECOVERY_CODES];
    later(120);
    assert_int_equal(account_remove_totp(&world.au, world.a, uuid_of(c)), RESULT_OK);
    assert_int_equal(account_read(&world.au, world.a, uuid_of(c), &acc), RESULT_OK);
    assert_true(totp_seed_make(world.a, &seed));
    assert_int_equal(account_enrol_totp(&world.au, world.a, &acc, seed, codes ? codes : made), RESULT_OK);
    return seed;
}

static void disenrol(const struct sample_person *c)
{
    assert_int_equal(account_remove_totp(&world.au, world.a, uuid_of(c)), RESULT_OK);
}

static void a_person_signs_in_by_password(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(v.grant.session_cookie.len, 43);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_LOW);
    assert_true(str_eq(v.session->amr, STR("pwd")));
    assert_true(str_eq(v.session->person.subject, str_of(c.uid)));
    assert_true(str_eq(v.t->sid, v.session->sid));
    assert_int_equal(audited("sign_in"), 1);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_OVER);
}

static void unknown_disabled_wrong_and_malformed_are_one_answer(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen"), off = person_of("disabled");
    const struct {
        const char *username, *password;
    } bad[] = {
        {c.uid, "wrong"},
        {c.uid, ""},
        {"nobody-here", c.password},
        {off.uid, off.password},
        {off.uid, "wrong"},
        {"*", c.password},
        {"*)(uid=*", c.password},
        {"", c.password},
        {" n-7f3a0c51", c.password},
        {"n-7f3a0c51\xE2\x80\x8B", c.password},
        {"\xFF", c.password},
        {"uid=n-7f3a0c51,ou=citizens,dc=city,dc=example", c.password},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct visit v = {0};
        begin(&v, AUTHN_LOW, false);
        assert_int_equal(password(&v, bad[i].username, bad[i].password), FLOW_WRONG);
        assert_nothing_granted(&v);
        assert_int_equal(v.grant.retry_after, 0);
        assert_int_equal(next(&v), FLOW_PASSWORD);
    }
    assert_int_equal(audited("sign_in"), 0);
    assert_int_equal(audited("sign_in_refused"), sizeof bad / sizeof bad[0]);
    assert_null(strstr(audit_text().p, "nobody-here"));
}

/* Where the directory itself would let them in. */
static void who_is_disabled_by_a_mark_that_only_we_know_is_refused_too(void **state)
{
    (void)state;
    struct sample_person c = person_of("s-200106");
    struct visit v = {0};
    const char *dn = arena_printf(world.a, "uid=%s,ou=staff," CITY, c.uid).p;
    slapd_set(&world.slapd, dn, "employeeType", "left");
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WRONG);
    assert_nothing_granted(&v);
    slapd_set(&world.slapd, dn, "employeeType", NULL);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
}

static void even_a_right_password_has_a_limit(void **state)
{
    (void)state;
    struct sample_person c = person_of("s-200107");
    struct visit v = {0};
    static char endless[514];
    const char *dn = arena_printf(world.a, "uid=%s,ou=staff," CITY, c.uid).p;
    memset(endless, 'a', sizeof endless - 1);
    slapd_set(&world.slapd, dn, "userPassword", endless);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, endless), FLOW_WRONG);
    endless[512] = '\0';
    slapd_set(&world.slapd, dn, "userPassword", endless);
    assert_int_equal(password(&v, c.uid, endless), FLOW_WENT_ON);
    slapd_set(&world.slapd, dn, "userPassword", c.password);
}

static void a_finished_sign_in_takes_no_further_step(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct str seed = enrol(&c, NULL);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_OVER);
    disenrol(&c);
}

static void a_password_too_long_or_with_nul_never_passes(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    struct flow_request r = request(&v);
    struct str nul[] = {str_of(c.password), {"\0x", 2}}, first_nul[] = {{"\0", 1}, str_of(c.password)};
    static char endless[600];
    memset(endless, 'a', sizeof endless);
    const struct str bad[] = {
        arena_join(world.a, nul, 2), arena_join(world.a, first_nul, 2), {endless, sizeof endless}};
    begin(&v, AUTHN_LOW, false);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(flow_password(&world.au, world.a, v.t, &r, str_of(c.uid), bad[i], &v.grant),
                         FLOW_WRONG);
}

static void guesses_are_braked_and_the_known_device_is_not(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit attacker = {0}, owner = {0}, stranger = {0};
    begin(&owner, AUTHN_LOW, false);
    assert_int_equal(password(&owner, c.uid, c.password), FLOW_WENT_ON);
    assert_true(owner.device.len > 0);

    begin(&attacker, AUTHN_LOW, false);
    for (int i = 0; i < 10; i++)
        assert_int_equal(password(&attacker, c.uid, "guess"), FLOW_WRONG);
    assert_int_equal(password(&attacker, c.uid, "guess"), FLOW_BRAKED);
    assert_in_range(attacker.grant.retry_after, 1, 300);
    assert_int_equal(password(&attacker, c.uid, c.password), FLOW_BRAKED);
    assert_nothing_granted(&attacker);
    assert_int_equal(audited("sign_in_throttled"), 2);

    begin(&stranger, AUTHN_LOW, false);
    assert_int_equal(password(&stranger, c.uid, c.password), FLOW_BRAKED);
    begin(&owner, AUTHN_LOW, true);
    assert_int_equal(password(&owner, c.uid, c.password), FLOW_WENT_ON);
}

static void an_unknown_name_is_braked_like_a_known_one(void **state)
{
    (void)state;
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    for (int i = 0; i < 10; i++)
        assert_int_equal(password(&v, i % 2 ? "Nobody" : "nobody", "guess"), FLOW_WRONG);
    assert_int_equal(password(&v, "NOBODY", "guess"), FLOW_BRAKED);
    assert_int_equal(password(&v, "somebody-else", "guess"), FLOW_WRONG);
}

static void all_names_of_one_person_count_as_one(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct person *p;
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(person_by_login(world.directory, world.a, str_of(c.uid), &p), RESULT_OK);
    const char *mail = arena_cstr(world.a, p->mail);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(password(&v, c.uid, "guess"), FLOW_WRONG);
        assert_int_equal(password(&v, mail, "guess"), FLOW_WRONG);
    }
    assert_int_equal(password(&v, mail, "guess"), FLOW_BRAKED);
}

static void the_second_factor_is_asked_when_it_is_due(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_nothing_granted(&v);
    assert_int_equal(next(&v), FLOW_OTP);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_SUBSTANTIAL);
    assert_true(str_eq(v.session->amr, STR("pwd otp")));
    disenrol(&c);
}

static void a_kind_of_person_may_need_one_always(void **state)
{
    (void)state;
    struct sample_person staff = person_of("s-200101"), citizen = person_of("citizen");
    struct visit v = {0}, w = {0};
    world.au.config.require_second_factor = STR("contractor staff");
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, staff.uid, staff.password), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_ENROL);
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, citizen.uid, citizen.password), FLOW_WENT_ON);
    assert_int_equal(next(&w), FLOW_DONE);
}

static void the_code_skipped_empty_wrong_or_out_of_order_signs_nobody_in(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0};
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&v, STR_EMPTY), FLOW_WRONG);
    assert_int_equal(otp(&v, STR("000000x")), FLOW_WRONG);
    assert_int_equal(otp(&v, code_at(seed, -2)), FLOW_WRONG);
    assert_int_equal(otp(&v, code_at(seed, 2)), FLOW_WRONG);
    assert_nothing_granted(&v);
    assert_int_equal(next(&v), FLOW_OTP);
    assert_int_equal(v.t->sid.len, 0);
    assert_int_equal(audited("second_factor_refused"), 4);
    assert_int_equal(otp(&v, code_at(seed, 1)), FLOW_WENT_ON);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    disenrol(&c);
}

static void codes_have_a_counter_that_no_new_sign_in_resets(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0};
    for (int i = 0; i < 5; i++) {
        begin(&v, AUTHN_LOW, false);
        assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
        assert_int_equal(otp(&v, code_at(seed, 5)), FLOW_WRONG);
    }
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_BRAKED);
    assert_true(v.grant.retry_after > 0);
    assert_int_equal(recovery(&v, STR("01ABC-DEFGH")), FLOW_BRAKED);
    assert_nothing_granted(&v);
    disenrol(&c);
}

/* One of several requests that come at the same moment. */
struct racer {
    struct visit visit;
    struct arena *arena;
    struct str name, secret, code;
    enum flow_outcome outcome;
    bool by_recovery;
};

static void *race_code(void *arg)
{
    struct racer *r = arg;
    struct flow_request fr = request(&r->visit);
    r->outcome = (r->by_recovery ? flow_recovery_code : flow_otp)(&world.au, r->arena, r->visit.t, &fr,
                                                                  r->code, &r->visit.grant);
    return NULL;
}

static void *race_password(void *arg)
{
    struct racer *r = arg;
    struct flow_request fr = request(&r->visit);
    r->outcome = flow_password(&world.au, r->arena, r->visit.t, &fr, r->name, r->secret, &r->visit.grant);
    return NULL;
}

enum { RACERS = 16 };

static int run_race(struct racer *racers, void *(*run)(void *), enum flow_outcome counted)
{
    pthread_t threads[RACERS];
    int n = 0;
    for (int i = 0; i < RACERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        n += racers[i].outcome == counted;
    }
    return n;
}

/* Racers that have given the right password already. */
static void line_up(struct racer *racers, const struct sample_person *c)
{
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.arena = arena_new(1 << 22)};
        struct visit *v = &racers[i].visit;
        begin(v, AUTHN_LOW, false);
        if (c)
            assert_int_equal(password(v, c->uid, c->password), FLOW_WENT_ON);
        reload(v);
    }
}

static void go_home(struct racer *racers)
{
    for (int i = 0; i < RACERS; i++)
        arena_free(racers[i].arena);
}

static void one_code_posted_in_parallel_signs_in_once(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL), code = code_at(seed, 0);
    struct racer racers[RACERS];
    world.au.config.code_failures = 100;
    line_up(racers, &c);
    for (int i = 0; i < RACERS; i++)
        racers[i].code = code;
    assert_int_equal(run_race(racers, race_code, FLOW_WENT_ON), 1);
    for (int i = 0; i < RACERS; i++)
        assert_true(racers[i].outcome == FLOW_WENT_ON || racers[i].outcome == FLOW_WRONG);
    go_home(racers);
    disenrol(&c);
}

static void one_recovery_code_posted_in_parallel_signs_in_once(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str codes[RECOVERY_CODES];
    struct racer racers[RACERS];
    (void)enrol(&c, codes);
    world.au.config.code_failures = 100;
    line_up(racers, &c);
    for (int i = 0; i < RACERS; i++) {
        racers[i].code = codes[3];
        racers[i].by_recovery = true;
    }
    assert_int_equal(run_race(racers, race_code, FLOW_WENT_ON), 1);
    go_home(racers);
    disenrol(&c);
}

static void guesses_in_parallel_are_counted_each(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct racer racers[RACERS];
    line_up(racers, NULL);
    for (int i = 0; i < RACERS; i++) {
        racers[i].name = str_of(c.uid);
        racers[i].secret = STR("guess");
    }
    assert_int_equal(run_race(racers, race_password, FLOW_BRAKED), RACERS - 10);
    go_home(racers);
}

static void codes_only_go_forward(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0}, w = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&v, code_at(seed, 1)), FLOW_WENT_ON);
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&w, code_at(seed, 0)), FLOW_WRONG);
    assert_int_equal(otp(&w, code_at(seed, -1)), FLOW_WRONG);
    assert_nothing_granted(&w);
    disenrol(&c);
}

static void a_recovery_code_stands_in_for_the_app_once(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str codes[RECOVERY_CODES];
    struct account acc;
    struct visit v = {0}, w = {0};
    (void)enrol(&c, codes);
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(recovery(&v, codes[0]), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(recovery(&v, STR("AAAAA-AAAAA")), FLOW_WRONG);
    assert_int_equal(recovery(&v, codes[0]), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_SUBSTANTIAL);
    assert_int_equal(audited("recovery_code_used"), 1);

    begin(&w, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(recovery(&w, codes[0]), FLOW_WRONG);
    assert_nothing_granted(&w);
    assert_int_equal(account_read(&world.au, world.a, uuid_of(&c), &acc), RESULT_OK);
    assert_int_equal(acc.recovery_codes_left, RECOVERY_CODES - 1);
    disenrol(&c);
}

static enum flow_outcome confirm(struct visit *v, struct str code, struct str codes[RECOVERY_CODES])
{
    struct flow_request r = request(v);
    reload(v);
    return keep(v, flow_enrol_confirm(&world.au, world.a, v->t, &r, code, codes, &v->grant));
}

static void a_second_factor_is_set_up_on_the_way(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen2");
    struct str seed, again, label, codes[RECOVERY_CODES];
    struct account acc;
    struct visit v = {0};
    later(120);
    disenrol(&c);
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_ENROL);
    assert_int_equal(otp(&v, STR("123456")), FLOW_OVER);
    assert_int_equal(confirm(&v, STR("123456"), codes), FLOW_OVER);

    reload(&v);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_WENT_ON);
    reload(&v);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &again, &label), FLOW_WENT_ON);
    assert_true(str_eq(seed, again));
    assert_int_equal(seed.len, TOTP_SEED_SIZE);
    assert_true(str_has(label, '@'));

    assert_int_equal(confirm(&v, code_at(seed, 4), codes), FLOW_WRONG);
    assert_nothing_granted(&v);
    struct str first = code_at(seed, 0);
    assert_int_equal(confirm(&v, first, codes), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_SUBSTANTIAL);
    assert_int_equal(audited("factor_enrolled"), 1);
    assert_int_equal(account_read(&world.au, world.a, uuid_of(&c), &acc), RESULT_OK);
    assert_true(acc.has_totp && str_eq(acc.totp_seed, seed));
    assert_int_equal(v.t->enrol_seed.len, 0);

    struct visit w = {0};
    begin(&w, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&w, first), FLOW_WRONG);
    assert_int_equal(recovery(&w, codes[9]), FLOW_WENT_ON);
    disenrol(&c);
}

static void nobody_enrols_over_a_factor_that_is_there(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen2");
    struct str seed, label, codes[RECOVERY_CODES];
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_WENT_ON);
    (void)enrol(&c, NULL); /* meanwhile, in another browser */
    assert_int_equal(confirm(&v, code_at(seed, 0), codes), FLOW_OVER);
    reload(&v);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_OVER);
    assert_nothing_granted(&v);
    disenrol(&c);
}

static void a_live_session_spares_the_form(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct str sid = v.session->sid;
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_true(str_eq(v.t->sid, sid));
    reload(&v);
    assert_true(str_eq(v.t->sid, sid));

    begin(&v, AUTHN_LOW, true);
    assert_int_equal(next(&v), FLOW_PASSWORD);
}

static uint64_t jobs_waiting(void)
{
    uint64_t n;
    assert_int_equal(store_queue_length(world.store, STORE_LOGOUT, &n), RESULT_OK);
    return n;
}

static void a_weak_session_is_raised_by_the_code_alone(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed;
    struct session *gone;
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct session *weak = v.session;
    uint64_t before = jobs_waiting();
    assert_int_equal(session_entered(&world.au, world.a, weak, STR("portal")), RESULT_OK);
    weak->inherited = STR("hall/earlier");
    assert_int_equal(session_save(&world.au, world.a, weak), RESULT_OK);
    seed = enrol(&c, NULL);

    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(next(&v), FLOW_OTP);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_SUBSTANTIAL);
    assert_false(str_eq(v.session->sid, weak->sid));
    assert_true(v.session->auth_time > weak->auth_time);
    struct str inherited = arena_printf(world.a, "hall/earlier portal/" STR_FMT, STR_ARG(weak->sid));
    assert_true(str_eq(v.session->inherited, inherited));
    assert_int_equal(session_by_sid(&world.au, world.a, weak->sid, &gone), RESULT_NOT_FOUND);
    assert_int_equal(jobs_waiting(), before);
    disenrol(&c);
}

enum { ENTERING = 400 };

struct entering {
    const struct session *session;
    atomic_bool over;
    bool entered[ENTERING];
};

/* One application after the other, until the session is over. */
static void *enter_many(void *arg)
{
    struct entering *e = arg;
    struct arena *a = arena_new(16 << 20);
    char client_id[16];
    for (int i = 0; i < ENTERING && !e->over; i++) {
        snprintf(client_id, sizeof client_id, "app-%d", i);
        enum result r = session_entered(&world.au, a, e->session, str_of(client_id));
        e->entered[i] = r == RESULT_OK;
        e->over = r == RESULT_NOT_FOUND;
    }
    arena_free(a);
    return NULL;
}

static void an_application_entered_while_its_session_is_replaced_is_inherited(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct entering e = {.session = v.session};
    pthread_t thread;
    begin(&v, AUTHN_LOW, true);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(pthread_create(&thread, NULL, enter_many, &e), 0);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    pthread_join(thread, NULL);
    for (int i = 0; i < ENTERING; i++) {
        struct str word = arena_printf(world.a, "app-%d/" STR_FMT, i, STR_ARG(e.session->sid));
        assert_true(!e.entered[i] || str_has_word(v.session->inherited, word));
    }
}

/* A browser left signed in is no licence to add a factor of one's own. */
static void an_older_session_does_not_enrol_without_the_password(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct str seed, label;
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);

    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(next(&v), FLOW_ENROL);

    v.session->auth_time -= 301;
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_ENROL);
    disenrol(&c);
}

static void a_session_that_ended_lends_its_password_no_more(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed;
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    seed = enrol(&c, NULL);
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(next(&v), FLOW_OTP);
    assert_int_equal(session_end(&world.au, world.a, v.session->sid), RESULT_OK);
    v.session = NULL;
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    disenrol(&c);
}

static void another_person_ends_the_session_that_was_there(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen"), other = person_of("s-200101");
    struct session *gone;
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct session *first = v.session;
    uint64_t before = jobs_waiting();
    assert_int_equal(session_entered(&world.au, world.a, first, STR("portal")), RESULT_OK);
    begin(&v, AUTHN_LOW, true);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(password(&v, other.uid, other.password), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_true(str_eq(v.session->person.subject, str_of(other.uid)));
    assert_int_equal(v.session->inherited.len, 0);
    assert_int_equal(session_by_sid(&world.au, world.a, first->sid, &gone), RESULT_NOT_FOUND);
    assert_int_equal(jobs_waiting(), before + 1);
}

static void a_preset_session_is_worth_nothing(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct session *s;
    struct visit v = {0}, w = {0};
    struct str preset = STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_int_equal(session_find(&world.au, world.a, preset, &s), RESULT_NOT_FOUND);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(session_find(&world.au, world.a, preset, &s), RESULT_NOT_FOUND);
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_false(str_eq(v.session->sid, w.session->sid));
    assert_false(str_eq(v.grant.session_cookie, w.grant.session_cookie));
}

static void a_level_that_nothing_gives_is_refused_and_not_asked_for_forever(void **state)
{
    (void)state;
    struct visit v = {0};
    enum flow_step step;
    begin(&v, AUTHN_HIGH, false);
    assert_int_equal(flow_next(&world.au, world.a, v.t, NULL, &step), RESULT_REFUSED);
}

static void who_is_disabled_between_the_steps_gets_nowhere(void **state)
{
    (void)state;
    struct sample_person c = person_of("leaver");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    slapd_change(arena_printf(world.a,
                              "dn: uid=%s,ou=staff,dc=city,dc=example\nchangetype: modify\n"
                              "add: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n",
                              c.uid)
                     .p);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    assert_nothing_granted(&v);
    slapd_change(arena_printf(world.a,
                              "dn: uid=%s,ou=staff,dc=city,dc=example\nchangetype: modify\n"
                              "delete: pwdAccountLockedTime\n",
                              c.uid)
                     .p);
    disenrol(&c);
}

static void without_an_audit_line_nothing_is_granted(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen"), staff = person_of("staff");
    struct str codes[RECOVERY_CODES], seed = enrol(&staff, codes);
    struct visit v = {0}, w = {0};
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, staff.uid, staff.password), FLOW_WENT_ON);
    world_open_audit("/dev/full");
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_AWAY);
    assert_nothing_granted(&v);
    assert_int_equal(password(&v, c.uid, "wrong"), FLOW_AWAY);
    assert_int_equal(otp(&w, code_at(seed, 0)), FLOW_AWAY);
    assert_int_equal(recovery(&w, codes[1]), FLOW_AWAY);
    assert_nothing_granted(&w);
    world_open_audit(world.audit_path);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    disenrol(&staff);
}

static void without_the_directory_nobody_is_wrong(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    slapd_kill(&world.slapd);
    for (int i = 0; i < 12; i++)
        assert_int_equal(password(&v, c.uid, c.password), FLOW_AWAY);
    assert_nothing_granted(&v);
    slapd_return();
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
}

static void without_redis_nobody_is_wrong(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    struct flow_request r = request(&v);
    struct transaction *t;
    begin(&v, AUTHN_LOW, false);
    redis_freeze(&world.redis);
    assert_int_equal(flow_password(&world.au, world.a, v.t, &r, str_of(c.uid), str_of(c.password), &v.grant),
                     FLOW_AWAY);
    assert_nothing_granted(&v);
    assert_int_equal(transaction_find(&world.au, world.a, v.t->id, v.browser, &t), RESULT_UNAVAILABLE);
    redis_thaw(&world.redis);
    for (int i = 0; i < 100 && store_ping(world.store) != RESULT_OK; i++) {
        usleep(50000);
        store_beat(world.store);
    }
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
}

/* The last: it leaves another epoch behind. */
static void a_code_spent_before_redis_lost_all_is_not_taken_again(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct visit v = {0};
    atomic_store(&clock_offset, 0); /* the floor is of the real clock */
    struct account acc;
    struct str seed, codes[RECOVERY_CODES];
    disenrol(&c);
    assert_int_equal(account_read(&world.au, world.a, uuid_of(&c), &acc), RESULT_OK);
    assert_true(totp_seed_make(world.a, &seed));
    assert_int_equal(account_enrol_totp(&world.au, world.a, &acc, seed, codes), RESULT_OK);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct str code = code_at(seed, 0);
    assert_int_equal(otp(&v, code), FLOW_WENT_ON);

    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    for (int i = 0; i < 100 && (store_floor(world.store) == 0 || store_ping(world.store) != RESULT_OK); i++) {
        store_beat(world.store);
        usleep(50000);
    }
    assert_true(store_floor(world.store) > 0);
    struct visit w = {0};
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&w, code), FLOW_WRONG);
    assert_nothing_granted(&w);
    later(60);
    assert_int_equal(otp(&w, code_at(seed, 0)), FLOW_WENT_ON);
    disenrol(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_person_signs_in_by_password),
        WORLD_TEST(unknown_disabled_wrong_and_malformed_are_one_answer),
        WORLD_TEST(who_is_disabled_by_a_mark_that_only_we_know_is_refused_too),
        WORLD_TEST(even_a_right_password_has_a_limit),
        WORLD_TEST(a_finished_sign_in_takes_no_further_step),
        WORLD_TEST(a_password_too_long_or_with_nul_never_passes),
        WORLD_TEST(guesses_are_braked_and_the_known_device_is_not),
        WORLD_TEST(an_unknown_name_is_braked_like_a_known_one),
        WORLD_TEST(all_names_of_one_person_count_as_one),
        WORLD_TEST(the_second_factor_is_asked_when_it_is_due),
        WORLD_TEST(a_kind_of_person_may_need_one_always),
        WORLD_TEST(the_code_skipped_empty_wrong_or_out_of_order_signs_nobody_in),
        WORLD_TEST(codes_have_a_counter_that_no_new_sign_in_resets),
        WORLD_TEST(one_code_posted_in_parallel_signs_in_once),
        WORLD_TEST(one_recovery_code_posted_in_parallel_signs_in_once),
        WORLD_TEST(guesses_in_parallel_are_counted_each),
        WORLD_TEST(codes_only_go_forward),
        WORLD_TEST(a_recovery_code_stands_in_for_the_app_once),
        WORLD_TEST(a_second_factor_is_set_up_on_the_way),
        WORLD_TEST(nobody_enrols_over_a_factor_that_is_there),
        WORLD_TEST(a_live_session_spares_the_form),
        WORLD_TEST(a_weak_session_is_raised_by_the_code_alone),
        WORLD_TEST(an_application_entered_while_its_session_is_replaced_is_inherited),
        WORLD_TEST(an_older_session_does_not_enrol_without_the_password),
        WORLD_TEST(a_session_that_ended_lends_its_password_no_more),
        WORLD_TEST(another_person_ends_the_session_that_was_there),
        WORLD_TEST(a_preset_session_is_worth_nothing),
        WORLD_TEST(a_level_that_nothing_gives_is_refused_and_not_asked_for_forever),
        WORLD_TEST(who_is_disabled_between_the_steps_gets_nowhere),
        WORLD_TEST(without_an_audit_line_nothing_is_granted),
        WORLD_TEST(without_the_directory_nobody_is_wrong),
        WORLD_TEST(without_redis_nobody_is_wrong),
        WORLD_TEST(a_code_spent_before_redis_lost_all_is_not_taken_again),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
