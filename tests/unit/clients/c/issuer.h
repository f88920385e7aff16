/*
 * An issuer for the client library's tests: a real HTTP server on a loopback port, whose answers the test
 * writes, and keys to sign with. It stands in for the misbehaving servers that Onedoor is not.
 */
#ifndef ONEDOOR_TESTS_CLIENT_ISSUER_H
#define ONEDOOR_TESTS_CLIENT_ISSUER_H

#include "client.h"
#include "jwt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ISSUER_PLACES = 8, ISSUER_TEXT = 65536 };

struct issuer_place {
    char path[128];
    int status;
    char *body;
    unsigned hits;
};

static struct {
    char name[64]; /* http://127.0.0.1:PORT */
    int listener;
    pthread_t thread;
    pthread_mutex_t lock;
    struct issuer_place places[ISSUER_PLACES];
    size_t count;
    bool away;              /* takes connections and says nothing */
    char last[ISSUER_TEXT]; /* the last request, whole */
} issuer;

static int64_t issuer_wall = 1800000000, issuer_ms = 1000;

static inline int64_t issuer_now(void)
{
    return issuer_wall;
}

static inline int64_t issuer_monotonic(void)
{
    return issuer_ms;
}

/* What the path answers from now on. */
static inline void issuer_serve(const char *path, int status, const char *body)
{
    pthread_mutex_lock(&issuer.lock);
    size_t i = 0;
    while (i < issuer.count && strcmp(issuer.places[i].path, path) != 0)
        i++;
    assert_true(i < ISSUER_PLACES);
    issuer.count = i == issuer.count ? i + 1 : issuer.count;
    free(issuer.places[i].body);
    snprintf(issuer.places[i].path, sizeof issuer.places[i].path, "%s", path);
    issuer.places[i].status = status;
    issuer.places[i].body = strdup(body);
    pthread_mutex_unlock(&issuer.lock);
}

static inline unsigned issuer_hits(const char *path)
{
    unsigned hits = 0;
    pthread_mutex_lock(&issuer.lock);
    for (size_t i = 0; i < issuer.count; i++)
        if (strcmp(issuer.places[i].path, path) == 0)
            hits = issuer.places[i].hits;
    pthread_mutex_unlock(&issuer.lock);
    return hits;
}

/* Reads until head and body are whole. */
static inline bool issuer_receive(int fd, char *text, size_t room)
{
    size_t len = 0, wanted = 0;
    while (len + 1 < room) {
        ssize_t n = read(fd, text + len, room - len - 1);
        if (n <= 0)
            return false;
        len += (size_t)n;
        text[len] = '\0';
        char *end = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");
        if (end)
            wanted = (size_t)(end - text) + 4 + (length && length < end ? strtoul(length + 16, NULL, 10) : 0);
        if (end && len >= wanted)
            return true;
    }
    return false;
}

static inline void issuer_send(int fd, int status, const char *body)
{
    char head[160];
    int n = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
                     status, strlen(body));
    if (write(fd, head, (size_t)n) == n && write(fd, body, strlen(body)) < 0)
        return;
}

static inline void issuer_answer(int fd)
{
    static char text[ISSUER_TEXT];
    if (!issuer_receive(fd, text, sizeof text))
        return;
    pthread_mutex_lock(&issuer.lock);
    memcpy(issuer.last, text, sizeof text);
    char *path = strchr(text, ' '), *end = path ? strchr(path + 1, ' ') : NULL;
    if (end)
        *end = '\0';
    size_t i = 0;
    while (end && i < issuer.count && strcmp(issuer.places[i].path, path + 1) != 0)
        i++;
    if (!issuer.away && i < issuer.count) {
        issuer.places[i].hits++;
        issuer_send(fd, issuer.places[i].status, issuer.places[i].body);
    } else if (!issuer.away) {
        issuer_send(fd, 404, "");
    }
    pthread_mutex_unlock(&issuer.lock);
}

static inline void *issuer_run(void *unused)
{
    (void)unused;
    int fd;
    while ((fd = accept(issuer.listener, NULL, NULL)) >= 0) {
        issuer_answer(fd);
        close(fd);
    }
    return NULL;
}

static inline void issuer_metadata(void)
{
    char text[1024];
    snprintf(text, sizeof text,
             "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/jwks\",\"introspection_endpoint\":\"%s/introspect\"}",
             issuer.name, issuer.name, issuer.name);
    issuer_serve("/.well-known/openid-configuration", 200, text);
    snprintf(text, sizeof text,
             "{\"policy_decision_point\":\"%s\",\"access_evaluation_endpoint\":\"%s/evaluation\","
             "\"access_evaluations_endpoint\":\"%s/evaluations\"}",
             issuer.name, issuer.name, issuer.name);
    issuer_serve("/.well-known/authzen-configuration", 200, text);
}

static inline void issuer_start(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    pthread_mutex_init(&issuer.lock, NULL);
    issuer.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(issuer.listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(issuer.listener, 64), 0);
    assert_int_equal(getsockname(issuer.listener, (struct sockaddr *)&at, &len), 0);
    snprintf(issuer.name, sizeof issuer.name, "http://127.0.0.1:%d", ntohs(at.sin_port));
    assert_int_equal(pthread_create(&issuer.thread, NULL, issuer_run, NULL), 0);
    issuer_metadata();
}

