/* What the registry's one-line values say: whatever is taken keeps to the grammar, and times are those that
 * were written. */
#include "directory/model/grammar.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_time(struct str text)
{
    int64_t at;
    char back[80];
    struct tm t;
    if (!time_read(text, &at))
        return;
    time_t when = (time_t)at;
    if (!gmtime_r(&when, &t))
        abort();
    (void)snprintf(back, sizeof back, "%04d%02d%02d%02d%02d%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                   t.tm_hour, t.tm_min, t.tm_sec);
    /* Minutes and seconds may be missing. */
    if (!str_starts(str_of(back), str_sub(text, 0, text.len - 1)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct permission p;
    struct resource_type t;
    if (!permission_read(text, &p) && (!is_model_name(p.resource_type) || !is_model_name(p.action) ||
                                       p.identity_level < 0 || p.identity_level > 5 || p.level > AUTHN_HIGH))
        abort();
    if (!resource_type_read(text, &t) && (!is_model_name(t.name) || !is_model_name(t.owner_property) ||
                                          !is_model_name(t.organisation_property)))
        abort();
    check_time(text);
    return 0;
}
