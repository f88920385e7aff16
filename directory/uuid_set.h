/* A set of the 16 bytes by which a directory names its entries. */
#ifndef ONEDOOR_DIRECTORY_UUID_SET_H
#define ONEDOOR_DIRECTORY_UUID_SET_H

#include "server/base/str.h"

enum { UUID_SIZE = 16 };

/* From hexadecimal digits with dashes anywhere between. False when there are not 32 digits and nothing else.
 */
bool uuid_of_text(struct str text, unsigned char out[UUID_SIZE]);

struct uuid_set {
    unsigned char (*v)[UUID_SIZE]; /* a table with free places */
    unsigned char *state;          /* of each place */
    size_t places, used, n;
};

/* A set of zeroes is empty. */
void uuid_set_free(struct uuid_set *s);
/* False when it has not 16 bytes, or memory is out. What is in it stays. */
bool uuid_set_add(struct uuid_set *s, struct str uuid);
bool uuid_set_has(const struct uuid_set *s, struct str uuid);
bool uuid_set_remove(struct uuid_set *s, struct str uuid);
/* One after the other, in no order: *at begins with 0; false when there is none left. Borrowed. */
bool uuid_set_next(const struct uuid_set *s, size_t *at, struct str *uuid);

#endif
