/* onedoor.conf as bytes: every file is either read or refused with a reason. */
#include "server/settings.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("settings", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    char path[64], *why = NULL;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct settings *s = settings_load(path, &why);
    if ((s == NULL) != (why != NULL))
        abort();
    free(why);
    settings_free(s);
    close(fd);
    return 0;
}
