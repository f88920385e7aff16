#include "server/base/json_write.h"

#include "server/base/json_string.h"

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static void write_escape(struct buf *b, char c)
{
    static const struct {
        char c;
        const char *text;
    } known[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].c == c) {
            buf_add(b, str_of(known[i].text));
            return;
        }
    }
    buf_printf(b, "\\u%04x", (unsigned)(unsigned char)c);
}

/* Runs of plain bytes are added as a whole; `ascii` refuses the others. */
static void write_runs(struct buf *b, struct str s, bool ascii)
{
    size_t from = 0;
    for (size_t i = json_plain(s); i <= s.len; i++) {
        bool broken = i < s.len && ascii && (unsigned char)s.p[i] >= 0x80;
        if (i < s.len && is_plain(s.p[i]) && !broken)
            continue;
        buf_add(b, str_sub(s, from, i - from));
        from = i + 1;
        if (broken)
            buf_add_char(b, '?');
        else if (i < s.len)
            write_escape(b, s.p[i]);
    }
}

void json_write_str(struct buf *b, struct str s)
{
    buf_add_char(b, '"');
    write_runs(b, s, !str_is_utf8(s));
    buf_add_char(b, '"');
}

void json_write_utf8(struct buf *b, struct str s)
{
    buf_add_char(b, '"');
    write_runs(b, s, false);
    buf_add_char(b, '"');
}

static void write_name(struct buf *b, const char *name)
{
    buf_add_char(b, '"');
    buf_add(b, str_of(name));
    buf_add(b, STR("\":"));
}

void json_write_member(struct buf *b, const char *name, struct str value)
{
    write_name(b, name);
    json_write_str(b, value);
}

static void begin_member(struct buf *b, const char *name)
{
    buf_add_char(b, b->len == 0 ? '{' : ',');
    write_name(b, name);
}

void json_add_str(struct buf *b, const char *name, struct str value)
{
    if (value.len == 0)
        return;
    begin_member(b, name);
    json_write_str(b, value);
}

void json_add_int(struct buf *b, const char *name, int64_t value)
{
    begin_member(b, name);
    buf_add_int(b, value);
}

void json_add_true(struct buf *b, const char *name)
{
    begin_member(b, name);
    buf_add(b, STR("true"));
}
