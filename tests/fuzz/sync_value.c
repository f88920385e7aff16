/* What a directory puts into the controls and messages of RFC 4533. */
#include "directory/follow/sync_value.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 20);
    struct str value = {(const char *)data, size};
    struct sync_entry e;
    struct sync_info i;
    if (a && sync_entry_read(a, value, &e) && e.uuid.len != UUID_SIZE)
        abort();
    if (a && sync_info_read(a, value, &i))
        for (size_t n = 0; n < i.uuid_count; n++)
            if (i.uuids[n].len != UUID_SIZE)
                abort();
    arena_free(a);
    return 0;
}
