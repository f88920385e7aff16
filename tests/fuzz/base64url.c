/* Whatever base64url_decode takes has one spelling only: encoding it again gives the same text. */
#include "server/base/encode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size}, out;
    struct arena *a = arena_new(16 * size + 64);
    if (base64url_decode(a, in, &out) && !str_eq(base64url_encode(a, out), in))
        abort();
    if (base64_decode(a, in, &out) && !str_eq(base64_encode(a, out), in))
        abort();
    if (hex_decode(a, in, &out) && !str_eq(hex_encode(a, out), in))
        abort();
    if (!base64url_decode(a, base64url_encode(a, in), &out) || !str_eq(out, in) || arena_failed(a))
        abort();
    arena_free(a);
    return 0;
}
