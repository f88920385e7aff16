#include "server/oauth/target.h"

#include <string.h>

enum { RESOURCE_MAX = 512 };

static bool is_scheme(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool other = (c >= '0' && c <= '9') || (c && strchr("+-.", c));
        if (!letter && (i == 0 || !other))
            return false;
    }
    return s.len > 0;
}

bool target_is_uri(struct str resource)
{
    struct str rest = resource, scheme;
    if (resource.len > RESOURCE_MAX || !str_is_nqchar(resource) || str_has(resource, '#'))
        return false;
    return str_has(resource, ':') && str_cut(&rest, ':', &scheme) && is_scheme(scheme) && rest.len > 0;
}

bool target_is_allowed(struct applications *all, struct arena *a, const struct application *app,
                       struct str resource)
{
    if (!target_is_uri(resource))
        return false;
    if (!str_has_word(app->may_request, resource) && !str_has_word(app->resources, resource))
        return false;
    return applications_of_resource(all, a, resource) != NULL;
}
