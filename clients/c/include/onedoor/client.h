/*
 * libonedoor-client: what an application asks of Onedoor. Is this access token good? What may its holder do?
 *
 * A handle (struct onedoor_client) may be used by any number of threads at once. Claims and decisions never
 * change once given, so they may be read by many threads too. Nothing is printed, no signal is raised, and
 * there is no global state but libcurl's own initialisation, done once. A process that forks opens its
 * handles after the fork.
 *
 * Every text given in is copied, and is UTF-8 that ends in NUL. Every text given out belongs to the object
 * that it came from. Out-parameters are set in every case: to NULL unless the result is ONEDOOR_OK. Every
 * function that frees or reads takes NULL: a missing decision does not allow, missing claims have nothing.
 */
#ifndef ONEDOOR_CLIENT_H
#define ONEDOOR_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ONEDOOR_API        __attribute__((visibility("default")))
#define ONEDOOR_MUST_CHECK __attribute__((warn_unused_result))

/*
 * Two families, and the difference matters: from ONEDOOR_TOKEN_MALFORMED on the token is refused for certain
 * (answer 401 invalid_token); those before are failures of the application, the way or the server, and
 * nothing is known of the token (answer 503 and let people try again; never take it for "signed out"). Values
 * are never renumbered; new ones may come: use onedoor_refused() for those you do not name.
 */
enum onedoor_error {
    ONEDOOR_OK = 0,
    ONEDOOR_ARGUMENT = 1,    /* the call itself is wrong: a missing text, no JSON object, too long */
    ONEDOOR_MEMORY = 2,      /* out of memory, or the cryptographic library failed */
    ONEDOOR_UNAVAILABLE = 3, /* the server cannot be reached, is too slow, or says that it is away for now */
    ONEDOOR_UNTRUSTED = 4,   /* the server's certificate is not accepted, or ca_file cannot be read */
    ONEDOOR_CREDENTIALS =
        5,                /* the server does not accept the client_id and secret, or they may not ask this */
    ONEDOOR_PROTOCOL = 6, /* the server's answer is not what the standards say */
    ONEDOOR_UNSUPPORTED = 7, /* the server offers no such endpoint */

    ONEDOOR_TOKEN_MALFORMED = 32, /* not a token, too long, or a claim that must be there is not */
    ONEDOOR_TOKEN_TYPE = 33,      /* not an access token */
    ONEDOOR_TOKEN_ALGORITHM = 34, /* an algorithm that its key is not for */
    ONEDOOR_TOKEN_KEY = 35,       /* signed by a key that the server does not publish */
    ONEDOOR_TOKEN_SIGNATURE = 36, /* the signature is wrong */
    ONEDOOR_TOKEN_ISSUER = 37,    /* from another issuer */
    ONEDOOR_TOKEN_AUDIENCE = 38,  /* meant for another application */
    ONEDOOR_TOKEN_EXPIRED = 39,   /* its time is over */
    ONEDOOR_TOKEN_EARLY = 40,     /* its time has not come */
    ONEDOOR_TOKEN_INACTIVE = 41   /* the server says that it does not hold, or no longer */
};

/* A constant English sentence without a full stop. */
ONEDOOR_API const char *onedoor_error_text(enum onedoor_error error);
/* Whether the token is refused for certain. */
ONEDOOR_API bool onedoor_refused(enum onedoor_error error);

/*
 * What can be set; onedoor_options_init() writes the defaults and the size, which lets later versions add to
 * the end. Seconds and milliseconds are refused when negative.
 */
