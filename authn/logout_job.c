#include "authn/logout_job.h"

#include "authn/record.h"
#include "server/base/digest.h"
#include "server/base/encode.h"

#include <stddef.h>

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct logout_job, name)                                                       \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, client_id), FIELD(FIELD_NEEDED, subject),  FIELD(FIELD_NEEDED, sid),
    FIELD(FIELD_NUMBER, created),   FIELD(FIELD_NUMBER, attempts), FIELD(FIELD_NUMBER, refusals),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

struct str logout_job_text(struct arena *a, const struct logout_job *job)
{
    json_t *object = json_new(a);
    return object && record_write(object, job, fields, FIELD_COUNT) ? json_text(a, object) : STR_EMPTY;
}

struct logout_job *logout_job_parse(struct arena *a, struct str record)
{
    struct logout_job *job = arena_alloc(a, sizeof *job);
    const json_t *object = json_parse(a, record);
    return job && object && record_read(a, object, job, fields, FIELD_COUNT) ? job : NULL;
}

struct str logout_job_id(struct arena *a, const struct logout_job *job)
{
    const struct str parts[] = {STR("onedoor logout"), {"", 1}, job->sid, {"", 1}, job->client_id};
    unsigned char digest[DIGEST_SIZE];
    if (!sha256(parts, sizeof parts / sizeof parts[0], digest))
        return STR_EMPTY;
    return base64url_encode(a, (struct str){(const char *)digest, sizeof digest});
}

static size_t count_words(struct str list)
{
    struct str word;
    size_t n = 0;
    while (str_word(&list, &word))
        n++;
    return n;
}

/* "client_id/sid" or "client_id"; *sid stays as it was for the latter. */
static struct str client_of(struct str word, struct str *sid)
{
    struct str rest = word, client = word;
    if (str_has(word, '/') && str_cut(&rest, '/', &client))
        *sid = rest;
    return client;
}

static bool make_job(struct arena *a, struct logout_job job, struct store_job *out)
{
    *out = (struct store_job){.id = logout_job_id(a, &job), .value = logout_job_text(a, &job)};
    return out->id.len > 0 && out->value.len > 0;
}

bool logout_jobs(struct arena *a, struct str clients, struct str subject, struct str sid, int64_t now,
                 struct store_job **out, size_t *n)
{
    size_t words = count_words(clients);
    struct str word;
    *n = 0;
    *out = words > 0 ? arena_alloc(a, words * sizeof **out) : NULL;
    if (words > 0 && !*out)
        return false;
    while (str_word(&clients, &word)) {
        struct logout_job job = {.subject = subject, .sid = sid, .created = now};
        job.client_id = client_of(word, &job.sid);
        if (!make_job(a, job, &(*out)[(*n)++]))
            return false;
    }
    return true;
}

struct str logout_clients_inherited(struct arena *a, struct str clients, struct str sid)
{
    struct str rest = clients, word, out = STR_EMPTY;
    while (str_word(&rest, &word)) {
        struct str held = sid, client = client_of(word, &held);
        if (client.len < word.len && str_has_word(clients, client))
            continue;
        out =
            arena_join(a, (struct str[]){out, out.len > 0 ? STR(" ") : STR_EMPTY, client, STR("/"), held}, 5);
    }
    return out;
}
