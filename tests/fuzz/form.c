/* A form that is taken has at most PAIRS_MAX parameters, all of them UTF-8 without NUL. */
#include "server/http/pairs.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(8 * size + 64 * 1024);
    struct pairs list = {0};
    struct str twice;
    bool taken = pairs_parse_form(&list, a, (struct str){(const char *)data, size});
    if (list.n > PAIRS_MAX)
        abort();
    for (size_t i = 0; taken && i < list.n; i++)
        if (!str_is_utf8(list.v[i].name) || !str_is_utf8(list.v[i].value) || str_has(list.v[i].value, '\0') ||
            str_has(list.v[i].name, '\0'))
            abort();
    if (taken && !pairs_unique(&list, &twice) && twice.len > size)
        abort();
    arena_free(a);
    return 0;
}
