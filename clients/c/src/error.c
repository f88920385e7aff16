#include <onedoor/client.h>

static const char *const texts[] = {
    [ONEDOOR_OK] = "all is well",
    [ONEDOOR_ARGUMENT] = "the call is wrong: something is missing, malformed or too long",
    [ONEDOOR_MEMORY] = "out of memory, or the cryptographic library failed",
    [ONEDOOR_UNAVAILABLE] = "the server cannot be reached or is away for now",
    [ONEDOOR_UNTRUSTED] =
        "the server's certificate is not trusted, or the file of authorities cannot be read",
    [ONEDOOR_CREDENTIALS] = "the server does not accept this application's credentials",
    [ONEDOOR_PROTOCOL] = "the server's answer is not understood",
    [ONEDOOR_UNSUPPORTED] = "the server does not offer this",
    [ONEDOOR_TOKEN_MALFORMED] = "this is not an access token",
    [ONEDOOR_TOKEN_TYPE] = "this is another kind of token",
    [ONEDOOR_TOKEN_ALGORITHM] = "the token's algorithm is not its key's",
    [ONEDOOR_TOKEN_KEY] = "the token's key is not one that the server publishes",
    [ONEDOOR_TOKEN_SIGNATURE] = "the token's signature is wrong",
    [ONEDOOR_TOKEN_ISSUER] = "the token is from another issuer",
    [ONEDOOR_TOKEN_AUDIENCE] = "the token is meant for another application",
    [ONEDOOR_TOKEN_EXPIRED] = "the token has expired",
    [ONEDOOR_TOKEN_EARLY] = "the token is not valid yet",
    [ONEDOOR_TOKEN_INACTIVE] = "the token does not hold, or no longer",
};

const char *onedoor_error_text(enum onedoor_error error)
{
    size_t i = (size_t)error;
    return i < sizeof texts / sizeof texts[0] && texts[i] ? texts[i] : "unknown error";
}

bool onedoor_refused(enum onedoor_error error)
{
    return error >= ONEDOOR_TOKEN_MALFORMED;
}
