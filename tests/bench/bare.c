/* The baseline of the benchmarks: libmicrohttpd alone, answering every POST with one fixed body, with a
 * certificate over TLS. */
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLAGS = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, PEM_MAX = 64 * 1024 };

static struct MHD_Response *fixed;

static enum MHD_Result answer(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    static int seen;
    (void)cls, (void)url, (void)method, (void)version, (void)upload;
    if (*state == NULL) {
        *state = &seen;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, 200, fixed);
}

/* A file as text; kept until the process ends. */
static char *text_of(const char *path)
{
    char *text = calloc(1, PEM_MAX);
    FILE *file = fopen(path, "r");
    if (text == NULL || file == NULL || fread(text, 1, PEM_MAX - 1, file) == 0) {
        fprintf(stderr, "bench.bare: %s cannot be read\n", path);
        exit(2);
    }
    fclose(file);
    return text;
}

static struct MHD_Daemon *start(uint16_t port, unsigned threads, const char *certificate, const char *key)
{
    struct MHD_OptionItem tls[3] = {{MHD_OPTION_END, 0, NULL}};
    if (certificate != NULL) {
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, text_of(certificate)};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, text_of(key)};
        tls[2] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    }
    return MHD_start_daemon(FLAGS | (certificate != NULL ? MHD_USE_TLS : 0), port, NULL, NULL, answer, NULL,
                            MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)16384, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 6) {
        fputs("usage: bench.bare PORT THREADS BODY [CERTIFICATE KEY]\n", stderr);
        return 2;
    }
    fixed = MHD_create_response_from_buffer(strlen(argv[3]), argv[3], MHD_RESPMEM_PERSISTENT);
    struct MHD_Daemon *daemon = start((uint16_t)atoi(argv[1]), (unsigned)atoi(argv[2]),
                                      argc == 6 ? argv[4] : NULL, argc == 6 ? argv[5] : NULL);
    if (fixed == NULL || daemon == NULL)
        return 1;
    sigset_t set;
    int got;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigwait(&set, &got);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(fixed);
    return 0;
}
