#include "directory/follow/poll_mark.h"

#include "directory/follow/feed.h"
#include "directory/model/grammar.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A change may become visible later than its date says: it was committed late, or came from another server.
 */
enum { OVERLAP_SECONDS = 10 };

#define BY_COUNT "uSNChanged"
#define BY_TIME  "modifyTimestamp"

static bool counts(const struct poll_mark *m)
{
    return strcmp(m->attribute, BY_COUNT) == 0;
}

bool poll_mark_begin(struct poll_mark *m, struct wire *w, struct arena *a)
{
    static const char *const names[] = {"highestCommittedUSN", "dsServiceName", NULL};
    const struct search s = {
        .base = STR(""), .scope = LDAP_SCOPE_BASE, .filter = "(objectClass=*)", .attributes = names};
    struct entries found;
    *m = (struct poll_mark){.attribute = BY_TIME};
    int code = wire_read(w, a, &s, &found);
    if (code == LDAP_SUCCESS && found.n == 1 && entry_attribute(&found.v[0], "highestCommittedUSN")) {
        m->attribute = BY_COUNT;
        snprintf(m->server, sizeof m->server, STR_FMT, STR_ARG(entry_value(&found.v[0], "dsServiceName")));
    }
    return code >= 0;
}

static bool read_value(const struct poll_mark *m, struct str text, uint64_t *out)
{
    int64_t seconds;
    if (counts(m))
        return str_to_u64(text, UINT64_MAX, out);
    /* Fractions of a second, which some servers write, are nothing to us. */
    struct str whole;
    if (str_has(text, '.') && str_cut(&text, '.', &whole)) {
        char z[32];
        int n = snprintf(z, sizeof z, STR_FMT "Z", STR_ARG(whole));
        if (n < 0 || (size_t)n >= sizeof z || !time_read((struct str){z, (size_t)n}, &seconds))
            return false;
    } else if (!time_read(text, &seconds)) {
        return false;
    }
    *out = seconds > 0 ? (uint64_t)seconds : 0;
    return true;
}

void poll_mark_see(struct poll_mark *m, const struct entry *e)
{
    uint64_t value;
    if (read_value(m, entry_value(e, m->attribute), &value) && value > m->newest)
        m->newest = value;
}

struct str poll_mark_cookie(const struct poll_mark *m, struct arena *a)
{
    return arena_printf(a, "%s%s %llu %s", FEED_POLL_COOKIE, m->attribute, (unsigned long long)m->newest,
                        m->server);
}

bool poll_mark_from_cookie(struct poll_mark *m, struct str cookie)
{
    struct str attribute, value;
    if (!str_starts(cookie, STR(FEED_POLL_COOKIE)))
        return false;
    struct str rest = str_sub(cookie, strlen(FEED_POLL_COOKIE), cookie.len);
    return str_cut(&rest, ' ', &attribute) && str_eq(attribute, str_of(m->attribute)) &&
           str_cut(&rest, ' ', &value) && str_eq(rest, str_of(m->server)) &&
           str_to_u64(value, UINT64_MAX, &m->newest);
}

struct str poll_mark_filter(const struct poll_mark *m, struct arena *a, const char *filter)
{
    if (counts(m))
        return arena_printf(a, "(&%s(" BY_COUNT ">=%llu))", filter, (unsigned long long)m->newest);
    time_t since = (time_t)(m->newest > OVERLAP_SECONDS ? m->newest - OVERLAP_SECONDS : 0);
    struct tm t;
    char text[32];
    if (!gmtime_r(&since, &t) || strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &t) == 0)
        return STR_EMPTY;
    return arena_printf(a, "(&%s(" BY_TIME ">=%s))", filter, text);
}
