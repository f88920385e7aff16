/* base64url, base64, hexadecimal, form and URL encoding: strict both ways. */
#ifndef ONEDOOR_BASE_ENCODE_H
#define ONEDOOR_BASE_ENCODE_H

#include "server/base/arena.h"
#include "server/base/buf.h"

/* RFC 4648 section 5 without padding. STR_EMPTY when there is no memory. */
struct str base64url_encode(struct arena *a, struct str bytes);
/*
 * Strict: only the alphabet, no padding, no white space, no lone last character, and the unused bits of the
 * last character zero, so that a value has one spelling only. False otherwise.
 */
bool base64url_decode(struct arena *a, struct str text, struct str *out);
/* RFC 4648 section 4 with padding, as RFC 7617 Basic credentials need it; as strict. */
struct str base64_encode(struct arena *a, struct str bytes);
bool base64_decode(struct arena *a, struct str text, struct str *out);

/* Lower case only, both ways. Here and above: what is decoded has a NUL behind its last byte. */
struct str hex_encode(struct arena *a, struct str bytes);
bool hex_decode(struct arena *a, struct str text, struct str *out);

/* Percent-encodes all but RFC 3986 unreserved characters, for a query value or a path segment. */
void url_encode(struct buf *out, struct str s);
/*
 * application/x-www-form-urlencoded decoding of one name or value: `+` is a space. False on a bad escape and
 * on %00: no parameter of ours may hold NUL. *out may be `text` itself, when there was nothing to decode.
 */
bool form_decode(struct arena *a, struct str text, struct str *out);

#endif
