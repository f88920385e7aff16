/* GET /admin: what one may do here, and what waits for one. */
#include "server/admin/desk.h"
#include "server/base/clock.h"

static void put_roles(struct desk *d, json_t *data)
{
    struct rights rights;
    json_t *list = desk_list(data, "roles");
    if (!model_rights(d->m, d->a, STR("onedoor"), &d->actor.subject, NULL, clock_now(), &rights))
        return;
    for (size_t i = 0; i < rights.roles.n; i++)
        json_array_append_new(list, json_stringn(rights.roles.v[i].p, rights.roles.v[i].len));
}

void page_overview(struct desk *d)
{
    struct recorded *all;
    size_t n;
    int64_t waiting = 0;
    enum result r = change_list_waiting(d->p, d->a, &all, &n);
    json_t *data = r == RESULT_OK ? desk_data(d) : NULL;
    if (r != RESULT_OK)
        desk_failure(d, r);
    if (!data)
        return;
    for (size_t i = 0; i < n; i++)
        waiting += change_visible(d->m, &d->actor, &all[i]);
    put_roles(d, data);
    json_put_int(data, "waiting", waiting);
    json_put_str(data, "name", d->session->person.display_name);
    desk_view(d, "admin", data);
}
