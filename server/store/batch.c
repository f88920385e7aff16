#include "server/store/batch.h"

#include <string.h>

void batch_init(struct batch *b)
{
    enum { CEILING = 4 << 20 };
    buf_init_in(&b->text, CEILING, b->room, sizeof b->room);
    b->commands = 0;
}

/* "*3\r\n", "$27\r\n" */
static void add_count(struct buf *text, char of_what, size_t n)
{
    buf_add_char(text, of_what);
    buf_add_int(text, (int64_t)n);
    buf_add(text, STR("\r\n"));
}

void batch_add(struct batch *b, const struct str *words, size_t n)
{
    add_count(&b->text, '*', n);
    for (size_t i = 0; i < n; i++) {
        add_count(&b->text, '$', words[i].len);
        buf_add(&b->text, words[i]);
        buf_add(&b->text, STR("\r\n"));
    }
    b->commands++;
}

void batch_free(struct batch *b)
{
    buf_free(&b->text);
}

struct str word_of_int(struct digits *room, int64_t number)
{
    return str_of_int(room, number);
}

struct str word_of_ttl(struct digits *room, int64_t seconds)
{
    return word_of_int(room, seconds < 1 ? 1 : seconds);
}

bool reply_int(const redisReply *r, int64_t *out)
{
    if (r->type == REDIS_REPLY_INTEGER) {
        *out = r->integer;
        return true;
    }
    uint64_t number;
    if (!str_to_u64(reply_str(r), INT64_MAX, &number))
        return false;
    *out = (int64_t)number;
    return true;
}

struct str reply_str(const redisReply *r)
{
    return r->type == REDIS_REPLY_STRING ? (struct str){r->str, (size_t)r->len} : STR_EMPTY;
}

bool reply_ok(const redisReply *r)
{
    return r->type == REDIS_REPLY_STATUS && strcmp(r->str, "OK") == 0;
}

const redisReply *reply_error(const redisReply *r)
{
    if (r->type == REDIS_REPLY_ERROR)
        return r;
    for (size_t i = 0; r->type == REDIS_REPLY_ARRAY && i < r->elements; i++)
        if (r->element[i]->type == REDIS_REPLY_ERROR)
            return r->element[i];
    return NULL;
}

void replies_free(redisReply **replies, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (replies[i])
            freeReplyObject(replies[i]);
        replies[i] = NULL;
    }
}
