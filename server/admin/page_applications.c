/* GET /admin/applications: all that are registered, those out of use and those that are not valid too. */
#include "server/admin/desk.h"

#include <stdlib.h>

enum { SHOWN_MAX = 1000 };

static int by_id(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    struct str i = entry_value(a, "onedoorClientId"), j = entry_value(b, "onedoorClientId");
    size_t len = i.len < j.len ? i.len : j.len;
    for (size_t at = 0; at < len; at++)
        if (i.p[at] != j.p[at])
            return (unsigned char)i.p[at] < (unsigned char)j.p[at] ? -1 : 1;
    return (i.len > j.len) - (i.len < j.len);
}

void page_applications(struct desk *d)
{
    struct entries all = {0};
    enum result r = registry_list(d->p->directory, d->a, STR("ou=applications"),
                                  "(objectClass=onedoorApplication)", &all);
    json_t *data = r == RESULT_OK ? desk_data(d) : NULL,
           *list = data ? desk_list(data, "applications") : NULL;
    if (r != RESULT_OK)
        desk_failure(d, r);
    if (!list)
        return;
    qsort(all.v, all.n, sizeof *all.v, by_id);
    for (size_t i = 0; i < all.n && i < SHOWN_MAX; i++) {
        const struct entry *e = &all.v[i];
        struct str why = STR_EMPTY, id = entry_value(e, "onedoorClientId");
        struct str name = entry_value(e, "displayName");
        json_t *item = desk_item(list);
        json_put_str(item, "id", id);
        desk_label(item, name.len > 0 ? name : id, entry_value(e, "displayName;lang-zh"));
        bool valid = application_from_entry(d->a, e, &why) != NULL;
        bool disabled = str_eq(entry_value(e, "onedoorDisabled"), STR("TRUE"));
        json_put_str(item, "state", valid ? disabled ? STR("disabled") : STR("enabled") : STR("invalid"));
    }
    desk_view(d, "admin_applications", data);
}
