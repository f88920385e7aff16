#include "clients/client_auth.h"
#include "clients/edit.h"
#include "server/base/digest.h"
#include "tests/unit/authn/world.h"

static enum result add(const char *id, struct str *secret, struct str *why, const char *const *settings)
{
    struct str list[32];
    size_t n = 0;
    *why = STR_EMPTY;
    for (; settings[n]; n++)
        list[n] = str_of(settings[n]);
    return application_add(world.directory, world.a, str_of(id), list, n, secret, why);
}

static enum result set(const char *id, struct str *why, const char *const *settings)
{
    struct str list[32];
    size_t n = 0;
    *why = STR_EMPTY;
    for (; settings[n]; n++)
        list[n] = str_of(settings[n]);
    return application_set(world.directory, world.a, str_of(id), list, n, why);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *described(const char *id)
{
    struct str text;
    assert_int_equal(application_describe(world.directory, world.a, str_of(id), &text), RESULT_OK);
    return arena_cstr(world.a, text);
}

static void free_reader(void *all)
{
    applications_free(all);
}

/* Lives as long as the arena, and so as long as what is read with it. */
static struct applications *reader(void)
{
    struct applications *all = applications_new(world.directory);
    assert_true(arena_own(world.a, free_reader, all));
    return all;
}

static const struct application *present(struct applications *all, const char *id)
{
    assert_int_equal(applications_refresh(all), RESULT_OK);
    return applications_find(all, world.a, str_of(id));
}

static bool takes(const struct application *app, struct str secret)
{
    for (size_t i = 0; i < app->secret_hashes.n; i++)
        if (str_eq(app->secret_hashes.v[i], sha256_base64url(world.a, secret)))
            return true;
    return false;
}

static void an_application_is_added_with_what_it_needs(void **state)
{
    (void)state;
    struct str secret, why;
    struct applications *all = reader();
    assert_int_equal(
        add("hall", &secret, &why,
            LIST("name=Permit hall", "name-zh=许可大厅", "redirect-uri=https://hall.example/cb",
                 "redirect-uri=https://hall.example/cb2?x=1", "allowed-group=cn=a,dc=city,dc=example")),
        RESULT_OK);
    assert_int_equal(secret.len, 43);
    const struct application *app = present(all, "hall");
    assert_non_null(app);
    assert_true(str_eq(app->name_zh, STR("许可大厅")));
    assert_int_equal(app->redirect_uris.n, 2);
    assert_int_equal(app->grants, GRANT_AUTHORIZATION_CODE);
    assert_true(str_has_word(app->scopes, STR("openid")) && str_has_word(app->scopes, STR("email")));
    assert_int_equal(app->method, CLIENT_SECRET_BASIC);
    assert_true(takes(app, secret));
    assert_non_null(strstr(described("hall"), "name-zh=许可大厅\n"));
    assert_non_null(strstr(described("hall"), "method=client_secret_basic\n"));
    assert_null(strstr(described("hall"), secret.p));
    assert_null(strstr(described("hall"), app->secret_hashes.v[0].p));
    assert_int_equal(add("hall", &secret, &why, LIST("redirect-uri=https://other.example/cb")), RESULT_USED);
    assert_int_equal(secret.len, 0);
}

static void a_public_application_gets_no_secret(void **state)
{
    (void)state;
    struct str secret, why;
    assert_int_equal(add("native", &secret, &why, LIST("method=none", "redirect-uri=http://127.0.0.1/cb")),
                     RESULT_OK);
    assert_int_equal(secret.len, 0);
    assert_int_equal(application_new_secret(world.directory, world.a, STR("native"), &secret, &why),
                     RESULT_REFUSED);
    assert_non_null(strstr(why.p, "no secret"));
}

static void what_is_wrong_is_said_and_nothing_is_written(void **state)
{
    (void)state;
    static const struct {
        const char *setting, *said;
    } bad[] = {
        {"colour=red", "no such setting; there are name name-zh"},
        {"disabled", "name=value"},
        {"redirect-uri=https://a.example/*", "redirect-uri (onedoorRedirectUri)"},
        {"redirect-uri=", "stands alone"},
        {"grant=implicit", "authorization_code, refresh_token or client_credentials"},
        {"name=a", "given more than once"},
        {"scope=openid profile", "repeat for more"},
        {"access-token-seconds=1", "30 to 86400 seconds"},
    };
    struct str secret, why, text;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(
            add("wrong", &secret, &why, LIST("name=b", "redirect-uri=https://a.example/cb", bad[i].setting)),
            RESULT_REFUSED);
        if (!strstr(why.p, bad[i].said))
            fail_msg("%s: %s", bad[i].setting, why.p);
        assert_int_equal(secret.len, 0);
    }
    assert_int_equal(add("a b", &secret, &why, LIST("redirect-uri=https://a.example/cb")), RESULT_REFUSED);
    assert_int_equal(add("wrong", &secret, &why, LIST("grant=refresh_token")), RESULT_REFUSED);
    assert_int_equal(application_describe(world.directory, world.a, STR("wrong"), &text), RESULT_NOT_FOUND);
}

