#include "server/oauth/curl_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

/* The name of libcurl's interface since 2006, of the build with OpenSSL. */
#define FILE_NAME "libcurl.so.4"

struct curl_library libcurl;

static const struct {
    const char *name;
    void **place;
} functions[] = {
#define X(name) {"curl_" #name, (void **)&libcurl.name},
    CURL_LIBRARY(X)
#undef X
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool loaded;
static char failure[256];

static bool find_functions(void *library)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (!(*functions[i].place = dlsym(library, functions[i].name)))
            return false;
    return true;
}

/* Under the lock. */
static bool load(void)
{
    void *library = dlopen(FILE_NAME, RTLD_NOW | RTLD_LOCAL);
    if (!library || !find_functions(library)) {
        const char *error = dlerror();
        snprintf(failure, sizeof failure, "%s", error ? error : FILE_NAME " cannot be loaded");
    } else if (libcurl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(failure, sizeof failure, FILE_NAME " cannot be initialised");
    } else {
        return true;
    }
    if (library)
        dlclose(library);
    return false;
}

bool curl_library_load(const char **why)
{
    pthread_mutex_lock(&lock);
    loaded = loaded || load();
    bool good = loaded;
    pthread_mutex_unlock(&lock);
    *why = good ? "" : failure;
    return good;
}

bool curl_library_is_there(const char **why)
{
    return access(ONEDOOR_CURL_FOLDER "/" FILE_NAME, R_OK) == 0 || curl_library_load(why);
}
