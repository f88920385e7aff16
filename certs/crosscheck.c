#include "certs/crosscheck.h"

#include "certs/jws.h"
#include "certs/keyring_internal.h"
#include "certs/signer.h"
#include "server/base/secret.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

enum { SCRATCH = 256 * 1024 };

/* libjwt 1.10 decodes no other type than this. */
static const char typ[] = "JWT";
static const char claims[] = "{\"iss\":\"crosscheck\"}";

/* The key as PEM, into the arena. */
static struct str to_pem(struct arena *a, const struct key_pair *key, bool private)
{
    char *p = NULL;
    struct str pem = STR_EMPTY;
    BIO *bio = BIO_new(private ? BIO_s_secmem() : BIO_s_mem());
    if (!bio)
        return pem;
    int done = private ? PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL)
                       : PEM_write_bio_PUBKEY(bio, key->pkey);
    long len = done == 1 ? BIO_get_mem_data(bio, &p) : 0;
    if (len > 0) {
        pem = arena_copy(a, (struct str){p, (size_t)len});
        wipe(p, (size_t)len);
    }
    BIO_free(bio);
    return pem;
}

static bool we_accept(struct keyring *k, struct arena *a, struct str token)
{
    json_t *read = NULL;
    return jws_verify(k, a, token, typ, &read) == RESULT_OK &&
           str_eq(json_get_str(read, "iss"), STR("crosscheck"));
}

static bool all_accept_ours(struct keyring *k, struct arena *a, const struct key_pair *key)
{
    struct str pem = to_pem(a, key, false), token;
    const json_t *grants = json_parse(a, str_of(claims));
    jwt_t *jwt = NULL;
    if (pem.len == 0 || signer_sign(k, a, key->alg, typ, grants, &token) != RESULT_OK ||
        jwt_decode(&jwt, token.p, (const unsigned char *)pem.p, (int)pem.len) != 0)
        return false;
    const char *issuer = jwt_get_grant(jwt, "iss");
    bool same = jwt_get_alg(jwt) == alg_of(key->alg)->libjwt && issuer && strcmp(issuer, "crosscheck") == 0;
    jwt_free(jwt);
    return same && we_accept(k, a, token);
}

static bool we_accept_theirs(struct keyring *k, struct arena *a, const struct key_pair *key)
{
    struct str pem = to_pem(a, key, true);
    jwt_t *jwt = NULL;
    if (pem.len == 0 || jwt_new(&jwt) != 0)
        return false;
    int failed = jwt_add_header(jwt, "kid", key->kid) || jwt_add_grants_json(jwt, claims) ||
                 jwt_set_alg(jwt, alg_of(key->alg)->libjwt, (const unsigned char *)pem.p, (int)pem.len);
    char *token = failed ? NULL : jwt_encode_str(jwt);
    bool same = token && we_accept(k, a, str_of(token));
    free(token);
    jwt_free(jwt);
    return same;
}

/* A keyring of this key alone, so that the check takes the way of every token. */
static struct keyring *keyring_of(struct key_pair *key)
{
    static const struct keyring_config config = {0};
    struct key_set *set = key_set_new(1);
    if (!set)
        return NULL;
    struct key_record record = {.pair = key_ref(key), .serial = 1, .state = KEY_ACTIVE};
    return key_set_add(set, record) ? keyring_from_keys(set, &config) : NULL;
}

static enum result check(struct key_pair *key, bool is_new)
{
    struct arena *a = arena_new(SCRATCH);
    struct keyring *k = a ? keyring_of(key) : NULL;
    bool agreed = k && all_accept_ours(k, a, key) && (!is_new || we_accept_theirs(k, a, key));
    keyring_close(k);
    arena_free(a);
    ERR_clear_error();
    return agreed ? RESULT_OK : RESULT_INTERNAL;
}

enum result key_crosscheck(struct key_pair *key)
{
    return check(key, false);
}

enum result key_crosscheck_new(struct key_pair *key)
{
    return check(key, true);
}
