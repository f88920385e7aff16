#include "server/oauth/curl_library.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool is_loaded(void)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_NOLOAD);
    if (library)
        dlclose(library);
    return library != NULL;
}

/* As everybody who runs this has built it here, the look into the folder is enough. */
static void looking_whether_it_is_there_loads_nothing(void **state)
{
    (void)state;
    const char *why;
    assert_true(curl_library_is_there(&why));
    assert_false(is_loaded());
}

static void it_is_loaded_once_and_works(void **state)
{
    (void)state;
    const char *why;
    assert_true(curl_library_load(&why));
    assert_true(is_loaded());
    CURL *handle = libcurl.easy_init();
    assert_non_null(handle);
    assert_int_equal(libcurl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https"), CURLE_OK);
    assert_int_equal(libcurl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "nothing"),
                     CURLE_UNSUPPORTED_PROTOCOL);
    libcurl.easy_cleanup(handle);
    assert_true(curl_library_load(&why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking_whether_it_is_there_loads_nothing),
        cmocka_unit_test(it_is_loaded_once_and_works),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
