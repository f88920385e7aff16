/* Escaping: whatever a value holds, it stays text in the place where it is put. */
#ifndef ONEDOOR_PAGES_ESCAPE_H
#define ONEDOOR_PAGES_ESCAPE_H

#include "server/base/buf.h"

/*
 * For HTML text and for double-quoted attribute values. Control characters (but tab and line feed) and what
 * is no UTF-8 become U+FFFD; CR and LF become references, so that an attribute keeps them.
 */
void escape_html(struct buf *out, struct str s);

/* An http or https address of plain ASCII, or a path of ours: what may stand in href and action. */
bool url_is_web(struct str s);
/* A path of ours, or an SVG or PNG as a base64 data: address: what may stand in an image's src. */
bool url_is_image(struct str s);
/*
 * A path on this server and nothing else: begins with one slash; no backslash, no control character, no
 * second slash behind the first, nothing that a browser could take for another host (an open redirect).
 */
bool path_is_local(struct str s);

#endif
