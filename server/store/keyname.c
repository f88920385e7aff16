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

struct str key_place_str(const struct key_name *name)
{
    return (struct str){name->text, name->place_len};
}

static void append(struct key_name *out, struct str s)
{
    size_t room = sizeof out->text - out->place_len;
    size_t len = s.len < room ? s.len : room;
    if (len > 0)
        memcpy(out->text + out->place_len, s.p, len);
    out->place_len += len;
}

/* With a prefix of three such a name fits into the 32 bytes that Redis's allocator gives a shorter one too.
 */
static void append_hash(struct key_name *out, const unsigned char hash[DIGEST_SIZE])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    enum { CHARACTERS = 27, BITS = 6 };
    char name[CHARACTERS];
    for (unsigned i = 0, at = 0; i < CHARACTERS; i++, at += BITS) {
        unsigned two_bytes = (unsigned)hash[at / 8] << 8 | hash[at / 8 + 1];
        name[i] = alphabet[two_bytes >> (16 - BITS - at % 8) & 63];
    }
    append(out, (struct str){name, sizeof name});
}

bool key_name_hashed(struct key_name *out, struct str prefix, struct str epoch, enum store_kind kind,
                     struct str id)
{
    const struct str nul = {"", 1};
    const struct str parts[] = {epoch, nul, str_of(kind_names[kind]), nul, id};
    unsigned char hash[DIGEST_SIZE];
    if (!sha256(parts, sizeof parts / sizeof parts[0], hash))
        return false;
    out->place_len = 0;
    append(out, prefix);
    append_hash(out, hash);
    out->len = out->place_len;
    append(out, (struct str){(const char *)hash, sizeof hash});
    return true;
}

void key_name_plain(struct key_name *out, struct str prefix, const char *word, const char *rest)
{
    out->place_len = 0;
    append(out, prefix);
    append(out, str_of(word));
    append(out, str_of(rest));
    out->len = out->place_len;
}
