/* The first line is a query, the rest a Cookie header: what is admitted repeats no parameter and no cookie of
 * ours. */
#include "server/http/admission.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct route route = {.path = "/", .methods = HTTP_GET, .body = BODY_NONE};
    struct str cookie = {(const char *)data, size}, query = STR_EMPTY, twice;
    struct arena *a = arena_new(16 * size + 64 * 1024);
    struct request r = {.arena = a, .method = HTTP_GET, .route = &route};
    struct response resp = {.arena = a};
    str_cut(&cookie, '\n', &query);
    r.query_raw = query;
    pairs_add(&r.headers, a, STR("Cookie"), cookie);
    if (admission_of_whole(&r, &resp)) {
        if (!pairs_unique(&r.query, &twice) || pairs_count(&r.cookies, "__Host-onedoor-session") > 1)
            abort();
        if (str_has(cookie, '\0') || str_has(cookie, '\n') || request_cookie(&r, "x").len > size)
            abort();
    } else if (resp.status != 400) {
        abort();
    }
    arena_free(a);
    return 0;
}
