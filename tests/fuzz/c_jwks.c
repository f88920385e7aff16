/* odc_keyset_parse over any bytes: what is taken has a name that finds it, and a key that can verify. */
#include "keyset.h"

#include "signature.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char signature[64] = {1};
    struct odc_keyset *set;
    enum onedoor_error e = odc_keyset_parse((const char *)data, size, &set);
    if ((e == ONEDOOR_OK) != (set != NULL))
        abort();
    for (size_t i = 0; set && i < set->count; i++)
        if (odc_keyset_find(set, set->keys[i].kid) != &set->keys[i] ||
            odc_signature_check(&set->keys[i], "a.b", 3, signature, sizeof signature) == ONEDOOR_OK)
            abort();
    odc_keyset_unref(set);
    return 0;
}
