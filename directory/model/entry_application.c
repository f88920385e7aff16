/* What the model must know of an application: its permissions and types of resources. */
#include "directory/model/builtin.h"
#include "directory/model/parse.h"
#include "directory/model/snapshot.h"

#include <stdlib.h>

static int by_name(const void *pa, const void *pb)
{
    const struct permission *a = pa, *b = pb;
    int order = model_compare(a->resource_type, b->resource_type);
    return order ? order : model_compare(a->action, b->action);
}

/* Of two lines with one name neither says what is needed; the stricter of each need holds. */
static void merge_twins(struct parse *p, struct application_part *app)
{
    size_t kept = 0;
    for (size_t i = 0; i < app->permission_count; i++) {
        struct permission *last = kept > 0 ? &app->permissions[kept - 1] : NULL, *next = &app->permissions[i];
        if (!last || by_name(last, next) != 0) {
            app->permissions[kept++] = *next;
            continue;
        }
        last->level = next->level > last->level ? next->level : last->level;
        last->identity_level =
            next->identity_level > last->identity_level ? next->identity_level : last->identity_level;
        parse_fault(p,
                    "onedoorPermission: " STR_FMT ":" STR_FMT
                    " stands there twice, the stricter counts; accepted: once",
                    STR_ARG(next->resource_type), STR_ARG(next->action));
    }
    app->permission_count = kept;
}

static void read_permissions(struct parse *p, struct application_part *app)
{
    struct words lines = parse_values(p, "onedoorPermission");
    app->permissions = lines.n > 0 ? arena_alloc(p->a, lines.n * sizeof *app->permissions) : NULL;
    for (size_t i = 0; app->permissions && i < lines.n; i++) {
        const char *wrong = permission_read(lines.v[i], &app->permissions[app->permission_count]);
        if (wrong)
            parse_fault(p, "onedoorPermission: \"" STR_FMT "\" %s and is left out; accepted: %s",
                        STR_ARG(lines.v[i]), wrong, PERMISSION_ACCEPTED);
        else
            app->permission_count++;
    }
    if (app->permission_count == 0)
        return;
    qsort(app->permissions, app->permission_count, sizeof *app->permissions, by_name);
    merge_twins(p, app);
}

static bool has_type(const struct application_part *app, struct str name)
{
    for (size_t i = 0; i < app->type_count; i++)
        if (str_eq(app->types[i].name, name))
            return true;
    return false;
}

static void read_types(struct parse *p, struct application_part *app)
{
    struct words lines = parse_values(p, "onedoorResourceType");
    app->types = lines.n > 0 ? arena_alloc(p->a, lines.n * sizeof *app->types) : NULL;
    for (size_t i = 0; app->types && i < lines.n; i++) {
        struct resource_type read;
        const char *wrong = resource_type_read(lines.v[i], &read);
        if (!wrong && has_type(app, read.name))
            wrong = "names a type that another value names";
        if (wrong)
            parse_fault(p, "onedoorResourceType: \"" STR_FMT "\" %s and is left out; accepted: %s",
                        STR_ARG(lines.v[i]), wrong, RESOURCE_TYPE_ACCEPTED);
        else
            app->types[app->type_count++] = read;
    }
}

bool parse_application(struct parse *p)
{
    struct application_part *app = &p->item->application;
    app->client_id = parse_value(p, "onedoorClientId");
    if (!is_model_name(app->client_id)) {
        parse_fault(p, "onedoorClientId: not accepted; accepted: 1 to 64 letters, digits, _ - and .");
        return false;
    }
    if (is_builtin_application(app->client_id) && !p->item->builtin) {
        if (entry_attribute(p->e, "onedoorPermission"))
            parse_fault(p, "onedoorPermission: those of Onedoor itself are built in; accepted: none");
        return false;
    }
    read_permissions(p, app);
    read_types(p, app);
    app->disabled = parse_flag(p, "onedoorDisabled");
    app->takes_mandates = parse_flag(p, "onedoorMandates");
    return true;
}
