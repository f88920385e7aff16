/* Numbers of citizens (GB 11643) and of companies (GB 32100): told by their form and their check character.
 */
#ifndef ONEDOOR_AUTHN_IDENTITY_NUMBER_H
#define ONEDOOR_AUTHN_IDENTITY_NUMBER_H

#include "server/base/str.h"

enum identity_kind { IDENTITY_CITIZEN, IDENTITY_COMPANY };
enum { IDENTITY_NUMBER_LENGTH = 18 };

/*
 * Puts the number into `out` in its one spelling: letters, which are taken in lower case too, are written in
 * upper case, as the standards have them. `now` bounds a birthday. NULL when taken, else a constant text of
 * what is wrong, which repeats nothing of the number. `out` is the caller's to wipe.
 */
const char *identity_number_read(enum identity_kind kind, struct str typed, int64_t now,
                                 char out[IDENTITY_NUMBER_LENGTH]);

#endif
