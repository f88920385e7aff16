/* A grant as the packed record that lies in the store. Inside server/token only. */
#ifndef ONEDOOR_TOKEN_GRANT_PACKED_H
#define ONEDOOR_TOKEN_GRANT_PACKED_H

#include "server/token/grant.h"

/* STR_EMPTY when memory is out. */
struct str grant_text(struct arena *a, const struct grant *g);
/* NULL when it is none. */
struct grant *grant_parse(struct arena *a, struct str gid, struct str record);

#endif
