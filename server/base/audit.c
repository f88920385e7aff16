#include "server/base/audit.h"

#include "server/base/buf.h"
#include "server/base/clock.h"
#include "server/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_BYTES = 32 * 1024, USUAL_BYTES = 500 };

struct audit {
    pthread_mutex_t lock;
    int fd;
    bool half; /* the file ends within a line */
    char path[];
};

static const char *const event_names[] = {
#define X(name, text) [AUDIT_##name] = (text),
    AUDIT_EVENTS(X)
#undef X
};

static int open_file(const char *path)
{
    return open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
}

/* Whether a server that was killed, or a full disk, left a line without its end. */
static bool ends_within_line(int fd)
{
    struct stat st;
    char last = '\n';
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
        return false;
    return pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
}

struct audit *audit_open(const char *path, const char **why)
{
    size_t len = strlen(path);
    struct audit *a = calloc(1, sizeof *a + len + 1);
    if (!a) {
        *why = "there is no memory";
        return NULL;
    }
    a->fd = open_file(path);
    if (a->fd < 0) {
        *why = strerror(errno);
        free(a);
        return NULL;
    }
    memcpy(a->path, path, len + 1);
    a->half = ends_within_line(a->fd);
    pthread_mutex_init(&a->lock, NULL);
    return a;
}

static void add_member(struct buf *out, const char *name, struct str value)
{
    if (value.len == 0)
        return;
    buf_add(out, STR(",\""));
    buf_add(out, str_of(name));
    buf_add(out, STR("\":"));
    log_escape_json(out, value);
}

static void format_line(struct buf *out, enum audit_event event, const struct audit_entry *e)
{
    char now[25];
    clock_format(now);
    buf_add(out, STR("{\"time\":\""));
    buf_add(out, str_of(now));
    buf_add(out, STR("\",\"event\":\""));
    buf_add(out, str_of(event_names[event]));
    buf_add_char(out, '"');
    add_member(out, "subject", e->subject);
    add_member(out, "client_id", e->client_id);
    add_member(out, "sid", e->sid);
    add_member(out, "source", e->source);
    add_member(out, "reference", e->reference);
    add_member(out, "detail", e->detail);
    add_member(out, "change", e->change);
    add_member(out, "target", e->target);
    add_member(out, "before", e->before);
    add_member(out, "after", e->after);
    buf_add(out, STR("}\n"));
}

/* `text` begins with a newline, which is written only where it ends a line left half. */
static bool append(struct audit *a, struct str text)
{
    pthread_mutex_lock(&a->lock);
    struct str line = a->half ? text : str_sub(text, 1, text.len);
    ssize_t n;
    do
        n = write(a->fd, line.p, line.len);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        a->half = line.p[n - 1] != '\n';
    pthread_mutex_unlock(&a->lock);
    return n == (ssize_t)line.len;
}

enum result audit_write(struct audit *a, enum audit_event event, const struct audit_entry *entry)
{
    struct buf text;
    buf_init_of(&text, LINE_BYTES, USUAL_BYTES);
    buf_add_char(&text, '\n');
    format_line(&text, event, entry);
    bool written = !text.failed && append(a, buf_str(&text));
    buf_free(&text);
    if (!written)
        LOG(LOG_LEVEL_ERROR, "audit.not_written", LOG_Z("audit_event", event_names[event]),
            LOG_Z("path", a->path));
    return written ? RESULT_OK : RESULT_UNAVAILABLE;
}

const char *audit_event_name(enum audit_event event)
{
    return event_names[event];
}

/* The lock keeps the file from being exchanged meanwhile. */
static ssize_t read_end(struct audit *a, char *into, size_t max, bool *cut)
{
    struct stat st;
    ssize_t n = -1;
    pthread_mutex_lock(&a->lock);
    if (fstat(a->fd, &st) == 0) {
        off_t from = st.st_size > (off_t)max ? st.st_size - (off_t)max : 0;
        *cut = from > 0;
        n = pread(a->fd, into, max, from);
    }
    pthread_mutex_unlock(&a->lock);
    return n;
}

enum result audit_tail(struct audit *a, struct arena *arena, size_t max, struct str *out)
{
    bool cut = false;
    char *into = arena_alloc(arena, max);
    if (!into)
        return RESULT_INTERNAL;
    ssize_t n = read_end(a, into, max, &cut);
    if (n < 0)
        return RESULT_UNAVAILABLE;
    struct str text = {into, (size_t)n}, part;
    if (cut)
        str_cut(&text, '\n', &part);
    *out = text;
    return RESULT_OK;
}

void audit_reopen(struct audit *a)
{
    int fd = open_file(a->path);
    if (fd < 0) {
        LOG(LOG_LEVEL_ERROR, "audit.not_reopened", LOG_Z("path", a->path), LOG_Z("why", strerror(errno)));
        return;
    }
    pthread_mutex_lock(&a->lock);
    int old = a->fd;
    a->fd = fd;
    a->half = ends_within_line(fd);
    pthread_mutex_unlock(&a->lock);
    close(old);
}

void audit_close(struct audit *a)
{
    if (!a)
        return;
    close(a->fd);
    pthread_mutex_destroy(&a->lock);
    free(a);
}
