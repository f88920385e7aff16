#include "clients/redirect.h"
#include "clients/settings.h"
#include "directory/model/grammar.h"

/* A text of the arena's; NULL or what is wrong. */
static const char *take_text(const struct setting_value *v, size_t max)
{
    if (v->text.len == 0 || v->text.len > max || !str_is_plain_text(v->text))
        return "";
    *(struct str *)v->field = arena_copy(v->arena, v->text);
    return NULL;
}

static const char *take_into_list(const struct setting_value *v)
{
    struct str_list *list = v->field;
    if (!list->v)
        list->v = arena_alloc(v->arena, v->count * sizeof *list->v);
    if (!list->v)
        return "does not fit into memory";
    list->v[list->n++] = arena_copy(v->arena, v->text);
    return NULL;
}

/* One more word of a space-separated list; a word that is there already is no fault. */
static const char *take_word(const struct setting_value *v)
{
    struct str *list = v->field;
    if (str_has_word(*list, v->text))
        return NULL;
    struct str parts[] = {*list, list->len > 0 ? STR(" ") : STR_EMPTY, v->text};
    *list = arena_join(v->arena, parts, 3);
    return NULL;
}

static const char *take_number(const struct setting_value *v, uint64_t min, uint64_t max)
{
    uint64_t n;
    if (!str_to_u64(v->text, max, &n) || n < min)
        return "";
    *(int64_t *)v->field = (int64_t)n;
    return NULL;
}

/* A choice between two words. */
static const char *take_choice(const struct setting_value *v, struct str yes, struct str no)
{
    if (!str_eq(v->text, yes) && !str_eq(v->text, no))
        return "";
    *(bool *)v->field = str_eq(v->text, yes);
    return NULL;
}

const char *read_name(const struct setting_value *v)
{
    return take_text(v, 128);
}

const char *read_description(const struct setting_value *v)
{
    return take_text(v, 500);
}

const char *read_redirect(const struct setting_value *v)
{
    const char *refusal = redirect_refusal(v->text);
    return refusal ? refusal : take_into_list(v);
}

const char *read_page_address(const struct setting_value *v)
{
    const char *refusal = page_address_refusal(v->text);
    return refusal ? refusal : take_text(v, REDIRECT_MAX);
}

const char *read_grant(const struct setting_value *v)
{
    static const struct {
        const char *name;
        enum grant_bit bit;
    } grants[] = {{"authorization_code", GRANT_AUTHORIZATION_CODE},
                  {"refresh_token", GRANT_REFRESH_TOKEN},
                  {"client_credentials", GRANT_CLIENT_CREDENTIALS}};
    for (size_t i = 0; i < sizeof grants / sizeof grants[0]; i++)
        if (str_eq(v->text, str_of(grants[i].name))) {
            *(unsigned *)v->field |= grants[i].bit;
            return NULL;
        }
    return "";
}

const char *read_scope(const struct setting_value *v)
{
    return str_is_nqchar(v->text) && v->text.len <= 64 ? take_word(v) : "";
}

const char *read_method(const struct setting_value *v)
{
    return client_method_parse(v->text, v->field) ? NULL : "";
}

const char *read_level(const struct setting_value *v)
{
    enum authn_level level = acr_level(v->text);
    if (level == AUTHN_NONE)
        return "";
    *(enum authn_level *)v->field = level;
    return NULL;
}

const char *read_format(const struct setting_value *v)
{
    return take_choice(v, STR("opaque"), STR("jwt"));
}

const char *read_alg(const struct setting_value *v)
{
    return jws_alg_parse(v->text, v->field) ? NULL : "";
}

const char *read_identity(const struct setting_value *v)
{
    return take_number(v, 1, 5);
}

const char *read_access_seconds(const struct setting_value *v)
{
    return take_number(v, 30, 86400);
}

const char *read_refresh_seconds(const struct setting_value *v)
{
    return take_number(v, 60, 31536000);
}

const char *read_resource(const struct setting_value *v)
{
    return is_resource_identifier(v->text) ? take_word(v) : "";
}

const char *read_consent(const struct setting_value *v)
{
    return take_choice(v, STR("required"), STR("never"));
}

const char *read_flag(const struct setting_value *v)
{
    return take_choice(v, STR("TRUE"), STR("FALSE"));
}

const char *read_kind(const struct setting_value *v)
{
    return str_is_nqchar(v->text) && v->text.len <= 64 ? take_into_list(v) : "";
}

/* A comma that separates two parts, with a space behind it: such a DN would never equal a group's. */
static bool has_loose_comma(struct str dn)
{
    bool escaped = false;
    for (size_t i = 0; i + 1 < dn.len; i++) {
        if (dn.p[i] == ',' && !escaped && dn.p[i + 1] == ' ')
            return true;
        escaped = dn.p[i] == '\\' && !escaped;
    }
    return false;
}

const char *read_group(const struct setting_value *v)
{
    if (!str_is_plain_text(v->text) || !str_has(v->text, '=') || v->text.len > 500)
        return "";
    return has_loose_comma(v->text) ? "has a space behind a comma" : take_into_list(v);
}

const char *read_permission(const struct setting_value *v)
{
    struct permission p;
    const char *wrong = permission_read(v->text, &p);
    return wrong ? wrong : take_into_list(v);
}

const char *read_resource_type(const struct setting_value *v)
{
    struct resource_type t;
    const char *wrong = resource_type_read(v->text, &t);
    return wrong ? wrong : take_into_list(v);
}

/* OpenID Connect Back-Channel Logout section 2.2; http has no place here, not even on loopback. */
const char *read_logout_address(const struct setting_value *v)
{
    if (!str_starts(v->text, STR("https://")))
        return "";
    const char *refusal = page_address_refusal(v->text);
    return refusal ? refusal : take_text(v, REDIRECT_MAX);
}
