#include "issuer.h"

static bool decodes(const char *text, const char *wanted)
{
    unsigned char out[64];
    size_t len = 0;
    bool good = odc_base64url(text, strlen(text), out, &len);
    return good && wanted && len == strlen(wanted) && memcmp(out, wanted, len) == 0;
}

static void base64url_has_one_form(void **state)
{
    (void)state;
    assert_true(decodes("", ""));
    assert_true(decodes("Zg", "f"));
    assert_true(decodes("Zm8", "fo"));
    assert_true(decodes("Zm9v", "foo"));
    assert_true(decodes("Zm9vYmFy", "foobar"));
    assert_true(decodes("-_8", "\xfb\xff"));
    static const char *const bad[] = {
        "Z", "Zm9vY", "Zh", "Zm9", "Zg==", "Zg=", "+/8", " Zg", "Zg\n", "Z.g", "Zg\xc3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        unsigned char out[64];
        size_t len;
        assert_false(odc_base64url(bad[i], strlen(bad[i]), out, &len));
    }
}

static void texts_stop_at_their_limit(void **state)
{
    (void)state;
    struct odc_text t = {.max = 1000};
    for (int i = 0; i < 1000; i++)
        assert_true(odc_text_puts(&t, "x"));
    assert_false(t.full);
    assert_false(odc_text_puts(&t, "x"));
    assert_true(t.full);
    assert_int_equal(t.len, 1000);
    assert_int_equal(strlen(t.p), 1000);
    odc_text_free(&t);
    odc_text_free(&t);
}

static void forms_are_encoded(void **state)
{
    (void)state;
    struct odc_text t = {.max = 100};
    assert_true(odc_text_form(&t, "aZ09-._* +%:&=\xe4\xb8\x80"));
    assert_string_equal(t.p, "aZ09-._*%20%2B%25%3A%26%3D%E4%B8%80");
    odc_text_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64url_has_one_form),
        cmocka_unit_test(texts_stop_at_their_limit),
        cmocka_unit_test(forms_are_encoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
