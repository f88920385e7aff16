#include "server/pages/language.h"

static const struct {
    struct str tag, primary;
} languages[LANGUAGE_COUNT] = {
    [LANGUAGE_ZH_CN] = {STR("zh-CN"), STR("zh")},
    [LANGUAGE_EN] = {STR("en"), STR("en")},
};

struct str language_tag(enum language l)
{
    return languages[l].tag;
}

enum language language_by_tag(struct str tag)
{
    unsigned l = 0;
    while (l < LANGUAGE_COUNT && !str_eq(tag, languages[l].tag))
        l++;
    return (enum language)l;
}

/* By the primary subtag alone: simplified characters serve a reader of zh-TW better than English does. */
static enum language by_primary_subtag(struct str range)
{
    struct str primary = STR_EMPTY;
    str_cut(&range, '-', &primary);
    unsigned l = 0;
    while (l < LANGUAGE_COUNT && !str_eq_nocase(primary, languages[l].primary))
        l++;
    return (enum language)l;
}

enum language language_from_list(struct str tags)
{
    for (struct str tag; str_word(&tags, &tag);) {
        enum language l = by_primary_subtag(tag);
        if (l != LANGUAGE_COUNT)
            return l;
    }
    return LANGUAGE_COUNT;
}

/* A qvalue of RFC 9110 section 12.4.2 in thousandths; -1 when malformed. */
static int weight(struct str q)
{
    if (q.len == 0 || q.len > 5 || (q.p[0] != '0' && q.p[0] != '1') || (q.len > 1 && q.p[1] != '.'))
        return -1;
    int value = (q.p[0] - '0') * 1000, unit = 100;
    for (size_t i = 2; i < q.len; i++, unit /= 10) {
        if (q.p[i] < '0' || q.p[i] > '9')
            return -1;
        value += (q.p[i] - '0') * unit;
    }
    return value <= 1000 ? value : -1;
}

/* One `range` or `range;q=0.8`; 0 when it is malformed or not wanted. */
static int read_range(struct str item, struct str *range)
{
    if (!str_cut(&item, ';', range))
        return 0;
    *range = str_trim(*range);
    struct str parameter = str_trim(item);
    if (parameter.len == 0)
        return 1000;
    if (!str_starts(parameter, STR("q=")) && !str_starts(parameter, STR("Q=")))
        return 0;
    int q = weight(str_sub(parameter, 2, parameter.len));
    return q > 0 ? q : 0;
}

enum language language_from_header(struct str accept_language)
{
    enum language best = LANGUAGE_COUNT;
    int best_weight = 0;
    for (struct str item; str_cut(&accept_language, ',', &item);) {
        struct str range = STR_EMPTY;
        int w = read_range(item, &range);
        enum language l = str_eq(range, STR("*")) ? LANGUAGE_ZH_CN : by_primary_subtag(range);
        if (l == LANGUAGE_COUNT || w <= best_weight)
            continue;
        best = l;
        best_weight = w;
    }
    return best;
}

enum language language_of_request(const struct request *req, struct str ui_locales)
{
    enum language l = language_by_tag(request_cookie(req, LANGUAGE_COOKIE));
    if (l == LANGUAGE_COUNT)
        l = language_from_list(ui_locales);
    if (l == LANGUAGE_COUNT)
        l = language_from_header(request_header(req, "Accept-Language"));
    return l == LANGUAGE_COUNT ? LANGUAGE_ZH_CN : l;
}
