/* The words of `prompt`, for the check and for discovery. */
#ifndef ONEDOOR_OAUTH_PROMPT_H
#define ONEDOOR_OAUTH_PROMPT_H

#include "server/oauth/authorization.h"

/* One bit of enum prompt; 0 for any other word. */
unsigned prompt_bit(struct str word);
/* All words, space-separated. */
struct str prompt_words(void);

#endif