struct onedoor_options {
    size_t size;
    const char *ca_file;    /* PEM file of the authorities to trust; NULL: the system's */
    const char *audience;   /* what `aud` must name; NULL: the client_id */
    int connect_timeout_ms; /* 2000 */
    int timeout_ms;         /* 5000: a whole question, answer included */
    int leeway_seconds;     /* 5: how far the clocks may differ, for exp and nbf; 60 at most */
    int cache_ms;           /* 1000: how old a positive answer of introspection may be; 0: none is kept */
    int cache_entries;      /* 4096: how many are kept; 1048576 at most */
    int keys_fresh_seconds; /* 300: after that the keys are fetched anew */
    int keys_pause_seconds; /* 10: between two fetches because of an unknown kid or a failure */
    int keys_keep_seconds;  /* 3600: how long the keys known serve while the server is away */
    /*
     * Told of what the results alone do not say, for the application's log: `event` is a constant word,
     * `detail` one line for a person, without secrets or tokens. Called by the thread that asks; NULL:
     * nobody.
     */
    void (*log)(void *context, const char *event, const char *detail);
    void *log_context;
};

ONEDOOR_API void onedoor_options_init(struct onedoor_options *options, size_t size);

struct onedoor_client;

/*
 * A handle for the issuer (https, or http on a loopback address; written exactly as the server writes it) and
 * this application's credentials. Nothing is asked of the server yet. client_secret NULL: only verifying is
 * possible. options NULL: the defaults.
 */
ONEDOOR_API enum onedoor_error onedoor_open(const char *issuer, const char *client_id,
                                            const char *client_secret, const struct onedoor_options *options,
                                            struct onedoor_client **out) ONEDOOR_MUST_CHECK;
/* Wipes the secret. No other thread may be using the handle; claims and decisions stay valid. */
ONEDOOR_API void onedoor_close(struct onedoor_client *client);

struct onedoor_claims;

/*
 * Verifies a signed access token (RFC 9068 `at+jwt`, ES256 or RS256) here, by the issuer's published keys:
 * form, header, key, algorithm, type, signature, iss, aud, exp, nbf. Asks the server only when the keys are
 * due. Says nothing about revocation: a token that was revoked verifies until it expires (ten minutes as the
 * server issues them). Where that is too long, use onedoor_introspect().
 */
ONEDOOR_API enum onedoor_error onedoor_verify(struct onedoor_client *client, const char *token,
                                              struct onedoor_claims **out) ONEDOOR_MUST_CHECK;
/*
 * Asks the server whether an access token, signed or opaque, holds now (RFC 7662), and who it stands for.
 * Positive answers are kept for cache_ms, counted from when the question was sent, and never beyond the
 * token's exp: so a revoked token is refused at the latest cache_ms after the server knows. Negative answers
 * and failures are not kept.
 */
ONEDOOR_API enum onedoor_error onedoor_introspect(struct onedoor_client *client, const char *token,
                                                  struct onedoor_claims **out) ONEDOOR_MUST_CHECK;
ONEDOOR_API void onedoor_claims_free(struct onedoor_claims *claims);

/* Texts are NULL, and numbers 0, where the claim is missing or of another type. */
ONEDOOR_API const char *onedoor_claims_subject(const struct onedoor_claims *claims); /* whom it stands for */
ONEDOOR_API const char *onedoor_claims_client_id(const struct onedoor_claims *claims);
ONEDOOR_API const char *onedoor_claims_acr(const struct onedoor_claims *claims); /* low, substantial, high */
ONEDOOR_API const char *onedoor_claims_organisation(const struct onedoor_claims *claims); /* org.primary */
/* Who acts, where that is not the subject (RFC 8693 `act`): act.sub. */
ONEDOOR_API const char *onedoor_claims_actor(const struct onedoor_claims *claims);
ONEDOOR_API int64_t onedoor_claims_expiry(const struct onedoor_claims *claims); /* seconds since 1970 */
/* Words of `scope`; members of the lists `roles`, `groups`, `entitlements`. */
ONEDOOR_API bool onedoor_claims_has_scope(const struct onedoor_claims *claims, const char *word);
ONEDOOR_API bool onedoor_claims_has_role(const struct onedoor_claims *claims, const char *role);
ONEDOOR_API bool onedoor_claims_has_group(const struct onedoor_claims *claims, const char *group);
ONEDOOR_API bool onedoor_claims_has_entitlement(const struct onedoor_claims *claims, const char *entitlement);
/* Whether the organisation is the primary or one of the others. */
ONEDOOR_API bool onedoor_claims_has_organisation(const struct onedoor_claims *claims,
                                                 const char *organisation);
