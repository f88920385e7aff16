/* Every kind of change there is. */
#include "server/admin/proposal.h"

/* clang-format off */
const struct kind kinds[] = {
    /* name                     permission               dangerous complete                        state                          check                            apply */
    {"application.add",         "application:write",     false, kind_application_complete_add,     kind_application_state,        kind_application_check_add,      kind_application_apply_add},
    {"application.set",         "application:write",     false, kind_application_complete_set,     kind_application_state,        kind_application_check_set,      kind_application_apply_set},
    {"application.remove",      "application:write",     false, NULL,                              kind_application_state,        kind_application_check_remove,   kind_application_apply_remove},
    {"application.secret",      "application:write",     false, kind_application_complete_secret,  kind_application_secret_state, kind_application_check_secret,   kind_application_apply_secret},
    {"application.drop-secret", "application:write",     false, kind_application_complete_drop,    kind_application_secret_state, kind_application_check_secret,   kind_application_apply_secret},
    {"application.enable",      "application:enable",    false, kind_application_complete_enable,  kind_application_state,        kind_application_check_set,      kind_application_apply_set},
    {"application.disable",     "application:enable",    false, kind_application_complete_disable, kind_application_state,        kind_application_check_set,      kind_application_apply_set},
    {"role.add",                "role:write",            false, NULL,                              kind_role_state,               kind_role_check_write,           kind_role_apply_add},
    {"role.set",                "role:write",            false, NULL,                              kind_role_state,               kind_role_check_write,           kind_role_apply_set},
    {"role.remove",             "role:write",            false, NULL,                              kind_role_state,               kind_role_check_remove,          kind_role_apply_remove},
    {"role.assign",             "role:assign",           false, kind_assignment_complete,          kind_assignment_state,         kind_assignment_check_assign,    kind_assignment_apply_assign},
    {"role.withdraw",           "role:assign",           false, NULL,                              kind_assignment_state,         kind_assignment_check_withdraw,  kind_assignment_apply_withdraw},
    {"role.drop-member",        "role:assign",           false, kind_member_complete,              kind_member_state,             kind_member_check,               kind_member_apply},
    {"administrator.assign",    "administrator:assign",  true,  kind_assignment_complete,          kind_assignment_state,         kind_assignment_check_assign,    kind_assignment_apply_assign},
    {"administrator.withdraw",  "administrator:assign",  false, NULL,                              kind_assignment_state,         kind_assignment_check_withdraw,  kind_assignment_apply_withdraw},
    {"account.remove-factor",   "account:remove-factor", false, kind_factor_complete,              kind_factor_state,             kind_factor_check,               kind_factor_apply},
    {"mandate.end",             "mandate:end",           false, kind_mandate_complete,             kind_mandate_state,            kind_mandate_check,              kind_mandate_apply},
};
/* clang-format on */
const size_t kind_count = sizeof kinds / sizeof kinds[0];

const struct kind *kind_find(struct str name)
{
    for (size_t i = 0; i < kind_count; i++)
        if (str_eq(name, str_of(kinds[i].name)))
            return &kinds[i];
    return NULL;
}

bool kind_needs_second(const struct provider *p, const struct kind *kind)
{
    struct str list = p->config.second_person;
    if (str_eq(list, STR("default")))
        return kind->dangerous;
    return str_has_word(list, str_of(kind->name));
}

struct str kinds_unknown(struct str setting)
{
    struct str word;
    if (str_eq(setting, STR("default")) || str_eq(setting, STR("none")))
        return STR_EMPTY;
    while (str_word(&setting, &word))
        if (!kind_find(word))
            return word;
    return STR_EMPTY;
}

struct str kinds_accepted(struct arena *a)
{
    struct str text = STR("accepted: default, none, or of these, separated by spaces:");
    for (size_t i = 0; i < kind_count; i++)
        text = arena_printf(a, STR_FMT " %s", STR_ARG(text), kinds[i].name);
    return text;
}
