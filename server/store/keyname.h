/* Names of keys in Redis: nobody who reads them learns whose or what a record is. */
#ifndef ONEDOOR_STORE_KEYNAME_H
#define ONEDOOR_STORE_KEYNAME_H

#include "server/store/store.h"

enum { KEY_PREFIX_MAX = 32, KEY_PLACE_MAX = KEY_PREFIX_MAX + 64 };

/* The name, and behind it the rest of what its values are sealed to. */
struct key_name {
    char text[KEY_PLACE_MAX];
    size_t len, place_len;
};

/* What Redis is told. */
struct str key_name_str(const struct key_name *name);
/* What values under that name are sealed to: the name and, of a hashed one, the whole hash. */
struct str key_place_str(const struct key_name *name);

/*
 * prefix ‖ the first 162 bits of SHA-256(epoch ‖ 0 ‖ kind ‖ 0 ‖ id) in the 27 characters of base64url. False
 * when OpenSSL fails.
 */
MUST_CHECK bool key_name_hashed(struct key_name *out, struct str prefix, struct str epoch,
                                enum store_kind kind, struct str id);
/* prefix ‖ word ‖ rest, for the few keys that are no record: 64 bytes of word and rest at most. */
void key_name_plain(struct key_name *out, struct str prefix, const char *word, const char *rest);

/* "session", as in the table of kinds. */
const char *store_kind_name(enum store_kind kind);

#endif
