/* What form_decode gives holds no NUL, is never longer than its text, and survives url_encode. */
#include "server/base/encode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size}, out, again;
    struct arena *a = arena_new(8 * size + 64);
    struct buf b;
    buf_init(&b, 3 * size);
    if (form_decode(a, in, &out)) {
        url_encode(&b, out);
        if (out.len > size || str_has(out, '\0') || b.failed)
            abort();
        if (!form_decode(a, buf_str(&b), &again) || !str_eq(again, out))
            abort();
    }
    buf_free(&b);
    arena_free(a);
    return 0;
}