static inline void issuer_stop(void)
{
    shutdown(issuer.listener, SHUT_RDWR);
    pthread_join(issuer.thread, NULL);
    close(issuer.listener);
    for (size_t i = 0; i < issuer.count; i++)
        free(issuer.places[i].body);
    memset(issuer.places, 0, sizeof issuer.places);
    issuer.count = 0;
    issuer.away = false;
}

static inline void issuer_go(bool away)
{
    pthread_mutex_lock(&issuer.lock);
    issuer.away = away;
    pthread_mutex_unlock(&issuer.lock);
}

/* A handle whose clock is the test's. NULL changes: the defaults. */
static inline struct onedoor_client *issuer_client(void (*change)(struct onedoor_options *options))
{
    struct onedoor_options options;
    struct onedoor_client *client;
    onedoor_options_init(&options, sizeof options);
    options.audience = "records";
    if (change)
        change(&options);
    assert_int_equal(onedoor_open(issuer.name, "records", "s e:cret", &options, &client), ONEDOOR_OK);
    client->now = issuer_now;
    client->monotonic_ms = issuer_monotonic;
    return client;
}

/* Base64url of any bytes, and a little JSON about a key: what is published, what signs. */
static inline char *b64(const void *bytes, size_t len)
{
    char *text = malloc(len * 4 / 3 + 8);
    EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);
    for (char *c = text; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    text[strcspn(text, "=")] = '\0';
    return text;
}

static inline char *number_of(EVP_PKEY *key, const char *name)
{
    BIGNUM *n = NULL;
    unsigned char bytes[1100];
    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &n), 1);
    int len = EVP_PKEY_is_a(key, "EC") ? BN_bn2binpad(n, bytes, 32) : BN_bn2bin(n, bytes);
    BN_free(n);
    return b64(bytes, (size_t)len);
}

/* The caller's to free; `more` is written behind the key's own members, such as ",\"use\":\"enc\"". */
static inline char *jwk_of(EVP_PKEY *key, const char *kid, const char *more)
{
    bool ec = EVP_PKEY_is_a(key, "EC");
    char *a = number_of(key, ec ? OSSL_PKEY_PARAM_EC_PUB_X : OSSL_PKEY_PARAM_RSA_N);
    char *b = number_of(key, ec ? OSSL_PKEY_PARAM_EC_PUB_Y : OSSL_PKEY_PARAM_RSA_E);
    char *text = NULL;
    int n =
        ec ? asprintf(&text, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"%s}",
                      kid, a, b, more)
           : asprintf(&text, "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"%s}", kid, a, b, more);
    assert_true(n > 0);
    free(a);
    free(b);
    return text;
}

/* Publishes the keys, each by its name. */
struct named_key {
    const char *kid;
    EVP_PKEY *key;
};

static inline void issuer_publish(const struct named_key *keys, size_t count)
{
    char text[16384] = "{\"keys\":[";
    for (size_t i = 0; i < count; i++) {
        char *jwk = jwk_of(keys[i].key, keys[i].kid, ",\"use\":\"sig\"");
        strcat(text, i > 0 ? "," : "");
        strcat(text, jwk);
        free(jwk);
    }
    strcat(text, "]}");
    issuer_serve("/jwks", 200, text);
}

/* r and s, 32 bytes each, out of DER. */
static inline size_t raw_of(unsigned char *signature, size_t len)
{
    const unsigned char *p = signature;
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
    assert_non_null(sig);
    BN_bn2binpad(ECDSA_SIG_get0_r(sig), signature, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(sig), signature + 32, 32);
    ECDSA_SIG_free(sig);
    return 64;
}

/* The third part of a token over the first two, by any key; the caller's to free. */
static inline char *sign(EVP_PKEY *key, const char *input)
{
    unsigned char signature[1100];
    size_t len = sizeof signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(ctx, signature, &len, (const unsigned char *)input, strlen(input)), 1);
    EVP_MD_CTX_free(ctx);
    if (EVP_PKEY_is_a(key, "EC"))
        len = raw_of(signature, len);
    return b64(signature, len);
}

/* A whole token, truly signed, of any header and claims; the caller's to free. */
static inline char *token_of(EVP_PKEY *key, const char *header, const char *claims)
{
    char *h = b64(header, strlen(header)), *c = b64(claims, strlen(claims)), *input = NULL, *token = NULL;
    assert_true(asprintf(&input, "%s.%s", h, c) > 0);
    char *s = sign(key, input);
    assert_true(asprintf(&token, "%s.%s", input, s) > 0);
    free(h);
    free(c);
    free(s);
    free(input);
    return token;
}

/* The claims of a good token, with `changes` written behind them. */
static inline const char *claims_with(const char *changes)
{
    static _Thread_local char text[8192];
    snprintf(
        text, sizeof text,
        "{\"iss\":\"%s\",\"sub\":\"s-200145\",\"client_id\":\"portal\",\"jti\":\"j1\",\"iat\":1800000000%s}",
        issuer.name, changes);
    return text;
}

#define GOOD ",\"aud\":\"records\",\"exp\":1800000600"

#endif
