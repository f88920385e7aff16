/*
 * libcurl, loaded when the first application is told of a logout: with the twenty libraries that it brings
 * along it would take 2 MB and some milliseconds of the start of every server.
 */
#ifndef ONEDOOR_OAUTH_CURL_LIBRARY_H
#define ONEDOOR_OAUTH_CURL_LIBRARY_H

#include <curl/curl.h>
#include <stdbool.h>

/* What is used of it, without the curl_ in front. */
#define CURL_LIBRARY(X)                                                                                      \
    X(global_init)                                                                                           \
    X(easy_init)                                                                                             \
    X(easy_setopt)                                                                                           \
    X(easy_getinfo)                                                                                          \
    X(easy_strerror)                                                                                         \
    X(easy_cleanup)                                                                                          \
    X(multi_init)                                                                                            \
    X(multi_setopt)                                                                                          \
    X(multi_add_handle)                                                                                      \
    X(multi_remove_handle)                                                                                   \
    X(multi_perform)                                                                                         \
    X(multi_info_read)                                                                                       \
    X(multi_poll)                                                                                            \
    X(multi_cleanup)

struct curl_library {
#define X(name) __typeof__(curl_##name) *name;
    CURL_LIBRARY(X)
#undef X
};

/* Not to be called before curl_library_load was true; constant from then on. */
extern struct curl_library libcurl;

/* Loads it for good, once. False with *why, a text that lasts; whoever asks again tries again. */
bool curl_library_load(const char **why);
/*
 * Whether it will be there when it is needed, at the cost of a look into the folder where it lay when this
 * was built. Where it lies elsewhere it is loaded at once, to be certain. *why as above.
 */
bool curl_library_is_there(const char **why);

#endif
