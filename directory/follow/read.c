/* Reading everything that there is, entry by entry. */
#include "directory/follow/feed.h"

#include "directory/uuid_set.h"
#include "server/base/log.h"

/* Active Directory answers a thousand entries at most without pages (RFC 2696). */
enum { PAGE = 500, NAMES_MAX = 48, READ_MEMORY = 1 << 16 };
static const char *const uuid_names[] = {"entryUUID", "nsUniqueId", "objectGUID"};
enum { UUID_NAMES = sizeof uuid_names / sizeof *uuid_names };

struct reading {
    struct feed *feed;
    struct wire *wire;
    const struct search *search;
    feed_take *take;
    void *arg;
    bool paged;
    struct berval page; /* where the next page begins; libldap's memory */
};

static struct str uuid_of(struct arena *a, const struct entry *e)
{
    for (size_t i = 0; i < UUID_NAMES; i++) {
        struct str value = entry_value(e, uuid_names[i]);
        unsigned char bytes[UUID_SIZE];
        if (value.len == UUID_SIZE)
            return value;
        if (uuid_of_text(value, bytes))
            return arena_copy(a, (struct str){(const char *)bytes, sizeof bytes});
    }
    return STR_EMPTY;
}

static enum result take_entry(struct reading *r, LDAPMessage *message)
{
    struct entry e;
    struct arena *a = arena_new(FEED_ENTRY_MEMORY);
    enum result result = RESULT_INTERNAL;
    if (a && entry_of_message(r->wire->handle, message, a, &e) == LDAP_SUCCESS) {
        struct str uuid = uuid_of(a, &e);
        result = uuid.len > 0 ? r->take(r->arg, a, uuid, &e) : RESULT_OK;
        if (uuid.len == 0)
            LOG(LOG_LEVEL_ERROR, "follow.entry_without_uuid", LOG_STR("dn", e.dn));
    }
    arena_free(a);
    return result;
}

/* Where the next page begins, for the next search. */
static void keep_page(struct reading *r, LDAPMessage *message)
{
    LDAPControl **controls = NULL;
    ber_int_t estimate;
    ber_memfree(r->page.bv_val);
    r->page = (struct berval){0};
    if (ldap_parse_result(r->wire->handle, message, NULL, NULL, NULL, NULL, &controls, 0) != LDAP_SUCCESS)
        return;
    LDAPControl *found = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    if (found)
        ldap_parse_pageresponse_control(r->wire->handle, found, &estimate, &r->page);
    ldap_controls_free(controls);
}

static int begin_page(struct reading *r)
{
    LDAPControl *page = NULL;
    if (!r->paged)
        return wire_search(r->wire, r->search, NULL);
    if (ldap_create_page_control(r->wire->handle, PAGE, r->page.bv_val ? &r->page : NULL, 0, &page) !=
        LDAP_SUCCESS)
        return -1;
    LDAPControl *controls[] = {page, NULL};
    int id = wire_search(r->wire, r->search, controls);
    ldap_control_free(page);
    return id;
}

static enum result meaning_of_end(int code)
{
    enum result r = meaning_of_read(code);
    /* A limit of the directory's: some of the entries would pass for all. */
    return r == RESULT_REFUSED ? RESULT_UNAVAILABLE : r;
}

/* One search to its end. */
static enum result read_page(struct reading *r)
{
    int id = begin_page(r);
    if (id <= 0)
        return RESULT_UNAVAILABLE;
    for (;;) {
        LDAPMessage *message = NULL;
        enum result result = RESULT_OK;
        if (wire_next(r->wire, -1, &message) != WIRE_MESSAGE)
            return RESULT_UNAVAILABLE;
        bool last = ldap_msgid(message) == id && ldap_msgtype(message) == LDAP_RES_SEARCH_RESULT;
        if (last) {
            result = meaning_of_end(wire_code(r->wire, message, r->feed->config.name));
            keep_page(r, message);
        } else if (ldap_msgid(message) == id && ldap_msgtype(message) == LDAP_RES_SEARCH_ENTRY) {
            result = take_entry(r, message);
        }
        ldap_msgfree(message);
        if (last || result != RESULT_OK)
            return result;
    }
}

/* The attributes with the identifiers behind them. False when there are too many. */
static bool with_uuids(const char *const *attributes, const char *out[NAMES_MAX + 1])
{
    size_t n = 0;
    for (; attributes && attributes[n]; n++) {
        if (n + UUID_NAMES == NAMES_MAX)
            return false;
        out[n] = attributes[n];
    }
    for (size_t i = 0; i < UUID_NAMES; i++)
        out[n++] = uuid_names[i];
    out[n] = NULL;
    return true;
}

enum result feed_list(struct feed *f, struct wire *w, const char *filter, const char *const *attributes,
                      feed_take *take, void *arg)
{
    const char *names[NAMES_MAX + 1];
    if (!with_uuids(attributes, names))
        return RESULT_INTERNAL;
    const struct search search = {
        .base = str_of(f->config.base), .scope = LDAP_SCOPE_SUBTREE, .filter = filter, .attributes = names};
    struct reading r = {.feed = f, .wire = w, .search = &search, .take = take, .arg = arg};
    r.paged = !feed_server_has(w, LDAP_CONTROL_SYNC) && feed_server_has(w, LDAP_CONTROL_PAGEDRESULTS);
    enum result result;
    do {
        result = read_page(&r);
    } while (result == RESULT_OK && r.page.bv_len > 0);
    ber_memfree(r.page.bv_val);
    return result;
}

static enum result put(void *arg, struct arena *a, struct str uuid, const struct entry *e)
{
    return feed_put(arg, a, uuid, e);
}

enum result feed_read(struct feed *f, struct wire *w)
{
    struct str cookie;
    struct arena *a = arena_new(READ_MEMORY);
    if (!a)
        return RESULT_INTERNAL;
    enum result r = feed_present_cookie(w, a, f->config.base, &cookie) ? RESULT_OK : RESULT_UNAVAILABLE;
    if (r == RESULT_OK)
        r = f->to.refresh_begin(f->to.arg);
    if (r == RESULT_OK)
        r = feed_list(f, w, f->config.filter, f->config.attributes, put, f);
    if (r == RESULT_OK)
        r = f->to.refresh_end(f->to.arg, true);
    if (r == RESULT_OK)
        r = feed_settle(f, cookie);
    arena_free(a);
    return r;
}
