/*
 * Every address of the server, how it may be asked, and where its handler runs: `dir` handlers may wait for LDAP,
 * `quick` ones for Redis, `now` ones for nothing; `apart` stand those that may compute for more than a few ms.
 */
#include "server/routes.h"

#include "server/access/endpoints.h"
#include "server/admin/admin.h"
#include "server/health.h"
#include "server/oauth/endpoints.h"
#include "server/pages/handlers.h"

enum { GET = HTTP_GET, POST = HTTP_POST, BOTH = HTTP_GET | HTTP_POST, SMALL = 16 * 1024, LARGE = 64 * 1024, MANY = 128 * 1024, NOTHING = 0 };

/* clang-format off */
const struct route public_routes[] = {
    /* path                                       methods kind        where            body       max      cache           cors       if gone       handler */
    {"/introspect",                               POST, ROUTE_API,   RUN_NOW,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, oauth_introspect},
    {"/token",                                    POST, ROUTE_API,   RUN_QUICK,       BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_ANY,  GONE_DROPPED, oauth_token},
    {"/userinfo",                                 BOTH, ROUTE_API,   RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_ANY,  GONE_DROPPED, oauth_userinfo},
    {"/revoke",                                   POST, ROUTE_API,   RUN_QUICK,       BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_ANY,  GONE_DONE,    oauth_revoke},
    {"/jwks",                                     GET, ROUTE_API,   RUN_NOW,         BODY_NONE, NOTHING, CACHE_MINUTES,  CORS_ANY,  GONE_DROPPED, oauth_jwks},
    {"/.well-known/openid-configuration",         GET, ROUTE_API,   RUN_NOW,         BODY_NONE, NOTHING, CACHE_MINUTES,  CORS_ANY,  GONE_DONE,    oauth_discovery},
    {"/.well-known/oauth-authorization-server",   GET, ROUTE_API,   RUN_NOW,         BODY_NONE, NOTHING, CACHE_MINUTES,  CORS_ANY,  GONE_DONE,    oauth_discovery},
    {"/access/v1/evaluation",                     POST, ROUTE_NAMED, RUN_NOW,         BODY_JSON, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, access_evaluation},
    {"/access/v1/evaluations",                    POST, ROUTE_NAMED, RUN_NOW,         BODY_JSON, MANY,    CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, access_evaluations},
    {"/access/v1/search/subject",                 POST, ROUTE_NAMED, RUN_DIR_APART,   BODY_JSON, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, access_search_subject},
    {"/access/v1/search/resource",                POST, ROUTE_NAMED, RUN_QUICK_APART, BODY_JSON, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, access_search_resource},
    {"/access/v1/search/action",                  POST, ROUTE_NAMED, RUN_NOW,         BODY_JSON, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, access_search_action},
    {"/.well-known/authzen-configuration",        GET, ROUTE_NAMED, RUN_NOW,         BODY_NONE, NOTHING, CACHE_MINUTES,  CORS_ANY,  GONE_DONE,    access_metadata},
    {"/authorize",                                BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, oauth_authorize},
    {"/authorize/resume",                         GET, ROUTE_PAGE,  RUN_DIR,         BODY_NONE, NOTHING, CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, oauth_authorize_resume},
    {"/forward-auth/*",                           GET, ROUTE_PAGE,  RUN_QUICK,       BODY_NONE, NOTHING, CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, oauth_forward},
    {"/logout",                                   BOTH, ROUTE_PAGE,  RUN_QUICK,       BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    oauth_logout},
    {"/signin",                                   BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, page_signin},
    {"/signin/otp",                               BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_otp},
    {"/signin/recovery",                          BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_recovery},
    {"/signin/enrol",                             BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_enrol},
    {"/signin/act",                               BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_act},
    {"/consent",                                  BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_consent},
    {"/rights",                                   GET, ROUTE_PAGE,  RUN_DIR_APART,   BODY_NONE, NOTHING, CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, page_rights},
    {"/account",                                  BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_account},
    {"/admin",                                    BOTH, ROUTE_PAGE,  RUN_DIR_APART,   BODY_FORM, LARGE,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    admin_pages},
    {"/admin/*",                                  BOTH, ROUTE_PAGE,  RUN_DIR_APART,   BODY_FORM, LARGE,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    admin_pages},
    {"/mandates",                                 BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_mandates},
    {"/mandates/new",                             BOTH, ROUTE_PAGE,  RUN_DIR,         BODY_FORM, SMALL,   CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_mandate_new},
    {"/signed-out",                               GET, ROUTE_PAGE,  RUN_NOW,         BODY_NONE, NOTHING, CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_signed_out},
    {"/language",                                 GET, ROUTE_PAGE,  RUN_NOW,         BODY_NONE, NOTHING, CACHE_NO_STORE, CORS_NONE, GONE_DONE,    page_language},
    {"/static/*",                                 GET, ROUTE_PAGE,  RUN_NOW,         BODY_NONE, NOTHING, CACHE_STATIC,   CORS_NONE, GONE_DONE,    page_static},
    {"/",                                         GET, ROUTE_PAGE,  RUN_QUICK,       BODY_NONE, NOTHING, CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, page_portal},
};
const size_t public_route_count = sizeof public_routes / sizeof public_routes[0];

const struct route management_routes[] = {
    {"/health",  GET, ROUTE_API,   RUN_DIR,         BODY_NONE, NOTHING, CACHE_NO_STORE, CORS_NONE, GONE_DROPPED, health_report},
    {"/metrics", GET, ROUTE_API,   RUN_NOW,         BODY_NONE, NOTHING, CACHE_NO_STORE, CORS_NONE, GONE_DONE,    metrics_report},
};
const size_t management_route_count = sizeof management_routes / sizeof management_routes[0];
/* clang-format on */
