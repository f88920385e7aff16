/* GET /jwks (RFC 7517): the public keys, the next ones too, so that verifiers know them before they sign. */
#include "server/oauth/endpoints.h"
#include "server/token/provider.h"

void oauth_jwks(void *app, struct request *req, struct response *resp)
{
    struct provider *p = app;
    struct str text = keyring_jwks(p->keyring, req->arena);
    if (text.len > 0)
        response_text(resp, 200, STR("application/jwk-set+json"), text);
    else
        response_failure(resp, RESULT_INTERNAL);
}
