#include "authn/identity_number.h"

#include <string.h>
#include <time.h>

enum { N = IDENTITY_NUMBER_LENGTH, BIRTHDAY_AT = 6, REGION_AT = 2, REGION_END = 8 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_digit(p[i]))
            return false;
    return true;
}

static int number_of(const char *p, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (p[i] - '0');
    return value;
}

/* A day of the calendar, in a century from which people are on record, and not to come. */
static bool is_birthday(const char *p, int64_t now)
{
    struct tm day = {
        .tm_year = number_of(p, 4) - 1900, .tm_mon = number_of(p + 4, 2) - 1, .tm_mday = number_of(p + 6, 2)};
    struct tm seen = day;
    int64_t at = (int64_t)timegm(&day);
    /* timegm carries over what is too much: 30 February is no day. A new day begins in the east first. */
    bool same = day.tm_year == seen.tm_year && day.tm_mon == seen.tm_mon && day.tm_mday == seen.tm_mday;
    return same && seen.tm_year >= 1800 - 1900 && at <= now + 14 * 3600;
}

/* ISO 7064 MOD 11-2, as GB 11643 writes it out. */
static char citizen_check(const char *p)
{
    static const int weights[N - 1] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < N - 1; i++)
        sum += weights[i] * (p[i] - '0');
    return "10X98765432"[sum % 11];
}

static const char *read_citizen(const char *p, int64_t now)
{
    if (!all_digits(p, N - 1) || (!is_digit(p[N - 1]) && p[N - 1] != 'X'))
        return "a citizen's number is 17 digits and a check character, a digit or X";
    if (p[0] == '0')
        return "the number does not begin with the code of a region";
    if (!is_birthday(p + BIRTHDAY_AT, now))
        return "the seventh to fourteenth digits are no birthday";
    return citizen_check(p) == p[N - 1] ? NULL : "the check character does not fit: something is mistyped";
}

/* GB 32100 leaves out I, O, S, V and Z. */
static const char company_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int company_value(char c)
{
    const char *at = c ? strchr(company_alphabet, c) : NULL;
    return at ? (int)(at - company_alphabet) : -1;
}

static char company_check(const char *p)
{
    int sum = 0, weight = 1;
    for (size_t i = 0; i < N - 1; i++, weight = weight * 3 % 31)
        sum += weight * company_value(p[i]);
    return company_alphabet[(31 - sum % 31) % 31];
}

static const char *read_company(const char *p, int64_t now)
{
    (void)now;
    for (size_t i = 0; i < N; i++)
        if (company_value(p[i]) < 0)
            return "a company's number is 18 digits and capital letters without I, O, S, V and Z";
    if (!all_digits(p + REGION_AT, REGION_END - REGION_AT))
        return "the third to eighth characters are not the digits of a region";
    return company_check(p) == p[N - 1] ? NULL : "the check character does not fit: something is mistyped";
}

const char *identity_number_read(enum identity_kind kind, struct str typed, int64_t now, char out[N])
{
    static const char *(*const readers[])(const char *, int64_t) = {
        [IDENTITY_CITIZEN] = read_citizen, [IDENTITY_COMPANY] = read_company};
    if (typed.len != N)
        return "an identity number has 18 characters";
    for (size_t i = 0; i < N; i++)
        out[i] = typed.p[i] >= 'a' && typed.p[i] <= 'z' ? (char)(typed.p[i] - 'a' + 'A') : typed.p[i];
    return readers[kind](out, now);
}
