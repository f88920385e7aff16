#include "server/oauth/trail.h"

#include "server/base/log.h"

enum result trail_write(struct provider *p, const struct request *req, enum audit_event event,
                        struct audit_entry entry)
{
    entry.source = req->source;
    entry.reference = req->reference;
    return audit_write(p->audit, event, &entry);
}

void trail_note(struct provider *p, const struct request *req, enum audit_event event,
                struct audit_entry entry)
{
    if (trail_write(p, req, event, entry) != RESULT_OK)
        LOG(LOG_LEVEL_ERROR, "audit.line_lost", LOG_INT("event", event),
            LOG_STR("client_id", entry.client_id));
}
