#include "server/base/acr.h"

static const char *const words[] = {
    [AUTHN_NONE] = "",
    [AUTHN_LOW] = "low",
    [AUTHN_SUBSTANTIAL] = "substantial",
    [AUTHN_HIGH] = "high",
};

const char *acr_word(enum authn_level level)
{
    return words[level];
}

enum authn_level acr_level(struct str word)
{
    for (unsigned level = AUTHN_LOW; level <= AUTHN_HIGH; level++) {
        if (str_eq(word, str_of(words[level])))
            return (enum authn_level)level;
    }
    return AUTHN_NONE;
}
