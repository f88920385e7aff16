/* Days and months as forms and addresses write them. */
#ifndef ONEDOOR_ADMIN_DAYS_H
#define ONEDOOR_ADMIN_DAYS_H

#include "server/base/arena.h"

/*
 * "2026-11-25", a day of this server's time zone, as the directory writes times (20261124160000Z): its
 * beginning, or with `end` the beginning of the next. False when it is no day.
 */
bool day_read(struct arena *a, struct str text, bool end, struct str *out);
/* "2026-11" (UTC) as [from, to) in Unix seconds. False when it is no month. */
bool month_read(struct str text, int64_t *from, int64_t *to);
/* The month of that second, `by` months on, as "2026-11". STR_EMPTY when there is no memory. */
struct str month_text(struct arena *a, int64_t at, int by);

#endif
