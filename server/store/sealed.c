#include "server/store/sealed.h"

#include "server/base/log.h"

enum result sealed_close(const struct work *w, struct arena *a, enum store_kind kind, struct str id,
                         struct str value, struct sealed *out)
{
    enum result r = work_key(w, kind, id, &out->name);
    if (r != RESULT_OK)
        return r;
    return seal_close(w->s->seal, a, key_place_str(&out->name), value, &out->value);
}

enum result sealed_open(const struct work *w, struct arena *a, enum store_kind kind,
                        const struct key_name *name, const redisReply *reply, struct str *value)
{
    struct str sealed = reply_str(reply);
    *value = STR_EMPTY;
    if (!sealed.p)
        return RESULT_NOT_FOUND;
    enum result r = seal_open(w->s->seal, a, key_place_str(name), sealed, value);
    if (r != RESULT_REFUSED)
        return r;
    LOG(LOG_LEVEL_WARN, "store.value_refused", LOG_Z("kind", store_kind_name(kind)),
        LOG_STR("key", key_name_str(name)));
    return RESULT_NOT_FOUND;
}

enum result sealed_open_all(const struct work *w, struct arena *a, const struct store_key *keys, size_t n,
                            const struct key_name *names, const redisReply *reply, struct str *out)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != n)
        return RESULT_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        enum result r = sealed_open(w, a, keys[i].kind, &names[i], reply->element[i], &out[i]);
        if (r != RESULT_OK && r != RESULT_NOT_FOUND)
            return r;
        if (r == RESULT_OK && !out[i].p)
            out[i] = STR("");
    }
    return RESULT_OK;
}
