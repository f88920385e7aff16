/* The one table of an application's settings, and how their values are read. */
#ifndef ONEDOOR_CLIENTS_SETTINGS_H
#define ONEDOOR_CLIENTS_SETTINGS_H

#include "clients/edit.h"

enum {
    SETTING_VALUES_MAX = 256,
    SECRETS_MAX = 2 /* the present one, and its follower while they are exchanged */
};

/* One value on its way into a field of struct application. */
struct setting_value {
    struct arena *arena;
    void *field;
    struct str text;
    size_t count; /* how many values the setting has in all */
};

/* NULL when the value was taken, else a constant text of what is wrong ("" when `accepted` says it all). */
typedef const char *setting_reader(const struct setting_value *v);

setting_reader read_name, read_description, read_redirect, read_page_address, read_grant, read_scope,
    read_method, read_level, read_identity, read_format, read_alg, read_access_seconds, read_refresh_seconds,
    read_resource, read_consent, read_flag, read_kind, read_group, read_permission, read_resource_type,
    read_logout_address;

/* The row of that name, NULL when there is none. */
const struct application_setting *setting_find(struct str name);
/* All settings of the entry into the application; false with *why, which names setting, value and attribute.
 */
bool settings_read(struct arena *a, const struct entry *e, struct application *app, struct str *why);
/* A value as it may be printed in an error: short, and plain text. */
struct str setting_shown(struct arena *a, struct str value);

#endif
