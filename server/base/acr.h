/* Sign-in strength: the words of `acr` and the number `authn_level`, one table. */
#ifndef ONEDOOR_BASE_ACR_H
#define ONEDOOR_BASE_ACR_H

#include "server/base/str.h"

enum authn_level {
    AUTHN_NONE = 0,
    AUTHN_LOW = 1,         /* one factor: a password */
    AUTHN_SUBSTANTIAL = 2, /* two factors: a password and a one-time code */
    AUTHN_HIGH = 3         /* two factors, one of them hardware: nothing gives it yet */
};

/* "low", "substantial", "high"; "" for AUTHN_NONE. */
const char *acr_word(enum authn_level level);
/* The level of a word; AUTHN_NONE for any other. */
enum authn_level acr_level(struct str word);

#endif
