/* The Authorization header: which scheme, and what Basic holds. */
#include "server/base/encode.h"
#include "server/http/request.h"

bool request_authorization(const struct request *r, const char *scheme, struct str *credentials)
{
    struct str rest = request_header(r, "authorization"), word;
    if (!str_has(rest, ' '))
        return false;
    str_cut(&rest, ' ', &word);
    if (!str_eq_nocase(word, str_of(scheme)))
        return false;
    *credentials = rest;
    return true;
}

bool basic_credentials(struct arena *a, struct str credentials, struct str *user, struct str *password)
{
    struct str both, name;
    if (!base64_decode(a, credentials, &both) || str_has(both, '\0') || !str_has(both, ':'))
        return false;
    str_cut(&both, ':', &name);
    if (!form_decode(a, name, user) || !form_decode(a, both, password))
        return false;
    return str_is_utf8(*user) && str_is_utf8(*password);
}
