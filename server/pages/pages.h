/* What the handlers ask of the loaded pages. */
#ifndef ONEDOOR_PAGES_PAGES_H
#define ONEDOOR_PAGES_PAGES_H

#include "server/base/buf.h"
#include "server/pages/handlers.h"
#include "server/pages/language.h"
#include "server/token/provider.h"

/* Renders one view into `out` by the request's language; false for an unknown view. */
bool pages_write(const struct provider *p, const struct request *req, const char *view, json_t *data,
                 struct arena *a, struct buf *out);
/* The views there are: for tests. */
size_t pages_view_count(const struct pages *pages);
struct str pages_view_name(const struct pages *pages, size_t i);

#endif
