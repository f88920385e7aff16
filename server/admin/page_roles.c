/* GET /admin/roles: the roles of one application, or of all, that one may see. */
#include "server/admin/desk.h"

enum { SHOWN_MAX = 500 };

/* Those bound to organisations see what they may give. */
static bool is_shown(const struct role *role, bool everywhere, struct str app)
{
    return (app.len == 0 || str_eq(role->client_id, app)) && (everywhere || role->delegated);
}

void page_roles(struct desk *d)
{
    const struct role *const *all;
    struct str app = desk_param(d, "app");
    size_t n = model_roles(d->m, app, &all), shown = 0;
    bool everywhere = desk_may_everywhere(d, "role:read");
    json_t *data = desk_data(d), *list = data ? desk_list(data, "roles") : NULL;
    if (!list)
        return;
    for (size_t i = 0; i < n && shown < SHOWN_MAX; i++) {
        if (!is_shown(all[i], everywhere, app))
            continue;
        json_t *item = desk_item(list);
        json_put_str(item, "app", all[i]->client_id);
        json_put_str(item, "role", all[i]->name);
        desk_label(item, all[i]->display_name.len > 0 ? all[i]->display_name : all[i]->name, STR_EMPTY);
        json_put_str(item, "description", all[i]->description);
        json_object_set_new(item, "delegated", json_boolean(all[i]->delegated));
        json_put_int(item, "assignments", (int64_t)all[i]->assignment_count);
        shown++;
    }
    json_put_str(data, "app", app);
    json_object_set_new(data, "more", json_boolean(shown == SHOWN_MAX));
    desk_view(d, "admin_roles", data);
}
