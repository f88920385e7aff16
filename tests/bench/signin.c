/*
 * A light load of whole sign-ins: authorize, sign-in page, password, resume, code, token; each thread one
 * kept connection. Prints what wrk/report.lua does, with the latency of a whole sign-in in µs.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* RFC 7636 appendix B. */
#define VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

enum { ROOM = 64 * 1024, SMALL = 1024, SIGN_INS_MAX = 1 << 20 };

static const char *user, *password, *authorization,
    *redirect; /* form-encoded; authorization as a header value */
static int port;
static double seconds;
static unsigned latencies[SIGN_INS_MAX];
static unsigned finished, failed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct browser {
    int fd;
    char answer[ROOM];
    char cookies[4 * SMALL], location[SMALL];
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? fd : -1;
}

/* Reads one answer whole; its status, or 0. */
static int read_answer(struct browser *b)
{
    size_t have = 0, want = ROOM;
    while (have < want && have < ROOM - 1) {
        ssize_t n = read(b->fd, b->answer + have, ROOM - 1 - have);
        if (n <= 0)
            return 0;
        have += (size_t)n;
        b->answer[have] = '\0';
        const char *end = strstr(b->answer, "\r\n\r\n"),
                   *length = strcasestr(b->answer, "\r\nContent-Length:");
        if (end != NULL)
            want = (size_t)(end - b->answer) + 4 + (length == NULL ? 0 : strtoul(length + 17, NULL, 10));
    }
    return atoi(b->answer + 9);
}

static void take_headers(struct browser *b)
{
    b->location[0] = '\0';
    for (const char *at = b->answer; (at = strstr(at, "\r\n")) != NULL && strncmp(at, "\r\n\r\n", 4) != 0;
         at += 2) {
        const char *line = at + 2;
        size_t len = strcspn(line, "\r");
        if (strncasecmp(line, "Set-Cookie: ", 12) == 0) {
            size_t used = strlen(b->cookies);
            snprintf(b->cookies + used, sizeof b->cookies - used, "%s%.*s", used > 0 ? "; " : "",
                     (int)strcspn(line + 12, ";\r"), line + 12);
        } else if (strncasecmp(line, "Location: ", 10) == 0) {
            snprintf(b->location, sizeof b->location, "%.*s", (int)(len - 10), line + 10);
        }
    }
}

static int ask(struct browser *b, const char *method, const char *target, const char *header,
               const char *body)
{
    char request[8 * SMALL];
    int n =
        snprintf(request, sizeof request,
                 "%s %s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n%s%sContent-Length: %zu\r\n\r\n%s",
                 method, target, b->cookies[0] ? b->cookies : "a=b", header,
                 body[0] ? "Content-Type: application/x-www-form-urlencoded\r\n" : "", strlen(body), body);
    if (n < 0 || (size_t)n >= sizeof request || write(b->fd, request, (size_t)n) != n)
        return 0;
    int status = read_answer(b);
    take_headers(b);
    return status;
}

static void hidden(const struct browser *b, const char *name, char out[SMALL])
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "name=\"%s\" value=\"", name);
    const char *at = strstr(b->answer, wanted);
    snprintf(out, SMALL, "%.*s", at == NULL ? 0 : (int)strcspn(at + strlen(wanted), "\""),
             at == NULL ? "" : at + strlen(wanted));
}

static int sign_in(struct browser *b)
{
    char target[4 * SMALL], body[4 * SMALL], t[SMALL], csrf[SMALL];
    b->cookies[0] = '\0';
    snprintf(target, sizeof target,
             "/authorize?response_type=code&client_id=portal&scope=openid%%20profile&redirect_uri=%s"
             "&code_challenge=" CHALLENGE "&code_challenge_method=S256&state=s",
             redirect);
    if (ask(b, "GET", target, "", "") != 303 || ask(b, "GET", b->location, "", "") != 200)
        return 0;
    hidden(b, "t", t);
    hidden(b, "csrf", csrf);
    snprintf(body, sizeof body, "t=%s&csrf=%s&username=%s&password=%s", t, csrf, user, password);
    if (ask(b, "POST", "/signin", "", body) != 303 || ask(b, "GET", b->location, "", "") != 303)
        return 0;
    const char *code = strstr(b->location, "code=");
    if (code == NULL)
        return 0;
    snprintf(body, sizeof body,
             "grant_type=authorization_code&code=%.*s&redirect_uri=%s&code_verifier=" VERIFIER,
             (int)strcspn(code + 5, "&"), code + 5, redirect);
    snprintf(target, sizeof target, "Authorization: %s\r\n", authorization);
    return ask(b, "POST", "/token", target, body) == 200;
}

static void *run(void *arg)
{
    struct browser *b = calloc(1, sizeof *b);
    double end = *(double *)arg;
    b->fd = dial();
    while (b->fd >= 0 && now() < end) {
        double began = now();
        int good = sign_in(b);
        pthread_mutex_lock(&lock);
        if (good && finished < SIGN_INS_MAX)
            latencies[finished++] = (unsigned)((now() - began) * 1e6);
        failed += !good;
        pthread_mutex_unlock(&lock);
        if (!good) {
            close(b->fd);
            b->fd = dial();
        }
    }
    close(b->fd);
    free(b);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fputs("usage: bench.signin PORT THREADS SECONDS USER PASSWORD AUTHORIZATION REDIRECT_URI\n", stderr);
        return 2;
    }
    port = atoi(argv[1]);
    int threads = atoi(argv[2]);
    seconds = atof(argv[3]);
    user = argv[4], password = argv[5], authorization = argv[6], redirect = argv[7];
    pthread_t *all = calloc((size_t)threads, sizeof *all);
    double began = now(), end = began + seconds;
    for (int i = 0; i < threads; i++)
        pthread_create(&all[i], NULL, run, &end);
    for (int i = 0; i < threads; i++)
        pthread_join(all[i], NULL);
    double took = now() - began;
    qsort(latencies, finished, sizeof *latencies, by_size);
    printf("RATE %.1f P50 %u P99 %u ERRORS %u REQUESTS %u\n", finished / took,
           finished ? latencies[finished / 2] : 0, finished ? latencies[finished * 99 / 100] : 0, failed,
           finished);
    free(all);
    return 0;
}
