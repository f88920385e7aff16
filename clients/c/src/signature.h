/* Checking a JWS signature (RFC 7518 sections 3.3 and 3.4). */
#ifndef ODC_SIGNATURE_H
#define ODC_SIGNATURE_H

#include "keyset.h"

/* OK, TOKEN_SIGNATURE, or MEMORY. */
enum onedoor_error odc_signature_check(const struct odc_key *key, const char *input, size_t input_len,
                                       const unsigned char *signature, size_t len);

#endif
