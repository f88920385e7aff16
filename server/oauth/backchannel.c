#include "server/oauth/backchannel.h"

#include "server/base/buf.h"
#include "server/http/address_reach.h"

#include <stdlib.h>
#include <unistd.h>

enum { ANSWER_MAX = 32 * 1024, BODY_MAX = 32 * 1024 };

struct backchannel_call {
    const struct backchannel_config *config;
    void *data;
    CURL *handle;
    size_t received; /* headers and body */
    bool too_long;   /* the answer was longer than ANSWER_MAX */
    bool not_there;  /* some address of the name was not allowed */
};

static bool is_allowed(const struct backchannel_call *c, const struct sockaddr *sa)
{
    struct address a;
    if (!address_of_socket(sa, &a))
        return false;
    enum address_reach reach = address_reach(&a);
    return reach == ADDRESS_PUBLIC || (reach == ADDRESS_PRIVATE && c->config->allow_private);
}

/* Asked for the very address that is connected to, so that no second look-up of the name can slip in another.
 */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *where)
{
    struct backchannel_call *c = arg;
    if (purpose != CURLSOCKTYPE_IPCXN || !is_allowed(c, &where->addr)) {
        c->not_there = true;
        return CURL_SOCKET_BAD;
    }
    return socket(where->family, where->socktype | SOCK_CLOEXEC, where->protocol);
}

/* Nothing of the answer is needed, so nothing is kept. */
static size_t receive(char *bytes, size_t size, size_t n, void *arg)
{
    struct backchannel_call *c = arg;
    (void)bytes;
    c->received += size * n;
    c->too_long = c->received > ANSWER_MAX;
    return c->too_long ? 0 : size * n;
}

static bool set_body(CURL *h, struct str token)
{
    struct buf body;
    buf_init(&body, BODY_MAX);
    buf_add(&body, STR("logout_token="));
    buf_add(&body, token); /* base64url and dots: nothing in it needs encoding */
    bool good = !body.failed && libcurl.easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)body.len) == CURLE_OK &&
                libcurl.easy_setopt(h, CURLOPT_COPYPOSTFIELDS, body.p) == CURLE_OK;
    buf_free(&body);
    return good;
}

/* Numbers of libcurl's options and their values, whatever their type. */
static bool set_limits(CURL *h, const struct backchannel_config *config)
{
    const struct {
        CURLoption option;
        long value;
    } rows[] = {
        {CURLOPT_NOSIGNAL, 1L},
        {CURLOPT_QUICK_EXIT, 1L}, /* a resolver that hangs does not keep the server from stopping */
        {CURLOPT_FOLLOWLOCATION, 0L},
        {CURLOPT_SSL_VERIFYPEER, 1L},
        {CURLOPT_SSL_VERIFYHOST, 2L},
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_CONNECTTIMEOUT_MS, (long)config->connect_ms},
        {CURLOPT_TIMEOUT_MS, (long)config->request_ms},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (libcurl.easy_setopt(h, rows[i].option, rows[i].value) != CURLE_OK)
            return false;
    return true;
}

static bool set_texts(CURL *h, const struct backchannel_config *config, const char *uri)
{
    bool good = libcurl.easy_setopt(h, CURLOPT_URL, uri) == CURLE_OK &&
                libcurl.easy_setopt(h, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
                libcurl.easy_setopt(h, CURLOPT_PROXY, "") == CURLE_OK &&
                libcurl.easy_setopt(h, CURLOPT_USERAGENT, "onedoor") == CURLE_OK;
    if (!good || !config->ca_file || config->ca_file[0] == '\0')
        return good;
    /* This file alone: the system's authorities do not count beside it. */
    return libcurl.easy_setopt(h, CURLOPT_CAINFO, config->ca_file) == CURLE_OK &&
           libcurl.easy_setopt(h, CURLOPT_CAPATH, (char *)NULL) == CURLE_OK;
}

static bool set_callbacks(CURL *h, struct backchannel_call *c)
{
    return libcurl.easy_setopt(h, CURLOPT_PRIVATE, c) == CURLE_OK &&
           libcurl.easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           libcurl.easy_setopt(h, CURLOPT_OPENSOCKETDATA, c) == CURLE_OK &&
           libcurl.easy_setopt(h, CURLOPT_HEADERFUNCTION, receive) == CURLE_OK &&
           libcurl.easy_setopt(h, CURLOPT_HEADERDATA, c) == CURLE_OK &&
           libcurl.easy_setopt(h, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK &&
           libcurl.easy_setopt(h, CURLOPT_WRITEDATA, c) == CURLE_OK;
}

struct backchannel_call *backchannel_call_new(const struct backchannel_config *config, const char *uri,
                                              struct str token, void *data)
{
    struct backchannel_call *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    *c = (struct backchannel_call){.config = config, .data = data, .handle = libcurl.easy_init()};
    CURL *h = c->handle;
    if (h && set_limits(h, config) && set_texts(h, config, uri) && set_callbacks(h, c) && set_body(h, token))
        return c;
    backchannel_call_free(c);
    return NULL;
}

void backchannel_call_free(struct backchannel_call *c)
{
    if (!c)
        return;
    libcurl.easy_cleanup(c->handle);
    free(c);
}

CURL *backchannel_handle(struct backchannel_call *c)
{
    return c->handle;
}

void *backchannel_data(CURL *handle)
{
    struct backchannel_call *c = NULL;
    libcurl.easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&c);
    return c->data;
}

static const char *why_not_sent(const struct backchannel_call *c, CURLcode code)
{
    if (c->too_long)
        return "the answer is too long";
    if (c->not_there && code == CURLE_COULDNT_CONNECT)
        return "an address of its name is private; see backchannel.allow_private";
    return libcurl.easy_strerror(code);
}

static const char *why_not_taken(int status)
{
    if (status == 400)
        return "the application refused the logout token or failed to act on it";
    return status >= 300 && status < 400 ? "redirects are not followed" : "the answer is neither 200 nor 204";
}

struct backchannel_answer backchannel_answered(struct backchannel_call *c, CURLcode code)
{
    long status = 0;
    curl_off_t wait = 0;
    libcurl.easy_getinfo(c->handle, CURLINFO_RESPONSE_CODE, &status);
    struct backchannel_answer answer = {.outcome = BACKCHANNEL_FAILED, .status = (int)status};
    if (code != CURLE_OK) {
        answer.why = why_not_sent(c, code);
        return answer;
    }
    if (status == 200 || status == 204) {
        answer.outcome = BACKCHANNEL_DELIVERED;
        answer.why = "";
        return answer;
    }
    answer.outcome = status == 400 ? BACKCHANNEL_REFUSED : BACKCHANNEL_FAILED;
    answer.why = why_not_taken(answer.status);
    if (libcurl.easy_getinfo(c->handle, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK)
        answer.retry_after = (int64_t)wait;
    return answer;
}
