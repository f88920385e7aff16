/* A grant as the record that lies in the store. Inside server/token only. */
#ifndef ONEDOOR_TOKEN_GRANT_JSON_H
#define ONEDOOR_TOKEN_GRANT_JSON_H

#include "server/token/grant.h"

/* STR_EMPTY when memory is out. The way back is grant_parse. */
struct str grant_text(struct arena *a, const struct grant *g);

#endif
