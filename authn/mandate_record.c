/* What is written down of each step: the entry's own history, and the audit line. */
#include "authn/mandate_parts.h"
#include "server/base/clock.h"

#include <time.h>

static bool utc_of(int64_t at, struct tm *out)
{
    time_t t = (time_t)at;
    return gmtime_r(&t, out) != NULL;
}

struct str mandate_time(struct arena *a, int64_t at)
{
    char text[32];
    struct tm utc;
    if (!utc_of(at, &utc))
        return STR_EMPTY;
    return arena_copy(a, (struct str){text, strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &utc)});
}

bool mandate_day(struct str date, int64_t *end)
{
    struct tm day = {.tm_hour = 23, .tm_min = 59, .tm_sec = 59, .tm_isdst = -1};
    int at[] = {0, 0, 0};
    static const size_t from[] = {0, 5, 8}, to[] = {4, 7, 10};
    if (date.len != 10 || date.p[4] != '-' || date.p[7] != '-')
        return false;
    for (size_t part = 0; part < 3; part++)
        for (size_t i = from[part]; i < to[part]; i++) {
            if (date.p[i] < '0' || date.p[i] > '9')
                return false;
            at[part] = at[part] * 10 + (date.p[i] - '0');
        }
    day.tm_year = at[0] - 1900;
    day.tm_mon = at[1] - 1;
    day.tm_mday = at[2];
    *end = (int64_t)mktime(&day);
    /* mktime carries over what is too much: 29 February of most years is no day. */
    return *end > 0 && day.tm_mon == at[1] - 1 && day.tm_mday == at[2];
}

struct str mandate_step(struct arena *a, const struct mandate_actor *by, const char *what)
{
    static const char *const sides[] = {[MANDATE_AGENT] = "agent",
                                        [MANDATE_REPRESENTED] = "represented",
                                        [MANDATE_ADMINISTRATOR] = "administrator"};
    char at[32];
    struct tm utc;
    if (!utc_of(clock_now(), &utc) || strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return STR_EMPTY;
    struct str who = by->subject.len > 0 ? by->subject : STR("-");
    return arena_printf(a, "%s %s by " STR_FMT " as %s", at, what, STR_ARG(who), sides[by->side]);
}

enum result mandate_audit(struct authn *au, struct arena *a, const struct mandate_actor *by,
                          enum audit_event event, const struct mandate *md)
{
    struct audit_entry entry = {
        .subject = by->subject.len > 0 ? by->subject : STR("administrator"),
        .sid = by->sid,
        .source = by->source,
        .reference = by->reference,
        .detail = arena_printf(a, STR_FMT " %s for " STR_FMT, STR_ARG(md->id), mandate_kind_word(md->kind),
                               STR_ARG(md->represented_sub)),
    };
    return entry.detail.len > 0 ? audit_write(au->audit, event, &entry) : RESULT_INTERNAL;
}
