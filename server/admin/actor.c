#include "server/admin/actor.h"

#include "directory/model/builtin.h"
#include "server/base/clock.h"

struct str actor_name(const struct actor *who)
{
    return who->root ? STR("root") : who->subject.id;
}

/* With a resource id the data scope counts; without, the permission alone. */
static bool decide(const struct model *m, const struct actor *who, const char *permission, struct str id,
                   struct str organisation)
{
    struct str action = str_of(permission), type;
    if (who->root)
        return true;
    if (!m || !str_cut(&action, ':', &type))
        return false;
    const struct evaluation q = {.client_id = STR(BUILTIN_CLIENT_ID),
                                 .resource_type = type,
                                 .action = action,
                                 .resource_id = id,
                                 .subject = &who->subject,
                                 .level = who->level,
                                 .organisation = organisation,
                                 .now = clock_now()};
    struct decision d;
    model_decide(m, &q, &d);
    return d.reason == REASON_ALLOWED;
}

bool actor_may(const struct model *m, const struct actor *who, const char *permission)
{
    return decide(m, who, permission, STR_EMPTY, STR_EMPTY);
}

bool actor_may_everywhere(const struct model *m, const struct actor *who, const char *permission)
{
    return decide(m, who, permission, STR("*"), STR_EMPTY);
}

bool actor_may_in(const struct model *m, const struct actor *who, const char *permission, struct str path)
{
    return path.len > 0 && decide(m, who, permission, STR("*"), path);
}

bool actor_may_below(const struct model *m, struct arena *a, const struct actor *who, const char *permission,
                     struct str path)
{
    const struct organisation *const *below;
    size_t n;
    if (!actor_may_in(m, who, permission, path) || !model_organisations_below(m, a, path, &below, &n))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!actor_may_below(m, a, who, permission, below[i]->path))
            return false;
    return true;
}

bool actor_is_administrator(const struct model *m, struct arena *a, const struct subject *subject)
{
    struct rights rights;
    return m && !subject->disabled &&
           model_rights(m, a, STR(BUILTIN_CLIENT_ID), subject, NULL, clock_now(), &rights) &&
           rights.roles.n > 0;
}
