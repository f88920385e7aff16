#include "server/oauth/scope.h"

#include "server/base/buf.h"

bool scope_read(struct arena *a, struct str text, struct str *out)
{
    struct buf words;
    struct str word;
    bool fine = text.len <= SCOPE_MAX;
    buf_init(&words, SCOPE_MAX);
    while (fine && str_word(&text, &word)) {
        fine = str_is_nqchar(word);
        if (!fine || str_has_word(buf_str(&words), word))
            continue;
        if (words.len > 0)
            buf_add_char(&words, ' ');
        buf_add(&words, word);
    }
    fine = fine && !words.failed;
    *out = fine ? arena_copy(a, buf_str(&words)) : STR_EMPTY;
    buf_free(&words);
    return fine;
}

bool scope_within(struct str scope, struct str allowed)
{
    struct str word;
    while (str_word(&scope, &word))
        if (!str_has_word(allowed, word))
            return false;
    return true;
}
