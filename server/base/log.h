/* Structured log lines on stderr, logfmt or JSON. Everything printed is escaped. Never give it a secret. */
#ifndef ONEDOOR_BASE_LOG_H
#define ONEDOOR_BASE_LOG_H

#include "server/base/str.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };
enum log_format { LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

struct log_field {
    const char *key;
    struct str value;
    int64_t number;
    bool is_number;
};

#define LOG_STR(k, v) ((struct log_field){.key = (k), .value = (v)})
#define LOG_Z(k, v)   ((struct log_field){.key = (k), .value = str_of(v)})
#define LOG_INT(k, v) ((struct log_field){.key = (k), .number = (int64_t)(v), .is_number = true})

void log_setup(enum log_level least, enum log_format format);

/*
 * One line, written with one write(2). `event` is a stable dotted name ("ldap.connect_failed"); values are
 * cut at 512 bytes, control characters and broken UTF-8 escaped, runs of 15 digits and more masked, with the
 * X that may follow seventeen (an identity number must not reach a log).
 */
void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t n);
/* Whether lines of that level are written at all. */
bool log_wants(enum log_level level);
/* The fields are not even computed when the line is not wanted. */
#define LOG(level, event, ...)                                                                               \
    (log_wants(level)                                                                                        \
         ? log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                              \
                     sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))             \
         : (void)0)

/* The reference of the request this thread works for; it is added to every line. STR_EMPTY ends it. */
void log_set_reference(struct str reference);

/* Adds s as a JSON string, quotes included, masked and cut as above; shared with the audit log. */
struct buf;
void log_escape_json(struct buf *out, struct str s);

#endif
