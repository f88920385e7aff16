#include "certs/jws_header.h"

#include "server/base/encode.h"

#include <stdlib.h>
#include <string.h>

enum { SCRATCH = 4096 };

/* Once in the key's list, it is neither changed nor taken out. */
struct jws_header {
    struct jws_header *next;
    char *typ;
    size_t len;
    char encoded[];
};

static char *text_by_libjwt(const struct key_pair *key, const char *typ)
{
    jwt_t *jwt = NULL;
    char *text = NULL;
    if (jwt_new(&jwt) != 0)
        return NULL;
    if (jwt_add_header(jwt, "alg", jws_alg_name(key->alg)) == 0 && jwt_add_header(jwt, "typ", typ) == 0 &&
        jwt_add_header(jwt, "kid", key->kid) == 0)
        text = jwt_get_headers_json(jwt, NULL);
    jwt_free(jwt);
    return text;
}

static struct jws_header *header_new(const char *typ, struct str encoded)
{
    struct jws_header *h = encoded.len > 0 ? calloc(1, sizeof *h + encoded.len) : NULL;
    if (!h)
        return NULL;
    h->typ = strdup(typ);
    h->len = encoded.len;
    memcpy(h->encoded, encoded.p, encoded.len);
    if (h->typ)
        return h;
    free(h);
    return NULL;
}

static struct jws_header *make(const struct key_pair *key, const char *typ)
{
    struct arena *a = arena_new(SCRATCH);
    char *text = a ? text_by_libjwt(key, typ) : NULL;
    struct jws_header *h = text ? header_new(typ, base64url_encode(a, str_of(text))) : NULL;
    free(text);
    arena_free(a);
    return h;
}

struct str jws_header_of(struct key_pair *key, const char *typ)
{
    struct jws_header *h = atomic_load(&key->headers);
    while (h && strcmp(h->typ, typ) != 0)
        h = h->next;
    if (!h) {
        h = make(key, typ);
        if (!h)
            return STR_EMPTY;
        /* Of two threads that make the same, both are kept: it happens once a key and type. */
        h->next = atomic_load(&key->headers);
        while (!atomic_compare_exchange_weak(&key->headers, &h->next, h))
            ;
    }
    return (struct str){h->encoded, h->len};
}

void jws_headers_free(struct key_pair *key)
{
    for (struct jws_header *h = atomic_load(&key->headers), *next; h; h = next) {
        next = h->next;
        free(h->typ);
        free(h);
    }
}
