#include "authn/totp.h"
#include "server/base/encode.h"

#include <qrencode.h>

enum { QUIET_ZONE = 4, URI_MAX = 1000, SVG_MAX = 1 << 18 };

struct str totp_uri(struct arena *a, struct str issuer, struct str label, struct str seed)
{
    struct str secret = totp_base32(a, seed);
    struct buf out;
    buf_init(&out, URI_MAX);
    buf_add(&out, STR("otpauth://totp/"));
    url_encode(&out, issuer);
    buf_add(&out, STR(":"));
    url_encode(&out, label);
    buf_add(&out, STR("?secret="));
    buf_add(&out, secret);
    buf_add(&out, STR("&issuer="));
    url_encode(&out, issuer);
    buf_add(&out, STR("&algorithm=SHA1&digits=6&period=30"));
    struct str uri = secret.len > 0 && !out.failed ? arena_copy(a, buf_str(&out)) : STR_EMPTY;
    buf_free(&out);
    return uri;
}

/* The dark modules of one row: a step to each run, and a rectangle over it. */
static void draw_row(struct buf *out, const unsigned char *row, int width, int y)
{
    for (int x = 0; x < width; x++) {
        int from = x;
        while (x < width && (row[x] & 1))
            x++;
        if (x > from)
            buf_printf(out, "M%d %dh%dv1h-%dz", from + QUIET_ZONE, y + QUIET_ZONE, x - from, x - from);
    }
}

/* Without style or script, so that it needs nothing from a strict content security policy. */
static void draw(struct buf *out, const QRcode *code)
{
    int side = code->width + 2 * QUIET_ZONE;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
               "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
               side, side, side, side);
    for (int y = 0; y < code->width; y++)
        draw_row(out, code->data + (size_t)y * (size_t)code->width, code->width, y);
    buf_add(out, STR("\"/></svg>"));
}

static void forget(QRcode *code)
{
    wipe(code->data, (size_t)code->width * (size_t)code->width);
    QRcode_free(code);
}

struct str totp_qr_svg(struct arena *a, struct str uri)
{
    const char *text = arena_cstr(a, uri);
    QRcode *code = text && uri.len > 0 ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;
    struct buf out;
    if (!code)
        return STR_EMPTY;
    buf_init(&out, SVG_MAX);
    draw(&out, code);
    struct str svg = out.failed ? STR_EMPTY : arena_copy(a, buf_str(&out));
    buf_free(&out);
    forget(code);
    return svg;
}