static void settings_are_replaced_and_removed(void **state)
{
    (void)state;
    struct str secret, why;
    assert_int_equal(
        add("desk", &secret, &why,
            LIST("redirect-uri=https://a.example/cb", "acr=substantial", "home-uri=https://a.example/")),
        RESULT_OK);
    assert_int_equal(set("desk", &why,
                         LIST("redirect-uri=https://b.example/cb", "redirect-uri=https://c.example/cb",
                              "home-uri=", "disabled=TRUE")),
                     RESULT_OK);
    const char *text = described("desk");
    assert_null(strstr(text, "a.example"));
    assert_non_null(strstr(text, "redirect-uri=https://b.example/cb\n"));
    assert_non_null(strstr(text, "redirect-uri=https://c.example/cb\n"));
    assert_non_null(strstr(text, "acr=substantial\n"));
    assert_non_null(strstr(text, "disabled=TRUE\n"));
    assert_int_equal(set("desk", &why, LIST("redirect-uri=")), RESULT_REFUSED);
    assert_int_equal(set("desk", &why, LIST("acr=2")), RESULT_REFUSED);
    assert_int_equal(set("nowhere", &why, LIST("acr=low")), RESULT_NOT_FOUND);
    assert_string_equal(described("desk"), text);
}

static void an_application_that_becomes_public_loses_its_secrets(void **state)
{
    (void)state;
    struct str secret, why;
    struct applications *all = reader();
    assert_int_equal(add("turn", &secret, &why, LIST("redirect-uri=https://a.example/cb")), RESULT_OK);
    assert_int_equal(set("turn", &why, LIST("method=none")), RESULT_OK);
    assert_int_equal(set("turn", &why, LIST("method=client_secret_post")), RESULT_OK);
    assert_int_equal(present(all, "turn")->secret_hashes.n, 0);
}

static void a_secret_is_exchanged_without_a_gap(void **state)
{
    (void)state;
    struct str first, second, third, why;
    struct applications *all = reader();
    assert_int_equal(add("gap", &first, &why, LIST("redirect-uri=https://a.example/cb")), RESULT_OK);
    assert_int_equal(application_drop_old_secret(world.directory, world.a, STR("gap")), RESULT_OK);
    assert_true(takes(present(all, "gap"), first));
    assert_int_equal(application_new_secret(world.directory, world.a, STR("gap"), &second, &why), RESULT_OK);
    assert_true(takes(present(all, "gap"), first) && takes(present(all, "gap"), second));
    assert_int_equal(application_new_secret(world.directory, world.a, STR("gap"), &third, &why),
                     RESULT_REFUSED);
    assert_non_null(strstr(why.p, "drop the old one first"));
    assert_int_equal(application_drop_old_secret(world.directory, world.a, STR("gap")), RESULT_OK);
    assert_true(takes(present(all, "gap"), second));
    assert_false(takes(present(all, "gap"), first));
    assert_int_equal(application_drop_old_secret(world.directory, world.a, STR("nowhere")), RESULT_NOT_FOUND);
}

static void a_resource_has_one_owner(void **state)
{
    (void)state;
    struct str secret, why;
    assert_int_equal(
        add("api", &secret, &why, LIST("grant=client_credentials", "resource=urn:city:(records)*")),
        RESULT_OK);
    assert_int_equal(
        add("thief", &secret, &why, LIST("grant=client_credentials", "resource=urn:city:(records)*")),
        RESULT_REFUSED);
    assert_non_null(strstr(why.p, "is the resource of \"api\""));
    assert_int_equal(set("hall", &why, LIST("resource=urn:city:(records)*")), RESULT_REFUSED);
    assert_int_equal(set("api", &why, LIST("resource=urn:city:(records)*", "introspection=TRUE")), RESULT_OK);
}

static void a_removed_application_is_gone(void **state)
{
    (void)state;
    struct str secret, why;
    struct applications *all = reader();
    assert_int_equal(add("gone", &secret, &why, LIST("redirect-uri=https://a.example/cb")), RESULT_OK);
    assert_non_null(present(all, "gone"));
    assert_int_equal(application_remove(world.directory, world.a, STR("gone")), RESULT_OK);
    assert_int_equal(application_remove(world.directory, world.a, STR("gone")), RESULT_NOT_FOUND);
    assert_null(present(all, "gone"));
}

static void a_broken_entry_takes_no_other_down(void **state)
{
    (void)state;
    struct applications *all = reader();
    slapd_change(
        "dn: onedoorClientId=broken,ou=applications,ou=registry,dc=city,dc=example\nchangetype: add\n"
        "objectClass: onedoorApplication\nonedoorClientId: broken\n"
        "onedoorRedirectUri: https://*.example/\n");
    assert_null(present(all, "broken"));
    assert_non_null(present(all, "hall"));
}

static void without_the_directory_the_applications_stay_as_they_were(void **state)
{
    (void)state;
    struct applications *all = reader(), *fresh = reader();
    assert_non_null(present(all, "hall"));
    slapd_kill(&world.slapd);
    assert_int_equal(applications_refresh(all), RESULT_UNAVAILABLE);
    assert_non_null(applications_find(all, world.a, STR("hall")));
    assert_int_equal(applications_refresh(fresh), RESULT_UNAVAILABLE);
    assert_false(applications_loaded(fresh));
    slapd_return();
    assert_int_equal(applications_refresh(fresh), RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_application_is_added_with_what_it_needs),
        WORLD_TEST(a_public_application_gets_no_secret),
        WORLD_TEST(what_is_wrong_is_said_and_nothing_is_written),
        WORLD_TEST(settings_are_replaced_and_removed),
        WORLD_TEST(an_application_that_becomes_public_loses_its_secrets),
        WORLD_TEST(a_secret_is_exchanged_without_a_gap),
        WORLD_TEST(a_resource_has_one_owner),
        WORLD_TEST(a_removed_application_is_gone),
        WORLD_TEST(a_broken_entry_takes_no_other_down),
        WORLD_TEST(without_the_directory_the_applications_stay_as_they_were),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
