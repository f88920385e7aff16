#include "server/http/problem.h"

static const struct problem_row rows[PROBLEM_COUNT] = {
#define X(name, status, code, retry, text) [PROBLEM_##name] = {#name, status, code, retry, text},
    PROBLEMS(X)
#undef X
};

const struct problem_row *problem_row(enum problem p)
{
    return &rows[(unsigned)p < PROBLEM_COUNT ? p : PROBLEM_INTERNAL];
}
