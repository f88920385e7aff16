/* onedoor account sign-out: an administrator ends what a person has open, after a lost or stolen device. */
#include "server/command/command.h"

#include "authn/session.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SESSION_MEMORY = 1 << 20 };

/* Ends one; *count grows by it unless it was over already. */
static enum result end_one(struct provider *p, const struct person *who, struct str sid, uint64_t *count)
{
    struct session *ended = NULL;
    struct arena *a = arena_new(SESSION_MEMORY);
    enum result r = a ? session_end_once(&p->authn, a, sid, &ended) : RESULT_INTERNAL;
    if (r == RESULT_OK && ended)
        r = audit_write(
            p->audit, AUDIT_SIGN_OUT,
            &(struct audit_entry){.subject = who->subject, .sid = sid, .detail = STR("by administrator")});
    *count += r == RESULT_OK && ended;
    arena_free(a);
    return r;
}

static enum result end_all(struct provider *p, struct arena *a, const struct person *who, uint64_t *count)
{
    struct str *sids;
    size_t n = 0;
    store_beat(p->store);
    enum result r = session_list(&p->authn, a, who->uuid, &sids, &n);
    for (size_t i = 0; i < n && r == RESULT_OK; i++)
        r = end_one(p, who, sids[i], count);
    return r;
}

int account_sign_out(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct person *who = NULL;
    uint64_t count = 0;
    enum result r = person_by_login(p->directory, a, str_of(argv[1]), &who);
    if (r == RESULT_OK)
        r = end_all(p, a, who, &count);
    if (r != RESULT_OK)
        return command_fail("account sign-out", r, STR_EMPTY);
    printf("sessions_ended=%" PRIu64 "\n", count);
    return EXIT_SUCCESS;
}
