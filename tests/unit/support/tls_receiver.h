/*
 * An application's end of a back-channel logout: over TLS on 127.0.0.1, with a certificate of a local CA.
 * /STATUS answers so, /long and /headers without measure, anything else with 200.
 */
#ifndef ONEDOOR_TESTS_TLS_RECEIVER_H
#define ONEDOOR_TESTS_TLS_RECEIVER_H

#include "certs/local_ca.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    struct MHD_Daemon *daemon;
    char folder[64], ca_file[96], other_ca[96];
    char certificate[8192], key[8192];
    char posted[4096]; /* the body that came last */
    atomic_uint requests, wrong;
    unsigned port;
} receiver;

static inline enum MHD_Result receiver_respond(struct MHD_Connection *c, const char *path)
{
    char big[64 * 1024];
    bool is_long = strcmp(path, "/long") == 0;
    int status = atoi(path + 1);
    memset(big, 'x', sizeof big);
    struct MHD_Response *r =
        MHD_create_response_from_buffer(is_long ? sizeof big : 2, (void *)big, MHD_RESPMEM_MUST_COPY);
    big[8000] = 0;
    for (int i = 0; strcmp(path, "/headers") == 0 && i < 8; i++)
        MHD_add_response_header(r, "X-Filler", big);
    if (status == 302)
        MHD_add_response_header(r, "Location", "/200");
    if (status == 503)
        MHD_add_response_header(r, "Retry-After", "77");
    enum MHD_Result queued = MHD_queue_response(c, status > 0 ? (unsigned)status : 200, r);
    MHD_destroy_response(r);
    return queued;
}

static inline enum MHD_Result receiver_handle(void *arg, struct MHD_Connection *c, const char *path,
                                              const char *method, const char *version, const char *data,
                                              size_t *size, void **seen)
{
    (void)arg, (void)version;
    if (!*seen) {
        *seen = c;
        receiver.posted[0] = 0;
        return MHD_YES;
    }
    if (*size > 0) {
        size_t room = sizeof receiver.posted - strlen(receiver.posted) - 1;
        strncat(receiver.posted, data, *size < room ? *size : room);
        *size = 0;
        return MHD_YES;
    }
    atomic_fetch_add(&receiver.requests, 1);
    if (strcmp(method, "POST") != 0)
        atomic_fetch_add(&receiver.wrong, 1);
    return receiver_respond(c, path);
}

static inline bool receiver_read(const char *name, char *out, size_t room)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", receiver.folder, name);
    FILE *f = fopen(path, "r");
    if (!f)
        return false;
    out[fread(out, 1, room - 1, f)] = 0;
    fclose(f);
    return true;
}

static inline bool receiver_listen(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    receiver.daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL, receiver_handle, NULL,
                         MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_HTTPS_MEM_CERT, receiver.certificate,
                         MHD_OPTION_HTTPS_MEM_KEY, receiver.key, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         (size_t)256 * 1024, MHD_OPTION_END);
    if (receiver.daemon)
        receiver.port = MHD_get_daemon_info(receiver.daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return receiver.daemon != NULL;
}

static inline bool receiver_start(void)
{
    const char *why = "";
    char other[80];
    strcpy(receiver.folder, "/tmp/onedoor-receiver-XXXXXX");
    if (!mkdtemp(receiver.folder))
        return false;
    snprintf(other, sizeof other, "%s/other", receiver.folder);
    snprintf(receiver.ca_file, sizeof receiver.ca_file, "%s/ca.pem", receiver.folder);
    snprintf(receiver.other_ca, sizeof receiver.other_ca, "%s/ca.pem", other);
    return mkdir(other, 0700) == 0 && local_ca_make(receiver.folder, STR("127.0.0.1"), &why) &&
           local_ca_make(other, STR("127.0.0.1"), &why) &&
           receiver_read("server.pem", receiver.certificate, sizeof receiver.certificate) &&
           receiver_read("server.key", receiver.key, sizeof receiver.key) && receiver_listen();
}

static inline int receiver_stop(void)
{
    char command[96];
    MHD_stop_daemon(receiver.daemon);
    snprintf(command, sizeof command, "rm -rf %s", receiver.folder);
    return system(command);
}

/* A listener on all addresses at which nobody answers; accept(2) tells whether somebody came. */
static inline int silent_listener(unsigned *port)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t len = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&here, sizeof here) != 0 || listen(fd, 256) != 0 ||
        getsockname(fd, (struct sockaddr *)&here, &len) != 0)
        abort();
    *port = ntohs(here.sin_port);
    return fd;
}

#endif
