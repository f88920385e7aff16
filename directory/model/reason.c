#include "directory/model/model.h"

static const struct {
    const char *code, *text;
} reasons[REASON_COUNT] = {
#define X(name, code, text) [REASON_##name] = {code, text},
    DECISION_REASONS(X)
#undef X
};

const char *reason_code(enum decision_reason r)
{
    return reasons[r].code;
}

const char *reason_text(enum decision_reason r)
{
    return reasons[r].text;
}
