#include "server/base/log.h"

#include "server/base/buf.h"
#include "server/base/clock.h"
#include "server/base/task.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { VALUE_MAX = 512, LINE_MAX_BYTES = 16384, MASK_FROM = 15 };

static atomic_int least_level = LOG_LEVEL_INFO;
static atomic_int line_format = LOG_FORMAT_LOGFMT;

static const char *const level_names[] = {
    [LOG_LEVEL_DEBUG] = "debug",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_WARN] = "warn",
    [LOG_LEVEL_ERROR] = "error",
};

void log_setup(enum log_level least, enum log_format format)
{
    atomic_store(&least_level, (int)least);
    atomic_store(&line_format, (int)format);
}

void log_set_reference(struct str s)
{
    char *reference = task_own()->reference;
    s = str_sub(s, 0, sizeof task_own()->reference - 1);
    if (s.len > 0)
        memcpy(reference, s.p, s.len);
    reference[s.len] = 0;
}

/* A full-width digit, as an input method types it, is a digit of an identity number as well. */
static bool is_digit(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
}

static bool is_x(uint32_t cp)
{
    return cp == 'X' || cp == 'x' || cp == 0xFF38 || cp == 0xFF58;
}

/* The bytes of the digits (and the check character X) at the start of s, and their number. */
static size_t digit_run(struct str s, size_t *count)
{
    size_t at = 0, n;
    uint32_t cp;
    for (*count = 0; (n = str_code_point(str_sub(s, at, s.len), &cp)) > 0 && is_digit(cp); at += n)
        ++*count;
    if (n > 0 && *count >= 17 && is_x(cp)) {
        at += n;
        ++*count;
    }
    return at;
}

static void add_unicode_escape(struct buf *out, uint32_t cp)
{
    if (cp < 0x10000) {
        buf_printf(out, "\\u%04" PRIx32, cp);
        return;
    }
    cp -= 0x10000;
    buf_printf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xD800 + (cp >> 10), 0xDC00 + (cp & 0x3FF));
}

/* Adds the character at the start of s; returns its length, 1 for a byte that is no UTF-8. */
static size_t add_character(struct buf *out, struct str s)
{
    uint32_t cp = 0xFFFD;
    size_t n = str_code_point(s, &cp);
    if (n == 0 || str_code_point_is_unseen(cp)) {
        add_unicode_escape(out, cp);
        return n > 0 ? n : 1;
    }
    if (cp == '"' || cp == '\\')
        buf_add_char(out, '\\');
    buf_add(out, str_sub(s, 0, n));
    return n;
}

static size_t add_stars(struct buf *out, size_t run, size_t count)
{
    for (size_t i = 0; i < count && i < VALUE_MAX; i++)
        buf_add_char(out, '*');
    return run;
}

/* The number at the start of s, masked if it is long, or else the character; returns their length. */
static size_t add_run_or_character(struct buf *out, struct str s)
{
    size_t count, run = digit_run(s, &count), at = 0;
    if (count >= MASK_FROM)
        return add_stars(out, run, count);
    do
        at += add_character(out, str_sub(s, at, s.len));
    while (at < run);
    return at;
}

static bool needs_nothing(char c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

/*
 * Where the characters end that are written as they are, from `at` on. A number is among them only as a
 * whole, for it may be longer than it looks: full-width digits count too.
 */
static size_t plain_run(struct str s, size_t at)
{
    size_t digits = 0;
    for (; at < s.len && at < VALUE_MAX && needs_nothing(s.p[at]) && digits < MASK_FROM; at++)
        digits = s.p[at] >= '0' && s.p[at] <= '9' ? digits + 1 : 0;
    return at == s.len && digits < MASK_FROM ? at : at - digits;
}

void log_escape_json(struct buf *out, struct str s)
{
    buf_add_char(out, '"');
    size_t at = 0;
    while (at < s.len && at < VALUE_MAX) {
        size_t plain = plain_run(s, at);
        if (plain == at)
            plain += add_run_or_character(out, str_sub(s, at, s.len));
        else
            buf_add(out, str_sub(s, at, plain - at));
        at = plain;
    }
    if (at < s.len)
        buf_add(out, STR("..."));
    buf_add_char(out, '"');
}

/* logfmt needs no quotes around a word of these characters alone. */
static bool is_bare(struct str s)
{
    if (s.len == 0 || s.len > VALUE_MAX || plain_run(s, 0) < s.len)
        return false;
    return !str_has(s, ' ') && !str_has(s, '=');
}

static void add_pair(struct buf *out, bool json, struct str key, struct str value)
{
    if (json) {
        buf_add_char(out, out->len > 0 ? ',' : '{');
        log_escape_json(out, key);
        buf_add_char(out, ':');
        log_escape_json(out, value);
        return;
    }
    if (out->len > 0)
        buf_add_char(out, ' ');
    buf_add(out, key);
    buf_add_char(out, '=');
    if (is_bare(value))
        buf_add(out, value);
    else
        log_escape_json(out, value);
}

static void add_field(struct buf *out, bool json, const struct log_field *f)
{
    struct digits room;
    struct str value = f->is_number ? str_of_int(&room, f->number) : f->value;
    /* A number as long as an identity number goes the way of a string, and is masked there. */
    if (!json || !f->is_number || value.len >= MASK_FROM) {
        add_pair(out, json, str_of(f->key), value);
        return;
    }
    buf_add_char(out, ',');
    log_escape_json(out, str_of(f->key));
    buf_add_char(out, ':');
    buf_add(out, value);
}

/* Nobody is left to tell when stderr does not take the line. */
static void write_line(struct str line)
{
    ssize_t n;
    do
        n = write(STDERR_FILENO, line.p, line.len);
    while (n < 0 && errno == EINTR);
}

bool log_wants(enum log_level level)
{
    return (int)level >= atomic_load_explicit(&least_level, memory_order_relaxed);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n)
{
    if (!log_wants(level))
        return;
    bool json = atomic_load(&line_format) == LOG_FORMAT_JSON;
    char now[25];
    clock_format(now);

    struct buf out;
    buf_init(&out, LINE_MAX_BYTES);
    add_pair(&out, json, STR("time"), str_of(now));
    add_pair(&out, json, STR("level"), str_of(level_names[level]));
    add_pair(&out, json, STR("event"), str_of(event));
    const char *reference = task_own()->reference;
    if (reference[0])
        add_pair(&out, json, STR("ref"), str_of(reference));
    for (size_t i = 0; i < n; i++)
        add_field(&out, json, &fields[i]);
    buf_add(&out, json ? STR("}\n") : STR("\n"));
    write_line(out.failed ? STR("event=log.line_lost\n") : buf_str(&out));
    buf_free(&out);
}
