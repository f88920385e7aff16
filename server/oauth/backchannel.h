/*
 * One back-channel logout request (OpenID Connect Back-Channel Logout 1.0 section 2.5) as an easy handle of
 * libcurl, to be run by a multi handle: over verified https alone, to no address that is not allowed, without
 * redirects or a proxy, within limits of time and size.
 */
#ifndef ONEDOOR_OAUTH_BACKCHANNEL_H
#define ONEDOOR_OAUTH_BACKCHANNEL_H

#include "server/base/str.h"
#include "server/oauth/curl_library.h"

struct backchannel_config {
    const char *ca_file;             /* PEM; empty: the system's */
    bool allow_private;              /* addresses of this machine or site too */
    unsigned connect_ms, request_ms; /* deadlines: for TCP and TLS, and for all of it */
};

enum backchannel_outcome {
    BACKCHANNEL_DELIVERED, /* 200 or 204 */
    /*
     * 400: "the logout request was invalid or the logout failed" (section 2.8). An answer to this very
     * request by an application that is alive; whether trying again helps is not said.
     */
    BACKCHANNEL_REFUSED,
    BACKCHANNEL_FAILED /* no answer, or one that is none of the protocol: to be tried again */
};

struct backchannel_answer {
    enum backchannel_outcome outcome;
    int status;          /* of HTTP; 0: none came */
    const char *why;     /* constant text for the log */
    int64_t retry_after; /* seconds that the application asked for; 0: did not */
};

struct backchannel_call;

/* curl_library_load must have been true. `data` is what backchannel_data gives back. Config is borrowed,
 * texts copied. NULL when memory is out. */
struct backchannel_call *backchannel_call_new(const struct backchannel_config *config, const char *uri,
                                              struct str token, void *data);
CURL *backchannel_handle(struct backchannel_call *c);
/* The `data` of the call that has this handle. */
void *backchannel_data(CURL *handle);
/* What came of it, once the multi handle has said how it ended. */
struct backchannel_answer backchannel_answered(struct backchannel_call *c, CURLcode code);
/* Must have left the multi handle. NULL is taken. */
void backchannel_call_free(struct backchannel_call *c);

#endif
