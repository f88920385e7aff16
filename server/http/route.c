#include "server/http/route.h"

#include <string.h>

/* No route has an escape or a dot segment, so a path with one never needs to be decoded: it is not found. */
static bool is_plain(struct str path)
{
    struct str segment;
    if (!str_starts(path, STR("/")) || str_has(path, '%'))
        return false;
    path = str_sub(path, 1, path.len);
    while (str_cut(&path, '/', &segment)) {
        if (segment.len == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
            return false;
    }
    return true;
}

static bool is_exactly(const struct route *r, struct str path)
{
    return strncmp(r->path, path.p, path.len) == 0 && r->path[path.len] == 0;
}

/* The length of a `*` row that fits, 0 when it does not. */
static size_t fit(const struct route *r, struct str path)
{
    size_t len = strlen(r->path);
    bool fits =
        len > 0 && r->path[len - 1] == '*' && path.len >= len - 1 && memcmp(path.p, r->path, len - 1) == 0;
    return fits ? len : 0;
}

static const struct route *longest_fit(const struct route *routes, size_t n, struct str path)
{
    const struct route *best = NULL;
    size_t best_fit = 0;
    for (size_t i = 0; i < n; i++) {
        size_t f = fit(&routes[i], path);
        if (f > best_fit) {
            best = &routes[i];
            best_fit = f;
        }
    }
    return best;
}

const struct route *route_find(const struct route *routes, size_t n, struct str path)
{
    if (!is_plain(path))
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (is_exactly(&routes[i], path))
            return &routes[i];
    return longest_fit(routes, n, path);
}

const struct route *route_pick(const struct route *routes, size_t n, struct str path, enum http_method method,
                               unsigned *allowed)
{
    unsigned wanted = method == HTTP_HEAD ? HTTP_GET | HTTP_HEAD : (unsigned)method;
    const struct route *first = route_find(routes, n, path), *picked = NULL;
    *allowed = 0;
    if (!first)
        return NULL;
    for (const struct route *r = first; r < routes + n && strcmp(r->path, first->path) == 0; r++) {
        *allowed |= r->methods;
        if (!picked && (r->methods & wanted) != 0)
            picked = r;
    }
    return picked ? picked : first;
}
