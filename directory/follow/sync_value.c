#include "directory/follow/sync_value.h"

#include <ldap.h>

enum { REFRESH_AND_PERSIST = 3 };

/* Tags within the values; the numbers of the choice of section 2.5 are its own. */
enum {
    TAG_BOOLEAN = 0x01,
    TAG_OCTETS = 0x04,
    TAG_NEW_COOKIE = 0x80,
    TAG_REFRESH_DELETE = 0xa1,
    TAG_REFRESH_PRESENT = 0xa2,
    TAG_ID_SET = 0xa3
};

struct str sync_request_value(struct arena *a, struct str cookie)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    struct berval given = {.bv_len = cookie.len, .bv_val = (char *)(uintptr_t)cookie.p}, made;
    struct str value = STR_EMPTY;
    int good = ber ? ber_printf(ber, "{e", REFRESH_AND_PERSIST) : -1;
    if (good >= 0 && cookie.len > 0)
        good = ber_printf(ber, "O", &given);
    if (good >= 0)
        good = ber_printf(ber, "N}");
    if (good >= 0 && ber_flatten2(ber, &made, 0) == 0)
        value = arena_copy(a, (struct str){made.bv_val, made.bv_len});
    ber_free(ber, 1);
    return value;
}

/* liblber copies what it reads from. */
static BerElement *reader(struct str value)
{
    struct berval bytes = {.bv_len = value.len, .bv_val = (char *)(uintptr_t)value.p};
    return value.len > 0 ? ber_init(&bytes) : NULL;
}

static bool next_is(BerElement *ber, ber_tag_t tag)
{
    ber_len_t len;
    return ber_peek_tag(ber, &len) == tag;
}

static bool read_cookie(BerElement *ber, struct arena *a, struct str *cookie, bool *has)
{
    struct berval octets;
    if (!next_is(ber, TAG_OCTETS))
        return true;
    if (ber_scanf(ber, "m", &octets) == LBER_ERROR)
        return false;
    *cookie = arena_copy(a, (struct str){octets.bv_val, octets.bv_len});
    *has = true;
    return true;
}

static bool read_boolean(BerElement *ber, bool fallback, bool *out)
{
    ber_int_t value = fallback;
    if (next_is(ber, TAG_BOOLEAN) && ber_scanf(ber, "b", &value) == LBER_ERROR)
        return false;
    *out = value != 0;
    return true;
}

static bool read_entry(BerElement *ber, struct arena *a, struct sync_entry *out)
{
    ber_int_t state;
    struct berval uuid;
    if (ber_scanf(ber, "{em", &state, &uuid) == LBER_ERROR || state < SYNC_PRESENT || state > SYNC_DELETE ||
        uuid.bv_len != UUID_SIZE)
        return false;
    out->state = (enum sync_state)state;
    out->uuid = arena_copy(a, (struct str){uuid.bv_val, uuid.bv_len});
    return read_cookie(ber, a, &out->cookie, &out->has_cookie) && !arena_failed(a);
}

bool sync_entry_read(struct arena *a, struct str value, struct sync_entry *out)
{
    *out = (struct sync_entry){0};
    BerElement *ber = reader(value);
    bool good = ber && read_entry(ber, a, out);
    ber_free(ber, 1);
    return good;
}

static bool read_new_cookie(BerElement *ber, struct arena *a, struct sync_info *out)
{
    struct berval octets;
    if (ber_scanf(ber, "m", &octets) == LBER_ERROR)
        return false;
    out->cookie = arena_copy(a, (struct str){octets.bv_val, octets.bv_len});
    out->has_cookie = true;
    return true;
}

static bool read_refresh(BerElement *ber, struct arena *a, struct sync_info *out)
{
    return ber_scanf(ber, "{") != LBER_ERROR && read_cookie(ber, a, &out->cookie, &out->has_cookie) &&
           read_boolean(ber, true, &out->refresh_done);
}

static bool copy_uuids(struct arena *a, const struct berval *set, struct sync_info *out)
{
    size_t n = 0;
    while (set && set[n].bv_val)
        n++;
    out->uuids = arena_alloc(a, n * sizeof *out->uuids);
    for (size_t i = 0; out->uuids && i < n; i++) {
        if (set[i].bv_len != UUID_SIZE)
            return false;
        out->uuids[out->uuid_count++] = arena_copy(a, (struct str){set[i].bv_val, set[i].bv_len});
    }
    return out->uuids != NULL;
}

static bool read_id_set(BerElement *ber, struct arena *a, struct sync_info *out)
{
    BerVarray set = NULL;
    bool good = ber_scanf(ber, "{") != LBER_ERROR && read_cookie(ber, a, &out->cookie, &out->has_cookie) &&
                read_boolean(ber, false, &out->refresh_deletes) &&
                ber_scanf(ber, "[W]", &set) != LBER_ERROR && copy_uuids(a, set, out);
    ber_bvarray_free(set);
    return good;
}

struct choice {
    ber_tag_t tag;
    enum sync_info_kind kind;
    bool (*read)(BerElement *ber, struct arena *a, struct sync_info *out);
};

static bool read_info(BerElement *ber, struct arena *a, struct sync_info *out)
{
    static const struct choice choices[] = {{TAG_NEW_COOKIE, SYNC_NEW_COOKIE, read_new_cookie},
                                            {TAG_REFRESH_DELETE, SYNC_REFRESH_DELETE, read_refresh},
                                            {TAG_REFRESH_PRESENT, SYNC_REFRESH_PRESENT, read_refresh},
                                            {TAG_ID_SET, SYNC_ID_SET, read_id_set}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (!next_is(ber, choices[i].tag))
            continue;
        out->kind = choices[i].kind;
        return choices[i].read(ber, a, out) && !arena_failed(a);
    }
    return false;
}

bool sync_info_read(struct arena *a, struct str value, struct sync_info *out)
{
    *out = (struct sync_info){0};
    BerElement *ber = reader(value);
    bool good = ber && read_info(ber, a, out);
    ber_free(ber, 1);
    return good;
}
