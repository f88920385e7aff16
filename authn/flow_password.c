#include "authn/flow_parts.h"
#include "authn/throttle.h"

enum { USERNAME_MAX = 128, PASSWORD_MAX = 512 };

/* Who may be meant: a person of the directory, or nobody (NULL), who is treated just the same. */
struct candidate {
    const struct person *person;
    struct attempt attempt;
    struct str password;
    struct account account; /* read when the password was right */
};

static bool is_password(struct str s)
{
    return s.len > 0 && s.len <= PASSWORD_MAX && !str_has(s, '\0');
}

/* What was typed counts as an account of its own; upper and lower case are one. */
static struct str typed_account(struct arena *a, struct str username)
{
    struct str cut = str_sub(username, 0, USERNAME_MAX), parts[] = {STR("typed "), cut};
    char *p = arena_alloc(a, parts[0].len + cut.len + 1);
    if (!p)
        return STR_EMPTY;
    size_t n = 0;
    for (size_t part = 0; part < 2; part++)
        for (size_t i = 0; i < parts[part].len; i++) {
            char c = parts[part].p[i];
            p[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    return (struct str){p, n};
}

/* NOT_FOUND never comes out of here: nobody is a candidate too. */
static enum result find_candidate(const struct flow *f, struct str username, struct candidate *out)
{
    struct person *p = NULL;
    bool typable = username.len > 0 && username.len <= USERNAME_MAX && str_is_plain_text(username);
    enum result r = typable ? person_by_login(f->au->directory, f->a, username, &p) : RESULT_NOT_FOUND;
    if (r != RESULT_OK && r != RESULT_NOT_FOUND)
        return r == RESULT_UNAVAILABLE ? r : RESULT_INTERNAL;
    out->person = r == RESULT_OK ? p : NULL;
    out->attempt.source = f->request->source;
    out->attempt.account = out->person ? p->uuid : typed_account(f->a, username);
    out->attempt.device = device_cookie_check(f->au, f->a, f->request->device_cookie, out->attempt.account);
    return out->attempt.account.len > 0 ? RESULT_OK : RESULT_INTERNAL;
}

/*
 * One bind in every case where a password is one: for nobody and for a disabled person against the decoy, so
 * that neither the answer nor its time tells them apart.
 */
static enum result check_password(const struct flow *f, const struct candidate *c)
{
    struct directory *d = f->au->directory;
    if (!is_password(c->password))
        return RESULT_REFUSED;
    if (c->person && !c->person->disabled)
        return person_check_password(d, c->person->dn, c->password);
    enum result r = person_check_decoy(d, c->password);
    return r == RESULT_OK ? RESULT_REFUSED : r;
}

/* REFUSED for a wrong password alone. */
static enum result look_at(const struct flow *f, struct candidate *c)
{
    enum result r = check_password(f, c);
    if (r != RESULT_OK)
        return r;
    r = c->person ? account_read(f->au, f->a, c->person->uuid, &c->account) : RESULT_INTERNAL;
    return r == RESULT_REFUSED ? RESULT_INTERNAL : r;
}

/*
 * Counted before the password is looked at; the count stays for a wrong one only, not for an outage of ours.
 * What a right one takes back goes on with what comes of it.
 */
static enum result count_and_check(const struct flow *f, struct candidate *c, int64_t *retry_after)
{
    enum result r = throttle_enter(f->au, f->a, &c->attempt, retry_after);
    if (r != RESULT_OK)
        return r;
    *retry_after = 0;
    r = look_at(f, c);
    if (r != RESULT_OK && r != RESULT_REFUSED)
        throttle_succeeded(f->au, &c->attempt);
    return r;
}

static struct str refusal_detail(const struct candidate *c)
{
    if (!c->person)
        return STR("unknown");
    return c->person->disabled ? STR("disabled") : STR("password");
}

/* The password was right: the transaction is now this person's, from its beginning. */
static enum flow_outcome go_on(const struct flow *f, const struct candidate *c)
{
    struct store_steps steps = {.n = 0};
    const struct person *person = c->person;
    if (!throttle_succeeding(&c->attempt, &steps))
        return FLOW_BROKEN;
    flow_restart(f->t);
    f->t->uuid = person->uuid;
    f->t->amr = STR("pwd");
    f->t->password_done = true;
    if (!flow_needs_second(f->au, f->t, person->kind, c->account.has_totp))
        return flow_finish(f, person, AUTHN_LOW, &steps);
    enum result r =
        transaction_saving(f->a, f->t, &steps) ? store_together(f->au->store, f->a, &steps) : RESULT_INTERNAL;
    return flow_outcome_of(r);
}

enum flow_outcome flow_password(struct authn *au, struct arena *a, struct transaction *t,
                                const struct flow_request *fr, struct str username, struct str password,
                                struct flow_grant *grant)
{
    struct flow f = {au, a, t, fr, grant};
    struct candidate c = {.password = password};
    int64_t retry_after = 0;
    *grant = (struct flow_grant){0};
    if (t->sid.len > 0)
        return FLOW_OVER;
    enum result r = find_candidate(&f, username, &c);
    if (r != RESULT_OK)
        return flow_outcome_of(r);
    struct str subject = c.person ? c.person->subject : STR_EMPTY;

    r = count_and_check(&f, &c, &retry_after);
    if (r == RESULT_REFUSED && retry_after > 0)
        return flow_brake(&f, subject, retry_after);
    if (r == RESULT_REFUSED)
        return flow_refuse(&f, AUDIT_SIGN_IN_REFUSED, subject, refusal_detail(&c));
    if (r != RESULT_OK)
        return flow_outcome_of(r);
    return go_on(&f, &c);
}
