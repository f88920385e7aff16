#include "certs/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, struct str content)
{
    while (content.len > 0) {
        ssize_t n = write(fd, content.p, content.len);
        if (n < 0 && errno != EINTR)
            return false;
        content = str_sub(content, n > 0 ? (size_t)n : 0, content.len);
    }
    return fsync(fd) == 0;
}

/* Without this a loss of power may take the name away again: after the first seal, a lost master key is
 * fatal. */
static void sync_folder(const char *path)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    if (slash)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* link() is the only way to give a name without taking it from another file. */
static bool move_into_place(const char *from, const char *to, bool replace)
{
    return replace ? rename(from, to) == 0 : link(from, to) == 0;
}

bool private_file_write(const char *path, struct str content, mode_t mode, bool replace)
{
    char temporary[PATH_MAX];
    int n = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (n < 0 || (size_t)n >= sizeof temporary) {
        errno = ENAMETOOLONG;
        return false;
    }
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return false;
    bool done = fchmod(fd, mode) == 0 && write_all(fd, content) && move_into_place(temporary, path, replace);
    int reason = errno;
    close(fd);
    if (!done || !replace)
        unlink(temporary);
    if (done)
        sync_folder(path);
    errno = reason;
    return done;
}
