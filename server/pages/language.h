/* The languages of the pages, and which of them a request gets. */
#ifndef ONEDOOR_PAGES_LANGUAGE_H
#define ONEDOOR_PAGES_LANGUAGE_H

#include "server/http/request.h"

#define LANGUAGE_COOKIE "__Host-onedoor-lang"
#define TYPE_COOKIE     "__Host-onedoor-type"

enum language { LANGUAGE_ZH_CN, LANGUAGE_EN, LANGUAGE_COUNT };

/* "zh-CN", "en": for `lang` attributes, the cookie and the catalogues' file names. */
struct str language_tag(enum language l);
/* The language whose tag is exactly this; LANGUAGE_COUNT for any other. */
enum language language_by_tag(struct str tag);
/* The first of space-separated BCP 47 tags that we have (ui_locales); LANGUAGE_COUNT when none is. */
enum language language_from_list(struct str tags);
/* The best by the q-values of RFC 9110 section 12.5.4, the first of equals; LANGUAGE_COUNT when none is. */
enum language language_from_header(struct str accept_language);
/* What the person chose, else what the application asked, else what the browser says, else Chinese. */
enum language language_of_request(const struct request *req, struct str ui_locales);

#endif
