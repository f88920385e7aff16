/* What json_parse takes is written in one form: parsing and writing it again changes nothing. */
#include "server/base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 24);
    int64_t n = 0;
    json_t *first = json_parse(a, (struct str){(const char *)data, size});
    if (first) {
        struct str text = json_text(a, first);
        json_t *second = json_parse(a, text);
        if (!second || !str_eq(json_text(a, second), text) || !json_equal(first, second))
            abort();
        if (json_get_int(first, "exp", &n) && json_get_str(first, "exp").len > 0)
            abort();
        if (json_get_str(first, "aud").len > 0 && !json_holds(first, "aud", json_get_str(first, "aud")))
            abort();
    }
    arena_free(a);
    return 0;
}
