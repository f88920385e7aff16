#include "server/oauth/answer.h"

#include "server/base/json_write.h"

enum result answer_add(struct token_request *tr, const char *name, struct str value)
{
    json_add_str(&tr->answer, name, value);
    return value.len > 0 && !tr->answer.failed ? RESULT_OK : RESULT_INTERNAL;
}

enum result answer_begin(struct token_request *tr, const struct access_token *t)
{
    json_add_str(&tr->answer, "token_type", STR("Bearer"));
    json_add_int(&tr->answer, "expires_in", t->expires - t->issued);
    json_add_str(&tr->answer, "scope", t->scope);
    return answer_add(tr, "access_token", t->value);
}
