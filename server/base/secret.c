#include "server/base/secret.h"

#include "server/base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 * 1024 };

struct secret {
    size_t len;
    unsigned char bytes[];
};

static struct secret *secret_new(size_t len)
{
    struct secret *s = len < SIZE_MAX - sizeof *s ? calloc(1, sizeof *s + len) : NULL;
    if (s)
        s->len = len;
    return s;
}

struct secret *secret_copy(const void *p, size_t len)
{
    struct secret *s = secret_new(len);
    if (s && len > 0)
        memcpy(s->bytes, p, len);
    return s;
}

struct secret *secret_random(size_t len)
{
    struct secret *s = secret_new(len);
    if (s && !random_bytes(s->bytes, len)) {
        secret_free(s);
        return NULL;
    }
    return s;
}

/* NULL, or why this file must not be trusted with a secret. */
static const char *unfit(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return "its state cannot be read";
    if (!S_ISREG(st.st_mode))
        return "it is no regular file";
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return "it belongs to another user";
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return "others than its owner have access to it (chmod 600)";
    return NULL;
}

/* Reads to the end of the file or of the buffer; -1 when reading fails. */
static ssize_t read_whole(int fd, unsigned char *p, size_t size)
{
    size_t len = 0;
    while (len < size) {
        ssize_t n = read(fd, p + len, size - len);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            return -1;
        len += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)len;
}

static struct secret *read_secret(int fd, unsigned char *p, const char **why)
{
    ssize_t len = read_whole(fd, p, FILE_MAX + 1);
    if (len > 0 && len <= FILE_MAX && p[len - 1] == '\n')
        len--;
    if (len <= 0 || len > FILE_MAX) {
        *why = len < 0 ? "it cannot be read" : len == 0 ? "it is empty" : "it is longer than 64 KiB";
        return NULL;
    }
    struct secret *s = secret_copy(p, (size_t)len);
    if (!s)
        *why = "there is no memory";
    return s;
}

struct secret *secret_read_file(const char *path, const char **why)
{
    struct secret *s = NULL;
    unsigned char *p = malloc(FILE_MAX + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    *why = !p ? "there is no memory" : fd < 0 ? "it cannot be opened" : unfit(fd);
    if (!*why)
        s = read_secret(fd, p, why);
    if (p)
        wipe(p, FILE_MAX + 1);
    free(p);
    if (fd >= 0)
        close(fd);
    return s;
}

const unsigned char *secret_bytes(const struct secret *s)
{
    return s->bytes;
}

size_t secret_len(const struct secret *s)
{
    return s->len;
}

struct str secret_str(const struct secret *s)
{
    return (struct str){(const char *)s->bytes, s->len};
}

bool secret_equal(const struct secret *s, const void *p, size_t len)
{
    return equal_constant_time(secret_str(s), (struct str){p, len});
}

void secret_free(struct secret *s)
{
    if (!s)
        return;
    wipe(s->bytes, s->len);
    free(s);
}

bool equal_constant_time(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.p, b.p, a.len) == 0);
}

void wipe(void *p, size_t len)
{
    if (len > 0)
        explicit_bzero(p, len);
}
