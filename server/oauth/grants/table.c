#include "server/oauth/grants/grants.h"

/* clang-format off */
const struct grant_row grant_rows[] = {
    /* name                 bit                       needed           taken                                   where      run */
    {"authorization_code",  GRANT_AUTHORIZATION_CODE, "code",          "redirect_uri code_verifier resource", RUN_DIR,   grant_authorization_code},
    {"refresh_token",       GRANT_REFRESH_TOKEN,      "refresh_token", "scope resource",                      RUN_DIR,   grant_refresh_token},
    {"client_credentials",  GRANT_CLIENT_CREDENTIALS, "",              "scope resource",                      RUN_QUICK, grant_client_credentials},
};
/* clang-format on */
const size_t grant_row_count = sizeof grant_rows / sizeof grant_rows[0];

const struct grant_row *grant_row_find(struct str grant_type)
{
    for (size_t i = 0; i < grant_row_count; i++)
        if (str_eq(grant_type, str_of(grant_rows[i].name)))
            return &grant_rows[i];
    return NULL;
}

struct str token_asked(const struct token_request *tr, const char *name)
{
    struct str word = str_of(name);
    bool named = str_has_word(str_of(tr->row->needed), word) || str_has_word(str_of(tr->row->taken), word);
    return named ? pairs_get(&tr->req->form, name) : STR_EMPTY;
}
