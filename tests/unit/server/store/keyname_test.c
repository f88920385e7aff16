/* What Redis calls a record, and what its value is sealed to. */
#include "server/store/keyname.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct key_name hashed(const char *epoch, enum store_kind kind, const char *id)
{
    struct key_name name;
    assert_true(key_name_hashed(&name, STR("od:"), str_of(epoch), kind, str_of(id)));
    return name;
}

/* printf 'e\0access\0t' | openssl dgst -sha256 -binary | basenc --base64url, and the same with sha256sum */
static void a_name_begins_as_its_hash_does(void **state)
{
    (void)state;
    static const unsigned char hash[] = {0xd7, 0x9b, 0xaa, 0xc4, 0x76, 0xf5, 0xb2, 0x07, 0xcf, 0xf8, 0xbf,
                                         0xf5, 0x41, 0xde, 0x1d, 0x93, 0xfe, 0xec, 0xd5, 0x96, 0x8d, 0xfc,
                                         0x76, 0xbb, 0x88, 0xa0, 0x70, 0x6c, 0x9d, 0xee, 0x0e, 0x6c};
    struct key_name name = hashed("e", STORE_ACCESS, "t");
    struct str place = key_place_str(&name);
    assert_true(str_eq(key_name_str(&name), STR("od:15uqxHb1sgfP-L_1Qd4dk_7s1Za")));
    assert_true(str_starts(place, key_name_str(&name)));
    assert_true(str_eq(str_sub(place, name.len, place.len),
                       (struct str){(const char *)hash, sizeof hash})); /* all of it */
}

static void epoch_kind_and_id_all_count(void **state)
{
    (void)state;
    struct key_name name = hashed("e", STORE_ACCESS, "t"), others[] = {
                                                               hashed("f", STORE_ACCESS, "t"),
                                                               hashed("e", STORE_GRANT, "t"),
                                                               hashed("e", STORE_ACCESS, "u"),
                                                           };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(str_eq(key_name_str(&name), key_name_str(&others[i])));
}

static void the_longest_prefix_fits(void **state)
{
    (void)state;
    const struct str longest = STR("a prefix that is thirty-two long");
    struct key_name name;
    assert_int_equal(longest.len, KEY_PREFIX_MAX);
    assert_true(key_name_hashed(&name, longest, STR("e"), STORE_ACCESS, STR("t")));
    assert_int_equal(key_name_str(&name).len, KEY_PREFIX_MAX + 27);
    assert_int_equal(key_place_str(&name).len, KEY_PREFIX_MAX + 27 + 32);
    key_name_plain(&name, longest, "pulse:", "0123456789abcdef0123456789abcdef");
    assert_int_equal(key_name_str(&name).len, KEY_PREFIX_MAX + 6 + 32);
    assert_true(str_eq(key_name_str(&name), key_place_str(&name)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_name_begins_as_its_hash_does),
                                       cmocka_unit_test(epoch_kind_and_id_all_count),
                                       cmocka_unit_test(the_longest_prefix_fits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
