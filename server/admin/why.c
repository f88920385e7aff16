#include "server/admin/why.h"

static const struct {
    const char *name, *text;
} rows[] = {
#define X(name, word, text) {(word), (text)},
    WHYS(X)
#undef X
};

const char *why_name(enum why w)
{
    return rows[w].name;
}

const char *why_text(enum why w)
{
    return rows[w].text;
}
