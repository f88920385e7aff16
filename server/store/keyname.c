#include "server/store/keyname.h"

#include "server/base/digest.h"

#include <string.h>

static const char *const kind_names[STORE_KIND_COUNT] = {
#define X(name, text) [STORE_##name] = text,
    STORE_KINDS(X)
#undef X
};

const char *store_kind_name(enum store_kind kind)
{
    return kind_names[kind];
}

struct str key_name_str(const struct key_name *name)
{
    return (struct str){name->text, name->len};
}

static void append(struct key_name *out, struct str s)
{
    size_t room = sizeof out->text - out->len;
    size_t len = s.len < room ? s.len : room;
    if (len > 0)
        memcpy(out->text + out->len, s.p, len);
    out->len += len;
}

bool key_name_hashed(struct key_name *out, struct str prefix, struct str epoch, enum store_kind kind,
                     struct str id)
{
    static const char digits[] = "0123456789abcdef";
    const struct str nul = {"", 1};
    const struct str parts[] = {epoch, nul, str_of(kind_names[kind]), nul, id};
    unsigned char hash[DIGEST_SIZE];
    if (!sha256(parts, sizeof parts / sizeof parts[0], hash))
        return false;
    out->len = 0;
    append(out, prefix);
    for (size_t i = 0; i < sizeof hash; i++) {
        const char pair[2] = {digits[hash[i] >> 4], digits[hash[i] & 15]};
        append(out, (struct str){pair, sizeof pair});
    }
    return true;
}

void key_name_plain(struct key_name *out, struct str prefix, const char *word, const char *rest)
{
    out->len = 0;
    append(out, prefix);
    append(out, str_of(word));
    append(out, str_of(rest));
}
