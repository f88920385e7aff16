/* The TLS listener, asked by OpenSSL's own client. */
#include "tests/unit/server/http/raw.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static char certificate[4096];
static struct secret *key;

static size_t take(BIO *bio, char *out, size_t max)
{
    int n = BIO_read(bio, out, (int)max - 1);
    BIO_free(bio);
    out[n > 0 ? n : 0] = 0;
    return n > 0 ? (size_t)n : 0;
}

static void make_certificate(void)
{
    char pem[4096];
    EVP_PKEY *pkey = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               (const unsigned char *)"localhost", -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_set_pubkey(x, pkey);
    assert_true(X509_sign(x, pkey, EVP_sha256()) > 0);
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, x);
    assert_true(take(bio, certificate, sizeof certificate) > 0);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
    key = secret_copy(pem, take(bio, pem, sizeof pem));
    X509_free(x);
    EVP_PKEY_free(pkey);
}

static int start_tls(void **state)
{
    (void)state;
    if (system("command -v openssl >/dev/null 2>&1") != 0)
        return -1;
    log_setup(LOG_LEVEL_ERROR, LOG_FORMAT_LOGFMT);
    make_certificate();
    pools = start_pools();
    struct listener_config config = test_config();
    config.tls_certificate = certificate;
    config.tls_key = key;
    return start_listener(&config);
}

static int stop_tls(void **state)
{
    stop_server(state);
    secret_free(key);
    return 0;
}

/* What the server answers to GET /quick over a connection with those options; empty when there is none. */
static const char *ask_tls(const char *options)
{
    static char out[8192];
    char command[512];
    snprintf(command, sizeof command,
             "(printf 'GET /quick?a=1 HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n'; sleep 1) | "
             "timeout 10 openssl s_client -quiet -connect 127.0.0.1:%u %s 2>/dev/null",
             (unsigned)listener_port(listener), options);
    FILE *p = popen(command, "r");
    assert_non_null(p);
    size_t n = fread(out, 1, sizeof out - 1, p);
    out[n] = 0;
    pclose(p);
    return out;
}

static void both_versions_of_tls_are_served(void **state)
{
    (void)state;
    const char *options[] = {"-tls1_3", "-tls1_2"};
    for (int i = 0; i < 2; i++) {
        const char *answer = ask_tls(options[i]);
        assert_memory_equal(answer, "HTTP/1.1 200 OK\r\n", 17);
        assert_non_null(strstr(answer, "\r\nStrict-Transport-Security: max-age=31536000\r\n"));
        assert_non_null(strstr(answer, "\r\n\r\na=1 from=127.0.0.1"));
    }
}

static void older_versions_and_weak_ciphers_are_not(void **state)
{
    (void)state;
    assert_string_equal(ask_tls("-tls1_1 -cipher ALL:@SECLEVEL=0"), "");
    assert_string_equal(ask_tls("-tls1_2 -cipher AES128-SHA:@SECLEVEL=0"), "");
    assert_string_equal(ask_tls("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"), "");
}

static void plain_http_on_the_tls_port_is_closed(void **state)
{
    (void)state;
    int fd = dial();
    SEND(fd, "GET /quick HTTP/1.1\r\n" HOST "\r\n");
    char c[64];
    ssize_t n = readable(fd, WAIT_MS) ? recv(fd, c, sizeof c, 0) : -1;
    assert_true(n <= 0 || memcmp(c, "HTTP", 4) != 0);
    close(fd);
}

static void a_key_of_another_certificate_is_refused_at_start(void **state)
{
    (void)state;
    const char *why = NULL;
    struct listener_config config = test_config();
    struct secret *wrong = secret_copy("no key", 6);
    config.tls_certificate = certificate;
    config.tls_key = wrong;
    assert_null(listener_start(&config, &why));
    assert_string_equal(why, "the TLS certificate and key cannot be used");
    secret_free(wrong);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_tls, stop_tls)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_versions_of_tls_are_served),
        TEST(older_versions_and_weak_ciphers_are_not),
        TEST(plain_http_on_the_tls_port_is_closed),
        TEST(a_key_of_another_certificate_is_refused_at_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
