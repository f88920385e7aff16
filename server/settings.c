#include "server/settings_value.h"

#include "server/admin/proposal.h"
#include "server/base/buf.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

enum {
    ARENA_MAX = 1 << 20,
    ERRORS_MAX = 64 * 1024,
    LINE_MAX_BYTES = 198 /* inih keeps lines in a buffer of 200 */
};

/* One reading of one file. inih tells its handler no line numbers, so the reader counts them. */
struct reading {
    struct settings *settings;
    const char *path;
    FILE *file;
    int line;
    bool continued;     /* the line just read is indented: it goes on with the value before */
    struct str *values; /* what was given, by row of the table */
    int *lines;         /* where, by row; 0: not given */
    struct buf errors, unused;
};

static void complain(struct reading *r, int line, const char *section, const char *name, struct str what)
{
    buf_printf(&r->errors, "%s:%d: [%s] %s: " STR_FMT "\n", r->path, line, section, name, STR_ARG(what));
}

static char *read_line(char *text, int size, void *stream)
{
    struct reading *r = stream;
    if (fgets(text, size, r->file) == NULL)
        return NULL;
    r->line++;
    r->continued = text[0] == ' ' || text[0] == '\t';
    size_t len = strlen(text);
    if (len > 0 && text[len - 1] != '\n' && !feof(r->file)) {
        buf_printf(&r->errors, "%s:%d: the line is longer than %d bytes; go on in an indented line below\n",
                   r->path, r->line, LINE_MAX_BYTES);
        for (int c = fgetc(r->file); c != '\n' && c != EOF; c = fgetc(r->file))
            ;
    }
    return text;
}

/* What a section accepts, so that a misspelt name is mended at a glance. */
static struct str names_of_section(struct arena *a, const char *section)
{
    struct buf b;
    buf_init(&b, 8192);
    for (size_t i = 0; i < setting_count; i++) {
        if (strcmp(setting_table[i].section, section) == 0)
            buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", setting_table[i].name);
    }
    struct str names =
        b.len > 0 ? arena_printf(a, "unknown setting; [%s] accepts: " STR_FMT, section, STR_ARG(buf_str(&b)))
                  : STR("unknown section; there are: server, directory, redis, keys, sign_in, "
                        "tokens, backchannel, admin, pages");
    buf_free(&b);
    return names;
}

static const struct setting *row_of(const char *section, const char *name, size_t *index)
{
    for (size_t i = 0; i < setting_count; i++) {
        if (strcmp(setting_table[i].section, section) == 0 && strcmp(setting_table[i].name, name) == 0) {
            *index = i;
            return &setting_table[i];
        }
    }
    return NULL;
}

static bool is_gone(struct reading *r, const char *section, const char *name)
{
    for (size_t i = 0; i < gone_setting_count; i++) {
        const struct gone_setting *gone = &gone_settings[i];
        if (strcmp(gone->section, section) != 0 || strcmp(gone->name, name) != 0)
            continue;
        if (!r->continued)
            buf_printf(&r->unused, "%s:%d: [%s] %s: has no effect any more: %s\n", r->path, r->line, section,
                       name, gone->why);
        return true;
    }
    return false;
}

static int take_value(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    struct arena *a = r->settings->arena;
    size_t i = 0;
    if (is_gone(r, section, name))
        return 1;
    if (row_of(section, name, &i) == NULL) {
        complain(r, r->line, section, name, names_of_section(a, section));
        return 1;
    }
    if (r->lines[i] != 0 && r->continued) {
        r->values[i] = arena_printf(a, STR_FMT " %s", STR_ARG(r->values[i]), value);
        return 1;
    }
    if (r->lines[i] != 0) {
        struct str what = arena_printf(a, "given twice, first in line %d", r->lines[i]);
        complain(r, r->line, section, name, what);
        return 1;
    }
    r->values[i] = arena_copy(a, str_of(value));
    r->lines[i] = r->line;
    return 1;
}

