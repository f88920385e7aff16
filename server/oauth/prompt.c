#include "server/oauth/prompt.h"

/* In the order of enum prompt's bits. */
static const struct str words = {"none login consent select_account",
                                 sizeof "none login consent select_account" - 1};

unsigned prompt_bit(struct str word)
{
    struct str rest = words, known;
    for (unsigned bit = 1; str_word(&rest, &known); bit <<= 1)
        if (str_eq(known, word))
            return bit;
    return 0;
}

struct str prompt_words(void)
{
    return words;
}
