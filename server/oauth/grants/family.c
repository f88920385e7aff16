#include "server/oauth/grants/family.h"

#include "server/oauth/answer.h"
#include "server/oauth/target.h"
#include "server/oauth/trail.h"
#include "server/token/access_token.h"
#include "server/token/acting.h"
#include "server/token/id_token.h"
#include "server/token/refresh_token.h"
#include "server/token/rights.h"

/* The person is gone for good, so the family goes too; a failure of that is ours, and told as such. */
static enum oauth_error end_family(struct token_request *tr, struct str gid)
{
    enum result r = grant_end(tr->p, tr->arena, gid);
    return r == RESULT_OK ? OAUTH_INVALID_GRANT : oauth_error_of(r);
}

enum oauth_error family_open(struct token_request *tr, const struct lineage *line, struct family *f)
{
    struct str gid = line->gid;
    enum result r = lineage_grant(tr->arena, line, &f->grant);
    if (r == RESULT_NOT_FOUND)
        return OAUTH_INVALID_GRANT;
    if (r != RESULT_OK)
        return oauth_error_of(r);
    if (!str_eq(f->grant->client_id, tr->app->client_id))
        return OAUTH_INVALID_GRANT;
    r = lineage_person(tr->p, tr->arena, line, f->grant, &f->person);
    if (r == RESULT_NOT_FOUND)
        return end_family(tr, gid);
    if (r != RESULT_OK)
        return oauth_error_of(r);
    f->scope = f->grant->scope;
    r = acting_renew(tr->p, tr->arena, f->grant, &f->person);
    if (r == RESULT_OK)
        r = rights_admit(tr->p, tr->arena, tr->app, acting_subject(f->grant, &f->person));
    return r == RESULT_REFUSED || r == RESULT_NOT_FOUND ? end_family(tr, gid) : oauth_error_of(r);
}

enum oauth_error family_audience(struct token_request *tr, struct family *f)
{
    struct str asked = token_asked(tr, "resource"), granted = f->grant->resources;
    if (asked.len > 0 && granted.len > 0 && !str_has_word(granted, asked))
        return OAUTH_INVALID_TARGET;
    f->audience = asked;
    if (f->audience.len == 0 && !str_word(&granted, &f->audience)) {
        f->audience = tr->app->client_id;
        return OAUTH_FINE;
    }
    /* It was allowed when it was granted; the registration may have changed since. */
    if (!target_is_allowed(tr->p->applications, tr->arena, tr->app, f->audience))
        return OAUTH_INVALID_TARGET;
    /* Who acts for another does so at the resource's application too, or not at all. */
    enum result r = acting_holds(tr->p, tr->arena, f->grant, f->audience);
    return r == RESULT_NOT_FOUND ? OAUTH_INVALID_TARGET : oauth_error_of(r);
}

static enum result issue_access_token(struct token_request *tr, struct family *f, struct access_token *t)
{
    const struct grant *g = f->grant;
    *t = (struct access_token){.client_id = g->client_id,
                               .subject = g->subject,
                               .audience = f->audience,
                               .scope = f->scope,
                               .gid = g->gid,
                               .sid = g->sid,
                               .level = g->level,
                               .amr = g->amr,
                               .auth_time = g->auth_time,
                               .grant = f->grant,
                               .mandate = g->mandate,
                               .actor = g->mandate.len > 0 ? f->person.subject : STR_EMPTY};
    enum result r = access_token_issue(tr->p, tr->arena, tr->app, &f->person, t, &f->puts);
    if (r == RESULT_OK)
        r = answer_begin(tr, t);
    return r;
}

/* The new refresh token keeps the whole scope of the grant (RFC 6749 section 6). Near the end there is none
 * more. */
static enum result issue_refresh_token(struct token_request *tr, struct family *f)
{
    struct refresh_token t;
    if (!(tr->app->grants & GRANT_REFRESH_TOKEN))
        return RESULT_OK;
    enum result r = refresh_token_issue(tr->p, tr->arena, tr->app, f->grant, &t, &f->puts);
    if (r == RESULT_OK)
        r = answer_add(tr, "refresh_token", t.value);
    return r == RESULT_REFUSED ? RESULT_OK : r;
}

static enum result issue_id_token(struct token_request *tr, const struct family *f, struct str access_token)
{
    struct str jwt;
    if (!str_has_word(f->scope, STR("openid")))
        return RESULT_OK;
    enum result r = id_token_issue(tr->p, tr->arena, tr->app, f->grant, &f->person, access_token, &jwt);
    return r == RESULT_OK ? answer_add(tr, "id_token", jwt) : r;
}

enum oauth_error family_issue(struct token_request *tr, struct family *f)
{
    struct access_token t;
    enum result r = issue_access_token(tr, f, &t);
    if (r == RESULT_OK)
        r = issue_id_token(tr, f, t.value);
    if (r == RESULT_OK)
        r = issue_refresh_token(tr, f);
    return oauth_error_of(r);
}

static struct audit_entry entry_of(const struct token_request *tr, const struct grant *g)
{
    return (struct audit_entry){.subject = g->person.subject, /* who it was, for whomever they act */
                                .client_id = g->client_id,
                                .sid = g->sid,
                                .target = g->mandate,
                                .detail = str_of(tr->row->name)};
}

enum oauth_error family_reused(struct token_request *tr, struct str gid, enum audit_event event)
{
    struct grant *g;
    struct audit_entry entry = {.client_id = tr->app->client_id, .detail = str_of(tr->row->name)};
    if (grant_find(tr->p, tr->arena, gid, &g) == RESULT_OK)
        entry = entry_of(tr, g);
    trail_note(tr->p, tr->req, event, entry);
    return end_family(tr, gid);
}

enum oauth_error family_store(struct token_request *tr, struct family *f, const struct store_steps *spending,
                              enum audit_event reused)
{
    struct store_steps all = *spending;
    enum result r = trail_write(tr->p, tr->req, AUDIT_TOKEN_ISSUED, entry_of(tr, f->grant));
    if (r == RESULT_OK)
        r = store_steps_put(&all, &f->puts) ? store_together(tr->p->store, tr->arena, &all) : RESULT_INTERNAL;
    if (r == RESULT_USED)
        return family_reused(tr, f->grant->gid, reused);
    return r == RESULT_NOT_FOUND ? OAUTH_INVALID_GRANT : oauth_error_of(r);
}
