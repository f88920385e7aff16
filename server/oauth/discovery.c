/*
 * GET /.well-known/openid-configuration and /.well-known/oauth-authorization-server (OpenID Connect
 * Discovery 1.0, RFC 8414): one document for both, printed from the tables that the endpoints work by.
 */
#include "server/oauth/endpoints.h"
#include "server/oauth/grants/grants.h"
#include "server/oauth/prompt.h"
#include "server/token/claims.h"
#include "server/token/words.h"

static const struct {
    const char *name, *path;
} addresses[] = {
    {"authorization_endpoint", "/authorize"},
    {"token_endpoint", "/token"},
    {"userinfo_endpoint", "/userinfo"},
    {"jwks_uri", "/jwks"},
    {"introspection_endpoint", "/introspect"},
    {"revocation_endpoint", "/revoke"},
    {"end_session_endpoint", "/logout"},
    /* AuthZEN, section 9.1.1: an application finds the decision point where it found the sign-in. */
    {"access_evaluation_endpoint", "/access/v1/evaluation"},
    {"access_evaluations_endpoint", "/access/v1/evaluations"},
};

static const struct {
    const char *name, *words;
} lists[] = {
    {"response_types_supported", "code"},         {"response_modes_supported", "query form_post"},
    {"code_challenge_methods_supported", "S256"}, {"subject_types_supported", "public"},
    {"claim_types_supported", "normal"},          {"ui_locales_supported", "zh-CN en"},
};

/* Where OpenID Connect's default is `true`, leaving a member out would be a promise. */
static const struct {
    const char *name;
    bool value;
} flags[] = {
    {"authorization_response_iss_parameter_supported", true},
    {"backchannel_logout_supported", true},
    {"backchannel_logout_session_supported", true},
    {"claims_parameter_supported", false},
    {"request_parameter_supported", false},
    {"request_uri_parameter_supported", false},
    {"require_request_uri_registration", false},
};

static void put_grants(json_t *out)
{
    json_t *names = json_array();
    for (size_t i = 0; names && i < grant_row_count; i++)
        json_array_append_new(names, json_string(grant_rows[i].name));
    json_object_set_new(out, "grant_types_supported", names);
}

static void put_algorithms(json_t *out)
{
    json_t *names = json_array();
    for (enum jws_alg alg = 0; names && alg < JWS_ALG_COUNT; alg++)
        json_array_append_new(names, json_string(jws_alg_name(alg)));
    json_object_set_new(out, "id_token_signing_alg_values_supported", names);
}

/* Nobody is asked anything about tokens without proving who they are. */
static void put_methods(json_t *out, const char *name, bool with_none)
{
    json_t *names = json_array();
    for (enum client_method m = 0; names && m < CLIENT_METHOD_COUNT; m++)
        if (with_none || m != CLIENT_NONE)
            json_array_append_new(names, json_string(client_method_name(m)));
    json_object_set_new(out, name, names);
}

/* What can be reached: a level that nothing gives is not offered. */
static void put_levels(json_t *out)
{
    json_t *words = json_array();
    for (enum authn_level level = AUTHN_LOW; words && level <= AUTHN_SUBSTANTIAL; level++)
        json_array_append_new(words, json_string(acr_word(level)));
    json_object_set_new(out, "acr_values_supported", words);
}

static void put_claims(json_t *out)
{
    json_t *names = json_array();
    if (!names)
        return;
    claims_supported(names);
    json_object_set_new(out, "claims_supported", names);
}

static void put_tables(const struct provider *p, struct arena *a, json_t *out)
{
    json_put_str(out, "issuer", p->config.issuer);
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        json_put_str(out, addresses[i].name,
                     arena_join(a, (struct str[]){p->config.issuer, str_of(addresses[i].path)}, 2));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        words_put(out, lists[i].name, str_of(lists[i].words));
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        json_object_set_new(out, flags[i].name, json_boolean(flags[i].value));
}

void oauth_discovery(void *app, struct request *req, struct response *resp)
{
    json_t *out = json_new(req->arena);
    if (!out) {
        response_failure(resp, RESULT_INTERNAL);
        return;
    }
    put_tables(app, req->arena, out);
    put_grants(out);
    put_algorithms(out);
    put_methods(out, "token_endpoint_auth_methods_supported", true);
    put_methods(out, "revocation_endpoint_auth_methods_supported", true);
    put_methods(out, "introspection_endpoint_auth_methods_supported", false);
    put_levels(out);
    put_claims(out);
    words_put(out, "scopes_supported", claims_scopes_supported());
    words_put(out, "prompt_values_supported", prompt_words());
    response_json(resp, 200, out);
}
