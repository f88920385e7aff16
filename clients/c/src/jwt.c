#include "jwt.h"

#include "json.h"
#include "text.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_MEMBERS = 3 };

struct part {
    const char *p;
    size_t len;
};

/* Exactly three parts, none empty. */
static bool split(const char *token, size_t len, struct part out[3])
{
    size_t n = 0;
    out[0] = (struct part){token, 0};
    for (size_t i = 0; i < len; i++) {
        if (token[i] != '.') {
            out[n].len++;
            continue;
        }
        if (++n == 3)
            return false;
        out[n] = (struct part){token + i + 1, 0};
    }
    return n == 2 && out[0].len > 0 && out[1].len > 0 && out[2].len > 0;
}

static enum onedoor_error read_members(struct odc_jwt *jwt, const json_t *header)
{
    const char *alg = odc_json_text(header, "alg"), *typ = odc_json_text(header, "typ"),
               *kid = odc_json_text(header, "kid");
    if (json_object_size(header) != HEADER_MEMBERS || !alg || !typ || !kid || strlen(kid) > ODC_KID_MAX)
        return ONEDOOR_TOKEN_MALFORMED;
    if (strcmp(typ, "at+jwt") != 0)
        return ONEDOOR_TOKEN_TYPE;
    jwt->alg = odc_alg_find(alg);
    strcpy(jwt->kid, kid);
    return jwt->alg == ODC_ALG_COUNT ? ONEDOOR_TOKEN_ALGORITHM : ONEDOOR_OK;
}

static enum onedoor_error read_header(struct odc_jwt *jwt, struct part part)
{
    unsigned char bytes[ODC_HEADER_MAX];
    size_t len;
    if (part.len > ODC_HEADER_MAX || !odc_base64url(part.p, part.len, bytes, &len))
        return ONEDOOR_TOKEN_MALFORMED;
    json_t *header = odc_json_object((const char *)bytes, len);
    enum onedoor_error e = header ? read_members(jwt, header) : ONEDOOR_TOKEN_MALFORMED;
    json_decref(header);
    return e;
}

enum onedoor_error odc_jwt_read(struct odc_jwt *jwt, const char *token)
{
    struct part parts[3];
    *jwt = (struct odc_jwt){.alg = ODC_ALG_COUNT};
    size_t len = strnlen(token, ODC_JWT_MAX + 1);
    if (len > ODC_JWT_MAX || !split(token, len, parts))
        return ONEDOOR_TOKEN_MALFORMED;
    enum onedoor_error e = read_header(jwt, parts[0]);
    if (e != ONEDOOR_OK)
        return e;
    jwt->bytes = malloc(len);
    if (!jwt->bytes)
        return ONEDOOR_MEMORY;
    if (!odc_base64url(parts[1].p, parts[1].len, jwt->bytes, &jwt->claims_len) ||
        !odc_base64url(parts[2].p, parts[2].len, jwt->bytes + jwt->claims_len, &jwt->signature_len))
        return ONEDOOR_TOKEN_MALFORMED;
    jwt->signature = jwt->bytes + jwt->claims_len;
    jwt->input = token;
    jwt->input_len = parts[0].len + 1 + parts[1].len;
    return ONEDOOR_OK;
}

void odc_jwt_free(struct odc_jwt *jwt)
{
    if (jwt->bytes)
        OPENSSL_cleanse(jwt->bytes, jwt->claims_len + jwt->signature_len);
    free(jwt->bytes);
    jwt->bytes = NULL;
}

json_t *odc_jwt_claims(const struct odc_jwt *jwt)
{
    return odc_json_object((const char *)jwt->bytes, jwt->claims_len);
}