static void store_values(struct reading *r)
{
    for (size_t i = 0; i < setting_count; i++) {
        const struct setting *row = &setting_table[i];
        struct str why;
        if (r->lines[i] == 0 && row->fallback == NULL) {
            struct str accepts = setting_accepts(r->settings->arena, row);
            complain(
                r, r->line, row->section, row->name,
                arena_printf(r->settings->arena, "missing; it must be given: " STR_FMT, STR_ARG(accepts)));
            continue;
        }
        struct str value = r->lines[i] == 0 ? str_of(row->fallback) : r->values[i];
        if (!setting_store(r->settings, row, value, &why))
            complain(r, r->lines[i], row->section, row->name, why);
    }
}

/* What no single row can say. */
static void check_together(struct reading *r)
{
    const struct settings *s = r->settings;
    if (s->listen.port == 0 && s->listen_tls.port == 0)
        complain(r, r->line, "server", "listen_tls", STR("one of listen and listen_tls must be given"));
    if (s->listen_tls.port != 0 && (s->tls_certificate == NULL || s->tls_key == NULL))
        complain(r, r->line, "server", "tls_certificate",
                 STR("listen_tls needs tls_certificate and tls_key: names of PEM files"));
    if (s->keys.overlap_seconds < s->provider.id_token_seconds ||
        s->keys.overlap_seconds < s->provider.access_token_seconds)
        complain(r, r->line, "keys", "overlap", STR("must be at least as long as tokens live"));
    if (kinds_unknown(s->provider.second_person).len > 0)
        complain(r, r->line, "admin", "second_person", kinds_accepted(s->arena));
}

static void read_all(struct reading *r)
{
    int bad = ini_parse_stream(read_line, r, take_value, r);
    if (bad > 0 && r->errors.len == 0)
        buf_printf(&r->errors, "%s:%d: not a setting; write [section] or name = value\n", r->path, bad);
    if (r->errors.len > 0)
        return;
    store_values(r);
    if (r->errors.len == 0)
        check_together(r);
}

static struct settings *settings_new(void)
{
    struct settings *s = calloc(1, sizeof *s);
    if (s != NULL)
        s->arena = arena_new(ARENA_MAX);
    if (s == NULL || s->arena == NULL) {
        free(s);
        return NULL;
    }
    return s;
}

struct settings *settings_load(const char *path, char **why)
{
    *why = NULL;
    struct settings *s = settings_new();
    FILE *file = s == NULL ? NULL : fopen(path, "re");
    if (file == NULL) {
        if (asprintf(why, "%s: %s\n", path, s == NULL ? "no memory" : strerror(errno)) < 0)
            *why = NULL;
        settings_free(s);
        return NULL;
    }
    struct reading r = {.settings = s, .path = path, .file = file};
    buf_init(&r.errors, ERRORS_MAX);
    buf_init(&r.unused, ERRORS_MAX);
    r.values = arena_alloc(s->arena, setting_count * sizeof *r.values);
    r.lines = arena_alloc(s->arena, setting_count * sizeof *r.lines);
    if (r.values != NULL && r.lines != NULL)
        read_all(&r);
    fclose(file);
    s->unused = arena_copy(s->arena, buf_str(&r.unused));
    if (r.errors.len > 0 || arena_failed(s->arena)) {
        *why = strndup(r.errors.len > 0 ? r.errors.p : "no memory\n", r.errors.len > 0 ? r.errors.len : 10);
        settings_free(s);
        s = NULL;
    }
    buf_free(&r.errors);
    buf_free(&r.unused);
    return s;
}

void settings_free(struct settings *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < setting_count; i++) {
        if (setting_table[i].type == SETTING_SECRET)
            secret_free(*(struct secret **)((char *)s + setting_table[i].offset));
    }
    arena_free(s->arena);
    free(s);
}

void settings_print_reference(FILE *out)
{
    struct arena *a = arena_new(ARENA_MAX);
    const char *section = "";
    for (size_t i = 0; a != NULL && i < setting_count; i++) {
        const struct setting *row = &setting_table[i];
        if (strcmp(section, row->section) != 0)
            fprintf(out, "%s[%s]\n", i == 0 ? "" : "\n", row->section);
        section = row->section;
        struct str accepts = setting_accepts(a, row);
        fprintf(out, "# %s (" STR_FMT "%s)\n%s%s = %s\n", row->help, STR_ARG(accepts),
                row->fallback == NULL ? "; must be given" : "", row->fallback == NULL ? "" : "# ", row->name,
                row->fallback == NULL ? "" : row->fallback);
    }
    arena_free(a);
}
