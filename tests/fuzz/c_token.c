/*
 * onedoor_verify over any bytes. Those that begin with '{' are taken as "header|claims" and truly signed, so
 * that what lies behind the signature is reached too; all others must be refused. The keys are there already,
 * and the clock stands still, so that nobody is asked.
 */
#include "client.h"
#include "text.h"

#include <openssl/ec.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static EVP_PKEY *key;

static int64_t now(void)
{
    return 1800000000;
}

static struct onedoor_client *make_client(void)
{
    struct onedoor_client *client;
    struct odc_keyset *set = calloc(1, sizeof *set);
    key = EVP_EC_gen("P-256");
    if (!key || !set ||
        onedoor_open("https://sso.city.example", "records", NULL, NULL, &client) != ONEDOOR_OK)
        abort();
    atomic_init(&set->references, 1);
    set->keys[set->count++] = (struct odc_key){.kid = "k", .alg = ODC_ES256, .pkey = key};
    client->now = client->monotonic_ms = now;
    client->keys.set = set;
    client->keys.set_ms = client->keys.tried_ms = now();
    client->keys.tried = true;
    return client;
}

static void add_part(struct odc_text *out, const void *bytes, size_t len)
{
    char *text = malloc(len * 2 + 8);
    int n = text ? EVP_EncodeBlock((unsigned char *)text, bytes, (int)len) : 0;
    while (n > 0 && text[n - 1] == '=')
        n--;
    for (int i = 0; i < n; i++)
        text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
    odc_text_add(out, text ? text : "", (size_t)n);
    free(text);
}

static void add_signature(struct odc_text *out)
{
    unsigned char der[128], raw[64];
    const unsigned char *p = der;
    size_t len = sizeof der;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(ctx, der, &len, (unsigned char *)out->p, out->len) != 1)
        abort();
    EVP_MD_CTX_free(ctx);
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
    BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + 32, 32);
    ECDSA_SIG_free(sig);
    odc_text_puts(out, ".");
    add_part(out, raw, sizeof raw);
}

static bool add_signed(struct odc_text *out, const uint8_t *data, size_t size)
{
    const uint8_t *bar = memchr(data, '|', size);
    if (!bar)
        return false;
    add_part(out, data, (size_t)(bar - data));
    odc_text_puts(out, ".");
    add_part(out, bar + 1, size - (size_t)(bar - data) - 1);
    add_signature(out);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct onedoor_client *client;
    struct odc_text token = {.max = 1 << 20};
    struct onedoor_claims *claims = NULL;
    if (!client)
        client = make_client();
    bool ours = size > 0 && data[0] == '{' && add_signed(&token, data, size);
    if (!ours)
        odc_text_add(&token, data, size);
    enum onedoor_error e = onedoor_verify(client, token.p ? token.p : "", &claims);
    if ((e == ONEDOOR_OK) != (claims != NULL) || (e == ONEDOOR_OK && !ours) ||
        (e != ONEDOOR_OK && !onedoor_refused(e)))
        abort();
    onedoor_claims_has_scope(claims, "records:read");
    onedoor_claims_has_organisation(claims, "330102");
    onedoor_claims_free(claims);
    odc_text_free(&token);
    return 0;
}
