#include "server/oauth/answer.h"

enum result answer_add(struct token_request *tr, const char *name, struct str value)
{
    json_put_str(tr->answer, name, value);
    return json_object_get(tr->answer, name) ? RESULT_OK : RESULT_INTERNAL;
}

enum result answer_begin(struct token_request *tr, const struct access_token *t)
{
    tr->answer = json_new(tr->arena);
    if (!tr->answer)
        return RESULT_INTERNAL;
    json_put_str(tr->answer, "token_type", STR("Bearer"));
    json_put_int(tr->answer, "expires_in", t->expires - t->issued);
    json_put_str(tr->answer, "scope", t->scope);
    return answer_add(tr, "access_token", t->value);
}
