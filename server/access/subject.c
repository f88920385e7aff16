/* Who the subject is. */
#include "server/access/verdict.h"

bool is_person_type(struct str type)
{
    return str_eq(type, STR("user")) || str_eq(type, STR("identity")) || str_eq(type, STR("person"));
}

enum result subject_find(struct inquiry *in, const struct entity *e, struct subject *out)
{
    if (!is_person_type(e->type))
        return RESULT_NOT_FOUND;
    if (live_subject_known(in->p->live, in->arena, e->id, out))
        return RESULT_OK;
    enum result r = request_may_wait(in->req, RUN_DIR);
    return r == RESULT_OK ? live_subject(in->p->live, in->arena, e->id, out) : r;
}
