#include "text.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A new block instead of realloc: the old one may hold a token, and is wiped. */
static bool grow(struct odc_text *t, size_t wanted)
{
    size_t room = t->room > 0 ? t->room : 512;
    while (room <= wanted)
        room *= 2;
    char *p = malloc(room);
    if (!p)
        return false;
    if (t->len > 0)
        memcpy(p, t->p, t->len);
    size_t len = t->len;
    odc_text_free(t);
    t->p = p;
    t->len = len;
    t->room = room;
    return true;
}

bool odc_text_add(struct odc_text *t, const void *bytes, size_t len)
{
    bool fits = !t->full && len <= t->max - t->len;
    if (!fits || (t->len + len >= t->room && !grow(t, t->len + len))) {
        t->full = true;
        return false;
    }
    if (len > 0)
        memcpy(t->p + t->len, bytes, len);
    t->len += len;
    t->p[t->len] = '\0';
    return true;
}

bool odc_text_puts(struct odc_text *t, const char *s)
{
    return odc_text_add(t, s, strlen(s));
}

static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._*", c);
}

bool odc_text_form(struct odc_text *t, const char *s)
{
    static const char hex[] = "0123456789ABCDEF";
    bool good = true;
    for (const unsigned char *c = (const unsigned char *)s; good && *c; c++) {
        const char coded[] = {'%', hex[*c >> 4], hex[*c & 15]};
        good = is_plain(*c) ? odc_text_add(t, c, 1) : odc_text_add(t, coded, sizeof coded);
    }
    return good;
}

void odc_text_free(struct odc_text *t)
{
    if (t->p)
        OPENSSL_cleanse(t->p, t->room);
    free(t->p);
    t->p = NULL;
    t->len = t->room = 0;
    t->full = false;
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool odc_base64url(const char *text, size_t len, unsigned char *out, size_t *out_len)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        int value = digit(text[i]);
        if (value < 0)
            return false;
        bits = (bits << 6 | (uint32_t)value) & 0xffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[n++] = (unsigned char)(bits >> held);
        }
    }
    *out_len = n;
    return held < 6 && (bits & ((1U << held) - 1)) == 0;
}
