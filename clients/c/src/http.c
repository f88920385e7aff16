#include "http.h"

#include "client.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode ready = CURLE_FAILED_INIT;

/* Never undone: other parts of the process may use libcurl, and undoing is not safe beside them. */
static void start_curl(void)
{
    ready = curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum onedoor_error odc_http_init(struct odc_http *h)
{
    h->count = 0;
    pthread_once(&once, start_curl);
    return ready == CURLE_OK && pthread_mutex_init(&h->lock, NULL) == 0 ? ONEDOOR_OK : ONEDOOR_MEMORY;
}

void odc_http_free(struct odc_http *h)
{
    while (h->count > 0)
        curl_easy_cleanup(h->idle[--h->count]);
    pthread_mutex_destroy(&h->lock);
}

static CURL *take(struct odc_http *h)
{
    CURL *curl = NULL;
    pthread_mutex_lock(&h->lock);
    if (h->count > 0)
        curl = h->idle[--h->count];
    pthread_mutex_unlock(&h->lock);
    return curl ? curl : curl_easy_init();
}

/* Forgets what was asked, keeps the connection. */
static void give_back(struct odc_http *h, CURL *curl)
{
    curl_easy_reset(curl);
    pthread_mutex_lock(&h->lock);
    if (h->count < ODC_HTTP_IDLE) {
        h->idle[h->count++] = curl;
        curl = NULL;
    }
    pthread_mutex_unlock(&h->lock);
    curl_easy_cleanup(curl);
}

static size_t receive(char *bytes, size_t size, size_t n, void *answer)
{
    return odc_text_add(answer, bytes, size * n) ? size * n : 0;
}

/* The file instead of the system's authorities: libcurl would go on believing the folder of those too. */
static bool set_trust(CURL *curl, const char *ca_file)
{
    return !ca_file || (curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
                        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK);
}

/* What is asked in plain text goes to this machine, and through no proxy. */
static bool set_common(CURL *curl, const struct onedoor_options *o, const char *url, struct odc_text *answer)
{
    return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_timeout_ms) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)o->timeout_ms) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
           (strncmp(url, "http://", 7) != 0 || curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK) &&
           set_trust(curl, o->ca_file);
}

static bool add_line(struct curl_slist **lines, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*lines, line);
    if (longer)
        *lines = longer;
    return longer != NULL;
}

static bool set_post(CURL *curl, struct onedoor_client *c, const struct odc_post *post,
                     struct curl_slist **lines)
{
    char type[128];
    snprintf(type, sizeof type, "Content-Type: %s", post->type);
    return add_line(lines, type) && add_line(lines, "Expect:") && add_line(lines, c->authorization) &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body->p) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body->len) == CURLE_OK;
}

/* libcurl copied the credentials into the list. */
static void wipe_lines(struct curl_slist *lines)
{
    for (struct curl_slist *l = lines; l; l = l->next)
        OPENSSL_cleanse(l->data, strlen(l->data));
    curl_slist_free_all(lines);
}

static enum onedoor_error of_transport(CURLcode code, const struct odc_text *answer)
{
    switch ((int)code) {
    case CURLE_OK:
        return ONEDOOR_OK;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return ONEDOOR_UNTRUSTED;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
        return ONEDOOR_MEMORY;
    case CURLE_WRITE_ERROR:
        return answer->full ? ONEDOOR_PROTOCOL : ONEDOOR_UNAVAILABLE;
    default:
        return ONEDOOR_UNAVAILABLE;
    }
}

static enum onedoor_error of_status(long status)
{
    if (status == 200)
        return ONEDOOR_OK;
    if (status == 401 || status == 403)
        return ONEDOOR_CREDENTIALS;
    if (status == 404)
        return ONEDOOR_UNSUPPORTED;
    return status == 408 || status == 429 || status >= 500 ? ONEDOOR_UNAVAILABLE : ONEDOOR_PROTOCOL;
}

static void tell(const struct onedoor_client *c, const char *url, const char *why, long status)
{
    char detail[CURL_ERROR_SIZE + 256];
    if (status != 0)
        snprintf(detail, sizeof detail, "%.200s answered %ld", url, status);
    else
        snprintf(detail, sizeof detail, "%.200s: %s", url, why);
    odc_log(c, "http_failed", detail);
}

static enum onedoor_error perform(struct onedoor_client *c, CURL *curl, const char *url,
                                  struct odc_text *answer)
{
    char why[CURL_ERROR_SIZE] = "";
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    CURLcode code = curl_easy_perform(curl);
    enum onedoor_error e = of_transport(code, answer);
    if (e == ONEDOOR_OK) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        e = of_status(status);
    }
    if (e != ONEDOOR_OK)
        tell(c, url, *why ? why : curl_easy_strerror(code), status);
    return e;
}

enum onedoor_error odc_http_ask(struct onedoor_client *c, const char *url, const struct odc_post *post,
                                struct odc_text *answer)
{
    struct curl_slist *lines = NULL;
    CURL *curl = take(&c->http);
    bool good = curl && set_common(curl, &c->settings.options, url, answer) &&
                add_line(&lines, "Accept: application/json") && (!post || set_post(curl, c, post, &lines)) &&
                curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines) == CURLE_OK;
    enum onedoor_error e = good ? perform(c, curl, url, answer) : ONEDOOR_MEMORY;
    if (curl)
        give_back(&c->http, curl);
    wipe_lines(lines);
    return e;
}
