/* Strings that carry their length. A struct str never owns its bytes. */
#ifndef ONEDOOR_BASE_STR_H
#define ONEDOOR_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p; /* may be NULL when len is 0 */
    size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_EMPTY    ((struct str){NULL, 0})
#define STR_FMT      "%.*s"
#define STR_ARG(s)   (int)(s).len, (s).p ? (s).p : ""

/* The smallest ones stand here, because they are called some hundred times for each request. */

/* The string of a C string; NULL gives the empty string. */
static inline struct str str_of(const char *z)
{
    return z ? (struct str){z, strlen(z)} : STR_EMPTY;
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* s from byte `from` on, `len` bytes at most; out of range gives what there is. */
static inline struct str str_sub(struct str s, size_t from, size_t len)
{
    if (from >= s.len)
        return STR_EMPTY;
    size_t left = s.len - from;
    return (struct str){s.p + from, len < left ? len : left};
}

/* Whether the byte occurs in s. */
static inline bool str_has(struct str s, char c)
{
    return s.len > 0 && memchr(s.p, c, s.len) != NULL;
}

/* ASCII letters only; every other byte is compared as it is. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Without spaces and tabs at both ends. */
struct str str_trim(struct str s);

/*
 * Cuts *rest at the first `sep`: *head is what stands before, *rest what stands after (empty if there was
 * no sep). False when *rest was empty at the call.
 */
bool str_cut(struct str *rest, char sep, struct str *head);
/* The next word of a list separated by single or repeated spaces (RFC 6749 section 3.3). */
bool str_word(struct str *rest, struct str *word);
/* Whether `word` is one of the space-separated words of `list`. */
bool str_has_word(struct str list, struct str word);

/* Decimal digits only, no sign, no space, no leading zero but "0" itself; false if over max. */
bool str_to_u64(struct str s, uint64_t max, uint64_t *out);
/* The number in decimal digits, which live in `room`. */
struct digits {
    char text[24];
};
struct str str_of_int(struct digits *room, int64_t number);

/* Whether a control character other than the tab occurs (RFC 9110 section 5.5). */
bool str_has_control(struct str s);
/* Well-formed UTF-8 (no surrogates, no overlong forms). */
bool str_is_utf8(struct str s);
/*
 * Well-formed UTF-8 without control characters, line and paragraph separators, zero-width and
 * direction-changing characters: what may be a name that a person typed.
 */
bool str_is_plain_text(struct str s);
/* The code point at the start of s: its length in bytes, 0 when it is not well-formed or s is empty. */
size_t str_code_point(struct str s, uint32_t *out);
/* Whether it is one that str_is_plain_text refuses. */
bool str_code_point_is_unseen(uint32_t cp);
/* One byte or more, each of 0x21-0x7E but `"` and `\`: a scope-token of RFC 6749 appendix A.4. */
bool str_is_nqchar(struct str s);

#endif
