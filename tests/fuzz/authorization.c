/* An Authorization header: Basic that is taken gives UTF-8 without NUL, and no other scheme passes for it. */
#include "server/base/encode.h"
#include "server/http/request.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(8 * size + 4096);
    struct pair header = {STR("Authorization"), {(const char *)data, size}};
    struct request r = {.arena = a, .headers = {.v = &header, .n = 1}};
    struct str basic, bearer, user, password;
    bool is_basic = request_authorization(&r, "Basic", &basic);
    if (is_basic && (request_authorization(&r, "Bearer", &bearer) || basic.len + 6 != size))
        abort();
    if (is_basic && basic_credentials(a, basic, &user, &password)) {
        if (!str_is_utf8(user) || !str_is_utf8(password) || str_has(user, '\0') || str_has(password, '\0'))
            abort();
        if (user.len + password.len > size)
            abort();
    }
    arena_free(a);
    return 0;
}
