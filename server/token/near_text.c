#include "server/token/near_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct near_text {
    struct near_text *next;
    uint32_t hash, holders;
    size_t len;
    char bytes[];
};

/* As FNV-1a, but by words: the texts are our own. */
static uint32_t hash_of(struct str text)
{
    uint64_t hash = 14695981039346656037u, word;
    for (size_t i = 0; i < text.len; i += sizeof word) {
        struct str part = str_sub(text, i, sizeof word);
        word = 0;
        memcpy(&word, part.p, part.len);
        hash = (hash ^ word) * 1099511628211u;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

struct near_text *near_text_take(struct near_texts *t, struct str text, size_t *added)
{
    uint32_t hash = hash_of(text);
    struct near_text **head = &t->heads[hash % t->buckets], *x = *head;
    *added = 0;
    while (x && (x->hash != hash || !str_eq(near_text_str(x), text)))
        x = x->next;
    if (!x) {
        x = malloc(sizeof *x + text.len);
        if (!x)
            return NULL;
        *x = (struct near_text){.next = *head, .hash = hash, .len = text.len};
        memcpy(x->bytes, text.p, text.len);
        *head = x;
        *added = sizeof *x + text.len;
    }
    x->holders++;
    return x;
}

size_t near_text_release(struct near_texts *t, struct near_text *x)
{
    if (--x->holders > 0)
        return 0;
    struct near_text **at = &t->heads[x->hash % t->buckets];
    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    size_t bytes = sizeof *x + x->len;
    free(x);
    return bytes;
}

struct str near_text_str(const struct near_text *x)
{
    return (struct str){x->bytes, x->len};
}
