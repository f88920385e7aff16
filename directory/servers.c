/* The list of servers and when each may be tried again. */
#include "directory/servers.h"

#include "directory/directory.h"
#include "server/base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SERVERS_MAX = 8, FIRST_PAUSE_MS = 500, LONGEST_PAUSE_MS = 2000 };

struct server {
    char *uri;
    LDAPURLDesc *url;
    int64_t retry_at, pause;
};

struct servers {
    pthread_mutex_t lock;
    size_t n;
    struct server v[SERVERS_MAX];
};

static bool scheme_is_known(const char *scheme)
{
    return strcmp(scheme, "ldap") == 0 || strcmp(scheme, "ldaps") == 0 || strcmp(scheme, "ldapi") == 0;
}

/* A server's address and nothing else: what a base or a filter in it would mean, nobody could say. */
static LDAPURLDesc *parse(const char *uri)
{
    LDAPURLDesc *url = NULL;
    if (ldap_url_parse(uri, &url) != LDAP_URL_SUCCESS)
        return NULL;
    bool port = url->lud_port > 0 && url->lud_port <= 65535;
    bool good = scheme_is_known(url->lud_scheme) && (port || strcmp(url->lud_scheme, "ldapi") == 0) &&
                url->lud_host && *url->lud_host && (!url->lud_dn || !*url->lud_dn) && !url->lud_attrs &&
                !url->lud_filter && !url->lud_next;
    if (good)
        return url;
    ldap_free_urldesc(url);
    return NULL;
}

static bool add(struct servers *s, struct str word)
{
    if (s->n == SERVERS_MAX)
        return false;
    struct server *one = &s->v[s->n];
    one->uri = strndup(word.p, word.len);
    one->url = one->uri ? parse(one->uri) : NULL;
    if (!one->url) {
        free(one->uri);
        return false;
    }
    s->n++;
    return true;
}

struct servers *servers_new(struct str uris)
{
    struct servers *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    pthread_mutex_init(&s->lock, NULL);
    struct str word;
    while (str_word(&uris, &word)) {
        if (!add(s, word)) {
            servers_free(s);
            return NULL;
        }
    }
    if (s->n > 0)
        return s;
    servers_free(s);
    return NULL;
}

void servers_free(struct servers *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++) {
        ldap_free_urldesc(s->v[i].url);
        free(s->v[i].uri);
    }
    pthread_mutex_destroy(&s->lock);
    free(s);
}

bool directory_uris_valid(struct str uris)
{
    struct servers *s = servers_new(uris);
    bool valid = s != NULL;
    servers_free(s);
    return valid;
}

size_t servers_count(const struct servers *s)
{
    return s->n;
}

const char *servers_uri(const struct servers *s, size_t i)
{
    return s->v[i].uri;
}

const LDAPURLDesc *servers_url(const struct servers *s, size_t i)
{
    return s->v[i].url;
}

bool servers_due(struct servers *s, size_t i)
{
    pthread_mutex_lock(&s->lock);
    bool due = clock_monotonic_ms() >= s->v[i].retry_at;
    pthread_mutex_unlock(&s->lock);
    return due;
}

void servers_report(struct servers *s, size_t i, bool connected)
{
    pthread_mutex_lock(&s->lock);
    struct server *one = &s->v[i];
    if (connected) {
        one->pause = 0;
        one->retry_at = 0;
    } else {
        one->pause = one->pause ? one->pause * 2 : FIRST_PAUSE_MS;
        if (one->pause > LONGEST_PAUSE_MS)
            one->pause = LONGEST_PAUSE_MS;
        one->retry_at = clock_monotonic_ms() + one->pause;
    }
    pthread_mutex_unlock(&s->lock);
}
