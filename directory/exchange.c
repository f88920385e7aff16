#include "directory/exchange.h"

#include "server/base/loop.h"
#include "server/base/task.h"

static int own_code(LDAP *handle)
{
    int code = LDAP_SERVER_DOWN;
    ldap_get_option(handle, LDAP_OPT_RESULT_CODE, &code);
    return code;
}

/*
 * Why there is no answer. libldap may hold for its own error what a notice of disconnection said, or what was
 * before, success even; neither says anything about the question.
 */
static int why_none(LDAP *handle)
{
    int code = own_code(handle);
    return code < 0 ? code : LDAP_SERVER_DOWN;
}

/* What has come whole, or did not come: `type` is what ldap_result said. */
static int take_in(LDAP *handle, const struct operation *op, int type, LDAPMessage *answer)
{
    if (type <= 0)
        return type == 0 ? LDAP_TIMEOUT : why_none(handle);
    int code = LDAP_DECODING_ERROR;
    int read = ldap_parse_result(handle, answer, &code, NULL, NULL, NULL, NULL, 0);
    if (read != LDAP_SUCCESS)
        code = read;
    if (code == LDAP_SUCCESS && op->finish)
        code = op->finish(handle, answer, op->arg);
    ldap_msgfree(answer);
    return code;
}

int exchange(struct dir_connection *c, const struct operation *op, struct timeval left)
{
    LDAP *handle = dir_connection_handle(c);
    LDAPMessage *answer = NULL;
    int id = -1;
    if (!dir_connection_set_waiting(c, true))
        return LDAP_LOCAL_ERROR;
    if (op->run)
        return op->run(handle, left, op->arg);
    int code = op->start(handle, left, op->arg, &id);
    if (code != LDAP_SUCCESS)
        return code;
    int type = ldap_result(handle, id, LDAP_MSG_ALL, &left, &answer);
    return take_in(handle, op, type, answer);
}

bool exchange_can_park(const struct operation *op)
{
    return op->start && task_current() && loop_current();
}

static void wake(void *task)
{
    task_wake(task);
}

/*
 * What libldap has read of the socket already wakes nobody; whatever else comes does, the end included, which
 * the watchdog brings about at the deadline.
 */
static int park_until_answered(struct dir_connection *c, int id, LDAPMessage **answer)
{
    struct loop *l = loop_current();
    struct loop_source source = {dir_connection_fd(c), wake, task_current()};
    struct timeval none = {0};
    int type = -1;
    if (!loop_watch(l, &source, false))
        return type;
    do {
        if (dir_connection_holds_more(c))
            task_yield();
        else
            task_park();
        type = ldap_result(dir_connection_handle(c), id, LDAP_MSG_ALL, &none, answer);
    } while (type == 0);
    loop_unwatch(l, &source);
    return type;
}

int exchange_parked(struct dir_connection *c, const struct operation *op, struct timeval left)
{
    LDAP *handle = dir_connection_handle(c);
    LDAPMessage *answer = NULL;
    int id = -1;
    if (!dir_connection_set_waiting(c, false))
        return LDAP_LOCAL_ERROR;
    int code = op->start(handle, left, op->arg, &id);
    if (code != LDAP_SUCCESS)
        return code;
    /* A peer that left a short question unread has not been reading for long: nobody waits for that. */
    if (own_code(handle) == LDAP_BUSY)
        return LDAP_SERVER_DOWN;
    int type = park_until_answered(c, id, &answer);
    return take_in(handle, op, type, answer);
}
