#include "server/http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};

static void map_ipv4(const void *four, struct address *out)
{
    memcpy(out->b, mapped, sizeof mapped);
    memcpy(out->b + sizeof mapped, four, 4);
}

static bool is_ipv4(const struct address *a)
{
    return memcmp(a->b, mapped, sizeof mapped) == 0;
}

bool address_of_socket(const struct sockaddr *sa, struct address *out)
{
    if (sa->sa_family == AF_INET) {
        map_ipv4(&((const struct sockaddr_in *)(const void *)sa)->sin_addr, out);
        return true;
    }
    if (sa->sa_family != AF_INET6)
        return false;
    memcpy(out->b, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, sizeof out->b);
    return true;
}

bool address_parse(struct str text, struct address *out)
{
    char z[ADDRESS_TEXT_SIZE];
    unsigned char four[4];
    if (text.len == 0 || text.len >= sizeof z || str_has(text, '\0'))
        return false;
    memcpy(z, text.p, text.len);
    z[text.len] = 0;
    if (inet_pton(AF_INET, z, four) == 1) {
        map_ipv4(four, out);
        return true;
    }
    return inet_pton(AF_INET6, z, out->b) == 1;
}

void address_text(const struct address *a, char out[ADDRESS_TEXT_SIZE])
{
    bool ipv4 = is_ipv4(a);
    if (!inet_ntop(ipv4 ? AF_INET : AF_INET6, ipv4 ? a->b + sizeof mapped : a->b, out, ADDRESS_TEXT_SIZE))
        out[0] = 0;
}

struct str address_site(const struct address *a)
{
    return (struct str){(const char *)a->b, is_ipv4(a) ? sizeof a->b : 8};
}

bool address_list_parse(struct str text, struct address_list *out)
{
    struct str word;
    out->n = 0;
    while (str_word(&text, &word)) {
        if (out->n == TRUSTED_MAX || !address_parse(word, &out->v[out->n]))
            return false;
        out->n++;
    }
    return true;
}

bool address_list_has(const struct address_list *list, const struct address *a)
{
    for (size_t i = 0; i < list->n; i++)
        if (memcmp(list->v[i].b, a->b, sizeof a->b) == 0)
            return true;
    return false;
}

/* Cuts the last element off a comma-separated list; false when it was empty. */
static bool cut_last(struct str *list, struct str *last)
{
    if (list->len == 0)
        return false;
    size_t at = list->len;
    while (at > 0 && list->p[at - 1] != ',')
        at--;
    *last = str_trim(str_sub(*list, at, list->len));
    *list = str_sub(*list, 0, at > 0 ? at - 1 : 0);
    return true;
}

struct address address_forwarded(const struct address_list *trusted, const struct address *peer,
                                 const struct pairs *headers)
{
    struct address nearest = *peer;
    for (size_t i = headers->n; i-- > 0;) {
        if (!str_eq_nocase(headers->v[i].name, STR("x-forwarded-for")))
            continue;
        struct str list = headers->v[i].value, last;
        while (cut_last(&list, &last)) {
            struct address hop;
            if (!address_parse(last, &hop))
                return nearest;
            nearest = hop;
            if (!address_list_has(trusted, &hop))
                return nearest;
        }
    }
    return nearest;
}
