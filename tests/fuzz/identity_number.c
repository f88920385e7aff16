/* An identity number that is taken has one spelling, and is taken again as that one. */
#include "authn/identity_number.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(enum identity_kind kind, struct str typed)
{
    char out[IDENTITY_NUMBER_LENGTH], again[IDENTITY_NUMBER_LENGTH];
    const char *why = identity_number_read(kind, typed, 1800000000, out);
    if (why && strlen(why) > 0)
        return;
    if (why || typed.len != sizeof out)
        abort();
    if (identity_number_read(kind, (struct str){out, sizeof out}, 1800000000, again) ||
        memcmp(out, again, sizeof out) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str typed = {(const char *)data, size};
    check(IDENTITY_CITIZEN, typed);
    check(IDENTITY_COMPANY, typed);
    return 0;
}
