/*
 * A light load of whole sign-ins, as a browser and its application do them: authorization request, sign-in
 * page, its form with the password, where that leads to, code, token; each thread one kept connection. It
 * takes the form's address and hidden fields from the page, so that it can sign in at other servers too.
 * Prints what wrk/report.lua does, with the latency of a whole sign-in in µs.
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

enum { ROOM = 64 * 1024, SMALL = 1024, SIGN_INS_MAX = 1 << 20, COOKIES = 16, REDIRECTS_MAX = 4 };

/* Paths; form-encoded text; a header value. */
static const char *authorize_path, *token_path, *user, *password, *redirect, *authorization;
static int port;
static unsigned latencies[SIGN_INS_MAX];
static unsigned finished, failed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct browser {
    int fd;
    char answer[ROOM];
    char cookies[COOKIES][SMALL]; /* name=value, whatever path it was set for */
    int cookie_count;
    char location[2 * SMALL]; /* without the server's own origin */
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

/* A cookie of the same name is replaced. */
static void take_cookie(struct browser *b, const char *text)
{
    int at = 0;
    while (at < b->cookie_count && strncmp(b->cookies[at], text, strcspn(text, "=") + 1) != 0)
        at++;
    if (at == COOKIES)
        return;
    if (at == b->cookie_count)
        b->cookie_count++;
    snprintf(b->cookies[at], SMALL, "%.*s", (int)strcspn(text, ";\r"), text);
}

static void take_location(struct browser *b, const char *text)
{
    char origin[64];
    int n = snprintf(origin, sizeof origin, "http://127.0.0.1:%d", port);
    if (strncmp(text, origin, (size_t)n) == 0)
        text += n;
    snprintf(b->location, sizeof b->location, "%.*s", (int)strcspn(text, "\r"), text);
}

static void take_headers(struct browser *b)
{
    b->location[0] = '\0';
    for (const char *at = b->answer; (at = strstr(at, "\r\n")) != NULL && strncmp(at, "\r\n\r\n", 4) != 0;
         at += 2) {
        if (strncasecmp(at + 2, "Set-Cookie: ", 12) == 0)
            take_cookie(b, at + 14);
        else if (strncasecmp(at + 2, "Location: ", 10) == 0)
            take_location(b, at + 12);
    }
}

static void cookie_header(const struct browser *b, char out[4 * SMALL])
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < b->cookie_count && used < 4 * SMALL; i++)
        used += (size_t)snprintf(out + used, 4 * SMALL - used, "%s%s%s", i == 0 ? "Cookie: " : "; ",
                                 b->cookies[i], i == b->cookie_count - 1 ? "\r\n" : "");
}

/* The answer's status, or 0. `header` is a whole line, or empty. */
static int ask(struct browser *b, const char *method, const char *target, const char *header,
               const char *body)
{
    char request[12 * SMALL], cookies[4 * SMALL];
    cookie_header(b, cookies);
    int n =
        snprintf(request, sizeof request,
                 "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%sContent-Length: %zu\r\n\r\n%s", method,
                 target, port, cookies, header,
                 body[0] ? "Content-Type: application/x-www-form-urlencoded\r\n" : "", strlen(body), body);
    if (n < 0 || (size_t)n >= sizeof request || write(b->fd, request, (size_t)n) != n)
        return 0;
    int status = read_answer(b);
    take_headers(b);
    return status;
}

/* Goes where the last answer leads, until an answer is no redirection or leads to `name=` in a query, which
 * is then returned. */
static const char *follow(struct browser *b, int *status, const char *name)
{
    for (int i = 0; i < REDIRECTS_MAX && (*status == 302 || *status == 303); i++) {
        for (const char *at = b->location; name != NULL && (at = strpbrk(at, "?&")) != NULL;)
            if (strncmp(++at, name, strlen(name)) == 0)
                return at + strlen(name);
        char target[2 * SMALL];
        memcpy(target, b->location, sizeof target);
        *status = ask(b, "GET", target, "", "");
    }
    return NULL;
}

/* What stands between quotes behind `name` in a tag. */
static const char *attribute(const char *tag, const char *name, int *len)
{
    const char *at = tag == NULL ? NULL : strstr(tag, name);
    *len = at == NULL ? 0 : (int)strcspn(at + strlen(name), "\"");
    return at == NULL ? "" : at + strlen(name);
}

/* The page's form: where it goes, and the hidden fields as the start of a body. (Their values are base64url.)
 */
static void read_form(const struct browser *b, char action[SMALL], char body[2 * SMALL])
{
    static const char input[] = "<input type=\"hidden\"";
    const char *form = strstr(b->answer, "<form method=\"post\"");
    int len, value_len;
    const char *text = attribute(form, "action=\"", &len), *value;
    snprintf(action, SMALL, "%.*s", len, text);
    size_t used = 0;
    for (const char *at = form; at != NULL && (at = strstr(at, input)) != NULL && used < SMALL; at++) {
        text = attribute(at, "name=\"", &len);
        value = attribute(at, "value=\"", &value_len);
        used += (size_t)snprintf(body + used, 2 * SMALL - used, "%.*s=%.*s&", len, text, value_len, value);
    }
}

/* The code that the password leads to, in the last Location; NULL when it leads to none. */
static const char *obtain_code(struct browser *b)
{
    char target[2 * SMALL], body[4 * SMALL] = "";
    snprintf(target, sizeof target,
             "%s?response_type=code&client_id=portal&scope=openid%%20profile&redirect_uri=%s"
             "&code_challenge=" CHALLENGE "&code_challenge_method=S256&state=s",
             authorize_path, redirect);
    int status = ask(b, "GET", target, "", "");
    follow(b, &status, NULL);
    if (status != 200)
        return NULL;
    read_form(b, target, body);
    size_t used = strlen(body);
    snprintf(body + used, sizeof body - used, "username=%s&password=%s", user, password);
    status = ask(b, "POST", target, "", body);
    return follow(b, &status, "code=");
}

static int sign_in(struct browser *b)
{
    char header[SMALL], body[4 * SMALL];
    b->cookie_count = 0;
    const char *code = obtain_code(b);
    if (code == NULL)
        return 0;
    snprintf(body, sizeof body,
             "grant_type=authorization_code&code=%.*s&redirect_uri=%s&code_verifier=" VERIFIER,
             (int)strcspn(code, "&"), code, redirect);
    snprintf(header, sizeof header, "Authorization: %s\r\n", authorization);
    /* Both are signed, or less was done than is measured. */
    return ask(b, "POST", token_path, header, body) == 200 &&
           strstr(b->answer, "\"id_token\":\"ey") != NULL &&
           strstr(b->answer, "\"access_token\":\"ey") != NULL;
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
    if (argc != 10) {
        fputs("usage: bench.signin PORT THREADS SECONDS AUTHORIZE_PATH TOKEN_PATH USER PASSWORD REDIRECT_URI "
              "AUTHORIZATION\n",
              stderr);
        return 2;
    }
    port = atoi(argv[1]);
    int threads = atoi(argv[2]);
    double seconds = atof(argv[3]);
    authorize_path = argv[4], token_path = argv[5];
    user = argv[6], password = argv[7], redirect = argv[8], authorization = argv[9];
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