/*
 * How far the roles reach among resources of the type (`data_scope`): "self", "department",
 * "department-and-below", "all"; NULL where organisations are listed, which the second function gives by
 * their index, NULL past the end.
 */
ONEDOOR_API const char *onedoor_claims_data_scope(const struct onedoor_claims *claims,
                                                  const char *resource_type);
ONEDOOR_API const char *onedoor_claims_data_scope_item(const struct onedoor_claims *claims,
                                                       const char *resource_type, size_t index);
/* Any claim that is a text or an integer. */
ONEDOOR_API const char *onedoor_claims_string(const struct onedoor_claims *claims, const char *name);
ONEDOOR_API int64_t onedoor_claims_integer(const struct onedoor_claims *claims, const char *name);
/* Member `index` of a claim that is a list of texts, such as amr; NULL past its end. */
ONEDOOR_API const char *onedoor_claims_item(const struct onedoor_claims *claims, const char *name,
                                            size_t index);
/* All of them as a JSON object, for what has no function here. */
ONEDOOR_API const char *onedoor_claims_json(const struct onedoor_claims *claims);

/*
 * May this subject do this to that? (AuthZEN Authorization API 1.0.) Set size to sizeof(struct
 * onedoor_question) and what is marked *, texts of 1 to 512 bytes; leave out (NULL) what does not apply.
 */
struct onedoor_question {
    size_t size;               /* * */
    const char *subject_type;  /* NULL: "user" */
    const char *subject_id;    /* * the token's sub */
    const char *access_token;  /* the subject's: proves how they signed in, where a permission asks that */
    const char *action;        /* * such as "approve" */
    const char *resource_type; /* * such as "case" */
    const char *resource_id;   /* * */
    const char *resource_properties; /* JSON object; counts only for applications trusted to say it */
    const char *subject_properties;  /* JSON object, likewise */
    const char *context;             /* JSON object */
};

struct onedoor_decision;

/*
 * Asks for one decision. ONEDOOR_OK means that there is one, not that it allows. Decisions are never kept:
 * each is of now.
 */
ONEDOOR_API enum onedoor_error onedoor_decide(struct onedoor_client *client,
                                              const struct onedoor_question *question,
                                              struct onedoor_decision **out) ONEDOOR_MUST_CHECK;

enum onedoor_semantic {
    ONEDOOR_EXECUTE_ALL = 0,           /* every question is answered */
    ONEDOOR_DENY_ON_FIRST_DENY = 1,    /* stops after the first denial */
    ONEDOOR_PERMIT_ON_FIRST_PERMIT = 2 /* stops after the first permission */
};

/*
 * Asks for up to ONEDOOR_QUESTIONS_MAX decisions in one request. out[i] belongs to questions[i] and is NULL
 * where the server stopped before it. All of them are NULL unless the result is ONEDOOR_OK.
 */
#define ONEDOOR_QUESTIONS_MAX 100
ONEDOOR_API enum onedoor_error onedoor_decide_many(struct onedoor_client *client,
                                                   const struct onedoor_question *questions, size_t count,
                                                   enum onedoor_semantic semantic,
                                                   struct onedoor_decision **out) ONEDOOR_MUST_CHECK;
ONEDOOR_API void onedoor_decision_free(struct onedoor_decision *decision);

ONEDOOR_API bool onedoor_decision_allows(const struct onedoor_decision *decision);
/* Where the sign-in was too weak: the acr that would do (RFC 9470 acr_values); else NULL. */
ONEDOOR_API const char *onedoor_decision_acr(const struct onedoor_decision *decision);
/* The decision's context as a JSON object: reasons and what else the server says; "{}" where it says nothing.
 */
ONEDOOR_API const char *onedoor_decision_context(const struct onedoor_decision *decision);

#ifdef __cplusplus
}
#endif

#endif
