/* Texts of bounded length: growing ones, and base64url. */
#ifndef ODC_TEXT_H
#define ODC_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Grows up to max bytes; `full` says that something was left out, for want of room or of memory. */
struct odc_text {
    char *p; /* ends in NUL once something was added */
    size_t len, room, max;
    bool full;
};

/* False, and nothing added, when it would grow beyond max. */
bool odc_text_add(struct odc_text *t, const void *bytes, size_t len);
bool odc_text_puts(struct odc_text *t, const char *s);
/* Bytes that application/x-www-form-urlencoded would change are percent-encoded, the space too. */
bool odc_text_form(struct odc_text *t, const char *s);
/* Wipes and frees what it holds; it may be used again. */
void odc_text_free(struct odc_text *t);

/*
 * Strict base64url without padding (RFC 7515 section 2): only the alphabet, no length that cannot be, and the
 * bits that are left over are zero, so that a text has one form. Writes len * 3 / 4 bytes at most; false
 * otherwise.
 */
bool odc_base64url(const char *text, size_t len, unsigned char *out, size_t *out_len);

#endif
