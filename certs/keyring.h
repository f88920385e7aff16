/* The signing keys: made at first start, sealed in the registry, rotated with overlap. */
#ifndef ONEDOOR_CERTS_KEYRING_H
#define ONEDOOR_CERTS_KEYRING_H

#include "certs/seal.h"
#include "directory/registry.h"
#include "server/base/json.h"

enum jws_alg { JWS_ES256, JWS_RS256, JWS_ALG_COUNT };
/* "ES256"; and back, false for anything else. */
const char *jws_alg_name(enum jws_alg alg);
bool jws_alg_parse(struct str name, enum jws_alg *out);

enum key_state {
    KEY_NEXT,   /* published, not yet used: verifiers learn it before the first signature */
    KEY_ACTIVE, /* signs */
    KEY_RETIRED /* verifies until what it signed has expired, then is removed */
};

struct keyring_config {
    int64_t rotate_seconds;  /* an active key older than this is rotated; 0: only by command */
    int64_t overlap_seconds; /* how long a retired key verifies: the longest lifetime it may have signed, and
                                a minute */
};

struct keyring;

/*
 * Reads the keys from ou=keys of the registry, makes those that are missing (an active and a next one of each
 * algorithm; two servers starting at once end with the same keys), cross-checks one token of each through
 * libjwt. RSA keys under 2048 bits are REFUSED; an entry that does not open is INTERNAL.
 * *out is owned by the caller, directory and seal are borrowed.
 */
MUST_CHECK enum result keyring_open(struct directory *d, const struct seal *seal,
                                    const struct keyring_config *config, struct keyring **out);
void keyring_close(struct keyring *k);

/*
 * Reads the registry again and carries out what age demands: called every few seconds by the server and by
 * `onedoor keys rotate`. A failure to read keeps the keys as they were; after a failure to write, what was
 * read is taken over if one can sign with it. Safe while other threads sign.
 */
MUST_CHECK enum result keyring_refresh(struct keyring *k);
/* next → active, active → retired, a new next; for one algorithm, now. USED when another server just did. */
MUST_CHECK enum result keyring_rotate(struct keyring *k, enum jws_alg alg);

/* Grows with every change of the keys, as soon as it can be read. */
uint64_t keyring_version(const struct keyring *k);

/* The JWK Set of RFC 7517, as text; lives in the arena. */
struct str keyring_jwks(struct keyring *k, struct arena *a);
/* For `onedoor keys list`: one array of {kid, alg, state, created}. */
json_t *keyring_describe(struct keyring *k, struct arena *a);

#endif
