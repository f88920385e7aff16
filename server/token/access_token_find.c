/* Whether an access token holds: everything that could have ended it is asked, in one round trip for a JWT.
 */
#include "certs/jws.h"
#include "server/base/clock.h"
#include "server/token/access_token_json.h"
#include "server/token/acting.h"
#include "server/token/purpose.h"

/* What the store says of one token; .p is NULL for what is not there. */
struct records {
    struct str token, grant[GRANT_RECORDS], session;
    struct store_watched watched;
};

/*
 * Key, typ, issuer and times of a JWT. *jti and *sid only say which records to fetch: those decide, and that
 * there is one for these bytes stands for the signature.
 */
static enum result open_jwt(struct provider *p, struct arena *a, struct str value, struct str *jti,
                            struct str *sid)
{
    const struct node *claims;
    int64_t now = clock_now(), exp, nbf;
    enum result r = jws_read(p->keyring, a, value, token_typ(TOKEN_ACCESS), &claims);
    if (r != RESULT_OK)
        return r == RESULT_REFUSED ? RESULT_NOT_FOUND : r;
    if (!str_eq(node_str(node_member(claims, STR("iss"))), p->config.issuer))
        return RESULT_NOT_FOUND;
    if (!node_int(node_member(claims, STR("exp")), &exp) || exp <= now)
        return RESULT_NOT_FOUND;
    const struct node *not_before = node_member(claims, STR("nbf"));
    if (not_before && (!node_int(not_before, &nbf) || nbf > now))
        return RESULT_NOT_FOUND;
    *jti = node_str(node_member(claims, STR("jti")));
    *sid = node_str(node_member(claims, STR("sid")));
    return RESULT_OK;
}

static enum result fetch_all(struct provider *p, struct arena *a, struct str value, struct str gid,
                             struct str sid, struct records *out)
{
    enum { TOKEN, GRANT, SESSION = GRANT + GRANT_RECORDS, ALL };
    struct store_key keys[ALL] = {[TOKEN] = {STORE_ACCESS, value}, [SESSION] = {STORE_SESSION, sid}};
    struct str found[ALL] = {STR_EMPTY};
    enum result r = gid.len > 0 ? grant_keys(a, gid, keys + GRANT) : RESULT_OK;
    if (r != RESULT_OK)
        return r == RESULT_REFUSED ? RESULT_NOT_FOUND : r;
    *out = (struct records){.token = STR_EMPTY};
    r = store_get_watched(p->store, a, keys,
                          gid.len == 0   ? GRANT
                          : sid.len == 0 ? SESSION
                                         : ALL,
                          found, &out->watched);
    out->token = found[TOKEN];
    out->session = found[SESSION];
    for (size_t i = 0; i < GRANT_RECORDS; i++)
        out->grant[i] = found[GRANT + i];
    return r;
}

static enum result find_jwt(struct provider *p, struct arena *a, struct str value, struct records *found,
                            struct access_token **out)
{
    struct str jti, sid, rest, gid = STR_EMPTY;
    enum result r = open_jwt(p, a, value, &jti, &sid);
    if (r != RESULT_OK)
        return r;
    rest = jti;
    if (str_has(jti, '.'))
        str_cut(&rest, '.', &gid);
    r = fetch_all(p, a, value, gid, sid, found);
    if (r != RESULT_OK)
        return r;
    if (!found->token.p)
        return RESULT_NOT_FOUND;
    *out = access_token_parse(a, value, found->token);
    if (!*out)
        return RESULT_INTERNAL;
    bool same = str_eq((*out)->jti, jti) && str_eq((*out)->gid, gid) && str_eq((*out)->sid, sid);
    return same ? RESULT_OK : RESULT_NOT_FOUND;
}

/* An opaque token says nothing of itself, so its record comes first. */
static enum result find_opaque(struct provider *p, struct arena *a, struct str value, struct records *found,
                               struct access_token **out)
{
    enum result r = fetch_all(p, a, value, STR_EMPTY, STR_EMPTY, found);
    if (r != RESULT_OK)
        return r;
    if (!found->token.p)
        return RESULT_NOT_FOUND;
    *out = access_token_parse(a, value, found->token);
    if (!*out)
        return RESULT_INTERNAL;
    if ((*out)->gid.len == 0)
        return RESULT_OK;
    r = fetch_all(p, a, value, (*out)->gid, (*out)->sid, found);
    return r == RESULT_OK && !found->token.p ? RESULT_NOT_FOUND : r;
}

/* The session may know the person better: they are read anew at every use of it. */
static void take_newer_person(struct grant *g, struct session *s, const struct notice *notice)
{
    bool same = notice_renew(notice, &s->person, &s->person_read);
    if (!same || s->person_read <= g->person_read)
        return;
    g->person = s->person;
    g->person_read = s->person_read;
}

static int64_t earlier(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/*
 * Client credentials have no grant; every other token dies with its grant, with its session unless offline,
 * and with the account. A record of ours that cannot be read is a failure of ours, and no answer about the
 * token.
 */
static enum result family_lives(struct provider *p, struct arena *a, struct access_token *t,
                                const struct records *found)
{
    struct notice notice;
    if (t->gid.len == 0)
        return RESULT_OK;
    struct grant *grant;
    enum result r = grant_open(a, t->gid, found->grant, &grant, &notice);
    if (r != RESULT_OK)
        return r;
    if (!access_token_of_grant(t, grant))
        return RESULT_NOT_FOUND;
    struct session *s = found->session.p ? session_parse(&p->authn, a, t->sid, found->session) : NULL;
    if (s)
        take_newer_person(t->grant, s, &notice);
    t->until = earlier(t->until, t->grant->expires);
    if (s && !t->grant->offline)
        t->until = earlier(t->until, session_ends(&p->authn, s));
    return s || t->grant->offline ? RESULT_OK : RESULT_NOT_FOUND;
}

/* A disabled or removed application's tokens are worth nothing from the next reading of the registry on. */
static enum result application_lives(struct provider *p, struct arena *a, struct str client_id)
{
    if (applications_find(p->applications, a, client_id))
        return RESULT_OK;
    return applications_loaded(p->applications) ? RESULT_NOT_FOUND : RESULT_UNAVAILABLE;
}

enum result access_token_find(struct provider *p, struct arena *a, struct str value,
                              struct access_token **out)
{
    struct records found = {.token = STR_EMPTY};
    struct access_token *t = NULL;
    if (value.len == 0 || value.len > JWS_MAX)
        return RESULT_NOT_FOUND;
    bool opaque = str_starts(value, STR(OPAQUE_SHAPE));
    enum result r = opaque ? find_opaque(p, a, value, &found, &t) : find_jwt(p, a, value, &found, &t);
    if (r != RESULT_OK)
        return r;
    if (t->expires <= clock_now())
        return RESULT_NOT_FOUND;
    t->watched = found.watched;
    t->until = t->expires;
    r = family_lives(p, a, t, &found);
    if (r == RESULT_OK)
        r = application_lives(p, a, t->client_id);
    if (r == RESULT_OK && t->grant)
        r = acting_holds(p, a, t->grant, t->audience);
    /* For a mandate more was read, of the represented. */
    if (t->mandate.len > 0 || (t->grant && t->grant->mandate.len > 0))
        t->watched.kept = false;
    if (r == RESULT_OK)
        *out = t;
    return arena_failed(a) ? RESULT_INTERNAL : r;
}
