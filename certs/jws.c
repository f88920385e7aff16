#include "certs/jws.h"

#include "certs/jws_header.h"
#include "certs/keyring_internal.h"
#include "certs/signature.h"
#include "server/base/clock.h"
#include "server/base/encode.h"

/* Ours has alg, typ and kid in about 100 bytes. */
enum { HEADER_MAX = 512, HEADER_MEMBERS = 3 };

struct parts {
    struct str header, claims, signature; /* still encoded */
    struct str input;                     /* what is signed: the first two with their point */
};

/* Exactly three parts, none empty. */
static bool split(struct str token, struct parts *out)
{
    struct str rest = token;
    if (!str_cut(&rest, '.', &out->header) || !str_cut(&rest, '.', &out->claims))
        return false;
    out->signature = rest;
    out->input = str_sub(token, 0, out->header.len + 1 + out->claims.len);
    return out->header.len > 0 && out->claims.len > 0 && rest.len > 0 && !str_has(rest, '.');
}

/* The key whose header of that kind of token this is, to the byte: so nothing of it has to be read. */
static const struct key_pair *key_that_wrote(const struct keyring *k, const struct key_set *set,
                                             struct str encoded, const char *typ)
{
    int64_t now = clock_now();
    for (size_t i = 0; i < set->n; i++) {
        const struct key_record *r = &set->v[i];
        if (key_record_verifies(r, now, k->config.overlap_seconds) &&
            str_eq(jws_header_of(r->pair, typ), encoded))
            return r->pair;
    }
    return NULL;
}

/*
 * The key that the header names, if the header is one that we could have written: just these three members,
 * so that neither another key (jwk, jku, x5u, x5c) nor an extension (crit, b64, zip) can be asked for; the
 * algorithm is the key's own (RFC 8725 section 3.1); typ is the kind of token wanted (section 3.11).
 */
static const struct key_pair *find_key(const struct keyring *k, const struct key_set *set, struct arena *a,
                                       struct str encoded, const char *typ)
{
    struct str text;
    const struct key_pair *writer = key_that_wrote(k, set, encoded, typ);
    if (writer)
        return writer;
    if (encoded.len > HEADER_MAX || !base64url_decode(a, encoded, &text))
        return NULL;
    const json_t *header = json_parse(a, text);
    if (json_object_size(header) != HEADER_MEMBERS)
        return NULL;
    const struct key_record *r =
        key_set_verifier(set, json_get_str(header, "kid"), clock_now(), k->config.overlap_seconds);
    if (!r || !str_eq(json_get_str(header, "alg"), str_of(jws_alg_name(r->pair->alg))) ||
        !str_eq(json_get_str(header, "typ"), str_of(typ)))
        return NULL;
    return r->pair;
}

typedef enum result check_fn(const struct key_pair *key, struct str input, struct str signature);

static enum result check_nothing(const struct key_pair *key, struct str input, struct str signature)
{
    (void)key, (void)input, (void)signature;
    return RESULT_OK;
}

static enum result open_token(struct keyring *k, const struct key_set *set, struct arena *a, struct str token,
                              const char *typ, check_fn *check, struct str *claims)
{
    struct parts parts;
    struct str bytes;
    if (token.len > JWS_MAX || !split(token, &parts))
        return RESULT_REFUSED;
    const struct key_pair *key = find_key(k, set, a, parts.header, typ);
    if (!key || !base64url_decode(a, parts.signature, &bytes))
        return RESULT_REFUSED;
    enum result r = check(key, parts.input, bytes);
    if (r != RESULT_OK)
        return r;
    return base64url_decode(a, parts.claims, claims) ? RESULT_OK : RESULT_REFUSED;
}

/* A failed arena makes any step look like a refusal: then nothing is known of the token. */
static enum result judged(const struct arena *a, enum result r)
{
    return r != RESULT_OK && arena_failed(a) ? RESULT_INTERNAL : r;
}

static enum result open_held(struct keyring *k, struct arena *a, struct str token, const char *typ,
                             check_fn *check, struct str *claims)
{
    struct held_keys keys = keyring_hold(k);
    enum result r = keys.set ? open_token(k, keys.set, a, token, typ, check, claims) : RESULT_INTERNAL;
    keyring_let_go(&keys);
    return r;
}

enum result jws_verify(struct keyring *k, struct arena *a, struct str token, const char *typ, json_t **claims)
{
    struct str text;
    enum result r = open_held(k, a, token, typ, signature_check, &text);
    *claims = r == RESULT_OK ? json_parse(a, text) : NULL;
    return judged(a, r == RESULT_OK && !*claims ? RESULT_REFUSED : r);
}

enum result jws_read(struct keyring *k, struct arena *a, struct str token, const char *typ,
                     const struct node **claims)
{
    struct str text;
    enum result r = open_held(k, a, token, typ, check_nothing, &text);
    *claims = r == RESULT_OK ? json_read(a, text) : NULL;
    return judged(a, r == RESULT_OK && !*claims ? RESULT_REFUSED : r);
}
