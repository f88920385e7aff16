#include "certs/master.h"

#include "certs/private_file.h"
#include "server/base/encode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SCRATCH = 4096, DIGITS = 2 * DIGEST_SIZE };

struct master {
    struct secret *key;
};

/* The 32 bytes that the text spells; NULL when it is no such text. */
static struct secret *parse(struct str text)
{
    struct str bytes;
    struct arena *a = text.len == DIGITS ? arena_new(SCRATCH) : NULL;
    struct secret *key = a && hex_decode(a, text, &bytes) ? secret_copy(bytes.p, bytes.len) : NULL;
    arena_free(a);
    return key;
}

struct master *master_read(const char *path, const char **why)
{
    struct secret *text = secret_read_file(path, why);
    if (!text)
        return NULL;
    struct master *m = calloc(1, sizeof *m);
    struct secret *key = parse(secret_str(text));
    secret_free(text);
    if (m && key) {
        m->key = key;
        return m;
    }
    *why = m ? "it does not hold 64 hexadecimal digits (0-9, a-f)" : "there is no memory";
    secret_free(key);
    free(m);
    return NULL;
}

static bool write_key(const char *path, struct arena *a, const struct secret *key, const char **why)
{
    struct str digits = hex_encode(a, secret_str(key));
    struct str line = arena_join(a, (struct str[]){digits, STR("\n")}, 2);
    if (arena_failed(a)) {
        *why = "there is no memory";
        return false;
    }
    if (private_file_write(path, line, 0600, false))
        return true;
    *why = errno == EEXIST ? "it exists already" : strerror(errno);
    return false;
}

bool master_create(const char *path, const char **why)
{
    struct arena *a = arena_new(SCRATCH);
    struct secret *key = secret_random(DIGEST_SIZE);
    *why = "there is no memory or no randomness";
    bool made = a && key && write_key(path, a, key, why);
    secret_free(key);
    arena_free(a);
    return made;
}

struct secret *master_derive(const struct master *m, const char *purpose)
{
    unsigned char key[DIGEST_SIZE];
    bool derived = hkdf_sha256(secret_str(m->key), str_of(purpose), key);
    struct secret *s = derived ? secret_copy(key, sizeof key) : NULL;
    wipe(key, sizeof key);
    return s;
}

void master_free(struct master *m)
{
    if (!m)
        return;
    secret_free(m->key);
    free(m);
}
