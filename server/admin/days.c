#include "server/admin/days.h"

#include <time.h>

enum { YEAR_MIN = 1970, YEAR_MAX = 9998 };

/* The next number of `n` digits and the separator behind it; without one, nothing may follow. */
static bool number(struct str *rest, size_t n, char separator, int *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= rest->len || rest->p[i] < '0' || rest->p[i] > '9')
            return false;
        *out = *out * 10 + (rest->p[i] - '0');
    }
    *rest = str_sub(*rest, n, rest->len);
    if (separator == '\0')
        return rest->len == 0;
    bool good = rest->len > 0 && rest->p[0] == separator;
    *rest = str_sub(*rest, 1, rest->len);
    return good;
}

bool day_read(struct arena *a, struct str text, bool end, struct str *out)
{
    int year, month, day;
    char stamp[24];
    if (!number(&text, 4, '-', &year) || !number(&text, 2, '-', &month) || !number(&text, 2, '\0', &day) ||
        year < YEAR_MIN || year > YEAR_MAX)
        return false;
    struct tm asked = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1},
              t = asked, utc;
    /* mktime carries what is too large over: 30 February is no day. */
    if (mktime(&t) == (time_t)-1 || t.tm_mon != asked.tm_mon || t.tm_mday != asked.tm_mday)
        return false;
    asked.tm_mday += end ? 1 : 0;
    time_t at = mktime(&asked);
    if (!gmtime_r(&at, &utc) || strftime(stamp, sizeof stamp, "%Y%m%d%H%M%SZ", &utc) == 0)
        return false;
    *out = arena_copy(a, str_of(stamp));
    return out->len > 0;
}

bool month_read(struct str text, int64_t *from, int64_t *to)
{
    int year, month;
    if (!number(&text, 4, '-', &year) || !number(&text, 2, '\0', &month) || year < YEAR_MIN ||
        year > YEAR_MAX || month < 1 || month > 12)
        return false;
    struct tm first = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = 1};
    struct tm next = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = 1};
    *from = (int64_t)timegm(&first);
    *to = (int64_t)timegm(&next);
    return true;
}

struct str month_text(struct arena *a, int64_t at, int by)
{
    char text[16];
    struct tm t;
    time_t when = (time_t)at;
    if (!gmtime_r(&when, &t))
        return STR_EMPTY;
    t = (struct tm){.tm_year = t.tm_year, .tm_mon = t.tm_mon + by, .tm_mday = 1};
    timegm(&t);
    return strftime(text, sizeof text, "%Y-%m", &t) > 0 ? arena_copy(a, str_of(text)) : STR_EMPTY;
}
