/* RFC 6238 one-time codes through liboath: 6 digits, 30 seconds, SHA-1, one step either side. */
#ifndef ONEDOOR_AUTHN_TOTP_H
#define ONEDOOR_AUTHN_TOTP_H

#include "authn/authn.h"

enum { TOTP_SEED_SIZE = 20, TOTP_STEP_SECONDS = 30 };

bool totp_seed_make(struct arena *a, struct str *seed);
/* The seed in base32, as people type it; and back (spaces and lower case are taken). */
struct str totp_base32(struct arena *a, struct str seed);
bool totp_from_base32(struct arena *a, struct str text, struct str *seed);
/* otpauth://totp/… for the QR code. */
struct str totp_uri(struct arena *a, struct str issuer, struct str label, struct str seed);
/* The QR code as an SVG document with a quiet zone; STR_EMPTY on failure. */
struct str totp_qr_svg(struct arena *a, struct str uri);

/* Whether it is the code of a step within one of `now` (Unix seconds); *step is then that step's number. */
bool totp_match(struct str seed, struct str code, int64_t now, uint64_t *step);

/*
 * Checks a code (spaces and dashes are taken) and spends its step for that person on every server: OK once;
 * REFUSED when wrong, outside one step either side, spent, or from before the store's floor; UNAVAILABLE when
 * the store can't remember it.
 */
MUST_CHECK enum result totp_check(struct authn *au, struct arena *a, struct str uuid, struct str seed,
                                  struct str code);

#endif
