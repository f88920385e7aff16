#include "claims.h"

#include "json.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct onedoor_claims {
    atomic_uint references;
    json_t *object;
    char *text;
};

struct onedoor_claims *odc_claims_new(json_t *object)
{
    struct onedoor_claims *claims = calloc(1, sizeof *claims);
    char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    if (!claims || !text) {
        free(claims);
        free(text);
        json_decref(object);
        return NULL;
    }
    atomic_init(&claims->references, 1);
    claims->object = object;
    claims->text = text;
    return claims;
}

struct onedoor_claims *odc_claims_ref(struct onedoor_claims *claims)
{
    atomic_fetch_add(&claims->references, 1);
    return claims;
}

void onedoor_claims_free(struct onedoor_claims *claims)
{
    if (!claims || atomic_fetch_sub(&claims->references, 1) != 1)
        return;
    json_decref(claims->object);
    free(claims->text);
    free(claims);
}

static bool list_has(const json_t *list, const char *wanted)
{
    for (size_t i = 0; wanted && i < json_array_size(list); i++) {
        const char *item = json_string_value(json_array_get(list, i));
        if (item && strcmp(item, wanted) == 0)
            return true;
    }
    return false;
}

static bool is_text(const json_t *value, const char *wanted)
{
    return json_is_string(value) && wanted && strcmp(json_string_value(value), wanted) == 0;
}

/* A time is a positive whole number: no text, no 1e300. */
static enum onedoor_error check_times(const json_t *claims, const struct odc_wanted *wanted)
{
    const json_t *exp = json_object_get(claims, "exp"), *nbf = json_object_get(claims, "nbf"),
                 *iat = json_object_get(claims, "iat");
    if (json_integer_value(exp) <= 0 || json_integer_value(iat) <= 0 || (nbf && json_integer_value(nbf) <= 0))
        return ONEDOOR_TOKEN_MALFORMED;
    if (json_integer_value(exp) <= wanted->now - wanted->leeway)
        return ONEDOOR_TOKEN_EXPIRED;
    return nbf && json_integer_value(nbf) > wanted->now + wanted->leeway ? ONEDOOR_TOKEN_EARLY : ONEDOOR_OK;
}

enum onedoor_error odc_claims_check(const json_t *claims, const struct odc_wanted *wanted)
{
    static const char *const demanded[] = {"iss", "sub", "client_id", "jti"};
    for (size_t i = 0; i < sizeof demanded / sizeof demanded[0]; i++)
        if (!odc_json_text(claims, demanded[i]))
            return ONEDOOR_TOKEN_MALFORMED;
    const json_t *audience = json_object_get(claims, "aud");
    if (!json_is_string(audience) && !json_is_array(audience))
        return ONEDOOR_TOKEN_MALFORMED;
    if (!is_text(json_object_get(claims, "iss"), wanted->issuer))
        return ONEDOOR_TOKEN_ISSUER;
    if (!is_text(audience, wanted->audience) && !list_has(audience, wanted->audience))
        return ONEDOOR_TOKEN_AUDIENCE;
    return check_times(claims, wanted);
}

static const json_t *member(const struct onedoor_claims *claims, const char *name)
{
    return claims && name ? json_object_get(claims->object, name) : NULL;
}

const char *onedoor_claims_string(const struct onedoor_claims *claims, const char *name)
{
    return json_string_value(member(claims, name));
}

int64_t onedoor_claims_integer(const struct onedoor_claims *claims, const char *name)
{
    return json_integer_value(member(claims, name));
}

const char *onedoor_claims_item(const struct onedoor_claims *claims, const char *name, size_t index)
{
    return json_string_value(json_array_get(member(claims, name), index));
}

static const json_t *scope_of(const struct onedoor_claims *claims, const char *type)
{
    return type ? json_object_get(member(claims, "data_scope"), type) : NULL;
}

const char *onedoor_claims_data_scope(const struct onedoor_claims *claims, const char *resource_type)
{
    return json_string_value(scope_of(claims, resource_type));
}

const char *onedoor_claims_data_scope_item(const struct onedoor_claims *claims, const char *resource_type,
                                           size_t index)
{
    return json_string_value(json_array_get(scope_of(claims, resource_type), index));
}

const char *onedoor_claims_json(const struct onedoor_claims *claims)
{
    return claims ? claims->text : "{}";
}

const char *onedoor_claims_subject(const struct onedoor_claims *claims)
{
    return onedoor_claims_string(claims, "sub");
}

const char *onedoor_claims_client_id(const struct onedoor_claims *claims)
{
    return onedoor_claims_string(claims, "client_id");
}

const char *onedoor_claims_acr(const struct onedoor_claims *claims)
{
    return onedoor_claims_string(claims, "acr");
}

const char *onedoor_claims_organisation(const struct onedoor_claims *claims)
{
    return json_string_value(json_object_get(member(claims, "org"), "primary"));
}

const char *onedoor_claims_actor(const struct onedoor_claims *claims)
{
    return json_string_value(json_object_get(member(claims, "act"), "sub"));
}

int64_t onedoor_claims_expiry(const struct onedoor_claims *claims)
{
    return onedoor_claims_integer(claims, "exp");
}

bool onedoor_claims_has_role(const struct onedoor_claims *claims, const char *role)
{
    return list_has(member(claims, "roles"), role);
}

bool onedoor_claims_has_group(const struct onedoor_claims *claims, const char *group)
{
    return list_has(member(claims, "groups"), group);
}

bool onedoor_claims_has_entitlement(const struct onedoor_claims *claims, const char *entitlement)
{
    return list_has(member(claims, "entitlements"), entitlement);
}

bool onedoor_claims_has_organisation(const struct onedoor_claims *claims, const char *organisation)
{
    const json_t *org = member(claims, "org");
    return is_text(json_object_get(org, "primary"), organisation) ||
           list_has(json_object_get(org, "others"), organisation);
}

/* Words are divided by one space (RFC 6749 section 3.3). */
bool onedoor_claims_has_scope(const struct onedoor_claims *claims, const char *word)
{
    const char *rest = onedoor_claims_string(claims, "scope");
    size_t len = word ? strlen(word) : 0;
    if (len == 0 || strchr(word, ' '))
        return false;
    while (rest) {
        if (strncmp(rest, word, len) == 0 && (rest[len] == ' ' || rest[len] == '\0'))
            return true;
        rest = strchr(rest, ' ');
        rest = rest ? rest + 1 : NULL;
    }
    return false;
}
