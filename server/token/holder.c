#include "server/token/holder.h"

#include "server/base/clock.h"
#include "server/token/acting.h"

/* What the directory says is noted for all servers, so that it is not asked about every token anew. */
static enum result ask_directory(struct provider *p, struct request *req, struct str uuid,
                                 struct person *person, int64_t *read)
{
    struct person *found;
    enum result r = request_may_wait(req, RUN_DIR);
    if (r == RESULT_OK)
        r = person_by_uuid(p->directory, req->arena, uuid, &found);
    if (r == RESULT_NOT_FOUND) {
        r = notice_gone(&p->authn, req->arena, uuid);
        return r == RESULT_OK ? RESULT_NOT_FOUND : r;
    }
    if (r == RESULT_OK)
        r = notice_person(&p->authn, req->arena, found);
    if (r != RESULT_OK)
        return r;
    /* Another `sub` is another person, for all that the token's holder was ever told. */
    bool stays = !found->disabled && str_eq(found->subject, person->subject);
    *person = *found;
    *read = clock_now();
    return stays ? RESULT_OK : RESULT_NOT_FOUND;
}

static bool represents_person(const struct grant *g)
{
    return g->mandate.len > 0 && !str_eq(g->represented.kind, STR(KIND_COMPANY));
}

enum result holder_check(struct provider *p, struct request *req, struct grant *g)
{
    const struct application *app = applications_find(p->applications, req->arena, g->client_id);
    if (!app)
        return applications_loaded(p->applications) ? RESULT_NOT_FOUND : RESULT_UNAVAILABLE;
    enum result r = RESULT_OK;
    if (g->person_read < live_unsure_before(p->live))
        r = ask_directory(p, req, g->uuid, &g->person, &g->person_read);
    if (r == RESULT_OK && represents_person(g) && g->represented_read < live_unsure_before(p->live))
        r = ask_directory(p, req, g->represented.uuid, &g->represented, &g->represented_read);
    if (r == RESULT_OK)
        r = rights_admit(p, req->arena, app, acting_subject(g, &g->person));
    return r == RESULT_REFUSED ? RESULT_NOT_FOUND : r;
}
