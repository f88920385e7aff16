#include "directory/follow/wire.h"

#include "server/base/clock.h"
#include "server/base/log.h"

#include <poll.h>

/* A group of a million members is one message. */
enum { LARGEST_MESSAGE = 96 << 20 };

/* Silence is asked about after so long; a message that has begun must end in time. */
enum { ASK_AFTER_MS = 2000, MESSAGE_MS = 10000, FEW = 16 };

bool wire_open(struct wire *w, struct directory *d, int wake)
{
    const struct directory_config *c = directory_config(d);
    *w = (struct wire){
        .wake = wake, .silence_ms = 2 * (int64_t)c->operation_ms, .heard = clock_monotonic_ms()};
    w->connection = directory_connect(d, w->heard + c->connect_ms + c->operation_ms);
    if (!w->connection)
        return false;
    w->handle = dir_connection_handle(w->connection);
    dir_connection_take_up_to(w->connection, LARGEST_MESSAGE);
    if (ldap_get_option(w->handle, LDAP_OPT_DESC, &w->socket) == LDAP_OPT_SUCCESS)
        return true;
    wire_close(w);
    return false;
}

void wire_close(struct wire *w)
{
    dir_connection_close(w->connection);
    w->connection = NULL;
}

int wire_search(struct wire *w, const struct search *s, LDAPControl **controls)
{
    int id = -1, code = LDAP_NO_MEMORY;
    struct arena *a = arena_new(1 << 16);
    const char *base = a ? arena_cstr(a, s->base) : NULL;
    if (base && dir_connection_arm(w->connection, clock_monotonic_ms() + MESSAGE_MS)) {
        code = ldap_search_ext(w->handle, base, s->scope, s->filter, (char **)(uintptr_t)s->attributes, 0,
                               controls, NULL, NULL, s->size_limit, &id);
        if (dir_connection_disarm(w->connection))
            code = LDAP_TIMEOUT;
    }
    arena_free(a);
    return code == LDAP_SUCCESS ? id : -1;
}

/* What has come already; the watchdog ends a read within a message that never ends. */
static enum wire_news take(struct wire *w, LDAPMessage **out)
{
    struct timeval now = {0};
    if (!dir_connection_arm(w->connection, clock_monotonic_ms() + MESSAGE_MS))
        return WIRE_LOST;
    int type = ldap_result(w->handle, LDAP_RES_ANY, LDAP_MSG_ONE, &now, out);
    bool fired = dir_connection_disarm(w->connection);
    if (type == 0 && !fired)
        return WIRE_QUIET;
    if (type > 0 && !fired)
        return WIRE_MESSAGE;
    if (type > 0)
        ldap_msgfree(*out);
    return WIRE_LOST;
}

/* True when the message answers the question: then it has been taken in. */
static bool is_answer(struct wire *w, LDAPMessage *message)
{
    if (w->question == 0 || ldap_msgid(message) != w->question)
        return false;
    if (ldap_msgtype(message) == LDAP_RES_SEARCH_RESULT)
        w->question = 0;
    ldap_msgfree(message);
    return true;
}

/* Whatever the server says to it shows that it lives. */
static bool ask(struct wire *w, int64_t now)
{
    static const char *const none[] = {LDAP_NO_ATTRS, NULL};
    const struct search s = {.base = STR(""),
                             .scope = LDAP_SCOPE_BASE,
                             .filter = "(objectClass=*)",
                             .attributes = none,
                             .size_limit = 1};
    w->question = wire_search(w, &s, NULL);
    w->asked = now;
    return w->question > 0;
}

/* Asks when it is time to; the moment by which something else is due, 0 when the server is held for dead. */
static int64_t due(struct wire *w, int64_t now)
{
    if (w->question == 0 && now - w->heard >= ASK_AFTER_MS && !ask(w, now))
        return 0;
    if (w->question == 0)
        return w->heard + ASK_AFTER_MS;
    int64_t since = w->heard > w->asked ? w->heard : w->asked;
    return now - since < w->silence_ms ? since + w->silence_ms : 0;
}

static enum wire_news sleep_until(struct wire *w, int64_t until, int64_t now)
{
    struct pollfd look[] = {{.fd = w->socket, .events = POLLIN}, {.fd = w->wake, .events = POLLIN}};
    int64_t ms = until > now ? until - now : 0;
    poll(look, 2, (int)ms);
    return look[1].revents ? WIRE_STOP : WIRE_QUIET;
}

enum wire_news wire_next(struct wire *w, int64_t ms, LDAPMessage **out)
{
    int64_t end = ms < 0 ? INT64_MAX : clock_monotonic_ms() + ms;
    for (;;) {
        enum wire_news news = take(w, out);
        int64_t now = clock_monotonic_ms();
        if (news == WIRE_MESSAGE)
            w->heard = now;
        if (news == WIRE_MESSAGE && is_answer(w, *out))
            continue;
        if (news != WIRE_QUIET)
            return news;
        if (now >= end)
            return sleep_until(w, now, now);
        int64_t next = due(w, now);
        if (next == 0) {
            LOG(LOG_LEVEL_WARN, "follow.server_silent", LOG_INT("ms", now - w->heard));
            return WIRE_LOST;
        }
        if (sleep_until(w, next < end ? next : end, now) == WIRE_STOP)
            return WIRE_STOP;
    }
}

int wire_code(struct wire *w, LDAPMessage *message, const char *name)
{
    int code = LDAP_DECODING_ERROR;
    char *text = NULL;
    if (ldap_parse_result(w->handle, message, &code, NULL, &text, NULL, NULL, 0) != LDAP_SUCCESS)
        code = LDAP_DECODING_ERROR;
    if (code != LDAP_SUCCESS)
        LOG(LOG_LEVEL_WARN, "follow.search_ended", LOG_Z("feed", name), LOG_INT("code", code),
            LOG_Z("error", ldap_err2string(code)), LOG_Z("detail", text ? text : ""));
    ldap_memfree(text);
    return code;
}

/* One message of a search of few entries; true when it was the last. */
static bool take_few(struct wire *w, struct arena *a, LDAPMessage *message, struct entries *out, int *code)
{
    int type = ldap_msgtype(message);
    if (type == LDAP_RES_SEARCH_RESULT) {
        *code = wire_code(w, message, "read");
        return true;
    }
    if (type == LDAP_RES_SEARCH_ENTRY && out->n < FEW)
        entry_of_message(w->handle, message, a, &out->v[out->n++]);
    return false;
}

int wire_read(struct wire *w, struct arena *a, const struct search *s, struct entries *out)
{
    LDAPMessage *message = NULL;
    int code = LDAP_SERVER_DOWN;
    *out = (struct entries){.v = arena_alloc(a, FEW * sizeof *out->v)};
    int id = out->v ? wire_search(w, s, NULL) : -1;
    for (bool last = id < 0; !last;) {
        if (wire_next(w, -1, &message) != WIRE_MESSAGE)
            return LDAP_SERVER_DOWN;
        last = ldap_msgid(message) == id && take_few(w, a, message, out, &code);
        ldap_msgfree(message);
    }
    return arena_failed(a) ? LDAP_NO_MEMORY : code;
}
