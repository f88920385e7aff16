#include "authn/acts.h"

#include "server/base/encode.h"

/* "client_id mandate subject" for each application; the two encoded, because they may hold spaces. */
#define NOTHING "-"

static bool next(struct str *rest, struct str *client_id, struct str *mandate, struct str *subject)
{
    return str_word(rest, client_id) && str_word(rest, mandate) && str_word(rest, subject);
}

static struct str read_word(struct arena *a, struct str word)
{
    struct str out;
    return !str_eq(word, STR(NOTHING)) && base64url_decode(a, word, &out) ? out : STR_EMPTY;
}

static struct str write_word(struct arena *a, struct str text)
{
    return text.len > 0 ? base64url_encode(a, text) : STR(NOTHING);
}

bool acts_find(struct arena *a, struct str acts, struct str client_id, struct act *out)
{
    struct str id, mandate, subject;
    while (next(&acts, &id, &mandate, &subject))
        if (str_eq(id, client_id)) {
            *out = (struct act){read_word(a, mandate), read_word(a, subject)};
            return true;
        }
    return false;
}

struct str acts_with(struct arena *a, struct str acts, struct str client_id, const struct act *act)
{
    struct str id, mandate, subject;
    struct str new_mandate = write_word(a, act->mandate), new_subject = write_word(a, act->subject);
    struct str out =
        arena_join(a, (struct str[]){client_id, STR(" "), new_mandate, STR(" "), new_subject}, 5);
    while (next(&acts, &id, &mandate, &subject))
        if (!str_eq(id, client_id))
            out = arena_join(a, (struct str[]){out, STR(" "), id, STR(" "), mandate, STR(" "), subject}, 7);
    return out;
}
