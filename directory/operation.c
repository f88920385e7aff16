/* Result codes in our words, and searches whose entries outlive their connection. */
#include "directory/operation.h"

#include <string.h>

struct meaning {
    int code;
    enum result result;
};

static enum result look_up(const struct meaning *table, size_t n, int code)
{
    for (size_t i = 0; i < n; i++) {
        if (table[i].code == code)
            return table[i].result;
    }
    return RESULT_UNAVAILABLE;
}

enum result meaning_of_read(int code)
{
    static const struct meaning table[] = {
        {LDAP_SUCCESS, RESULT_OK},
        {LDAP_NO_SUCH_OBJECT, RESULT_NOT_FOUND},
        {LDAP_SIZELIMIT_EXCEEDED, RESULT_REFUSED},
        {LDAP_FILTER_ERROR, RESULT_INTERNAL},
        {LDAP_PARAM_ERROR, RESULT_INTERNAL},
        {LDAP_NO_MEMORY, RESULT_INTERNAL},
        {LDAP_INVALID_DN_SYNTAX, RESULT_INTERNAL},
    };
    return look_up(table, sizeof table / sizeof *table, code);
}

enum result meaning_of_write(int code)
{
    static const struct meaning table[] = {
        {LDAP_SUCCESS, RESULT_OK},
        {LDAP_NO_SUCH_OBJECT, RESULT_NOT_FOUND},
        {LDAP_ALREADY_EXISTS, RESULT_USED},
        {LDAP_NO_SUCH_ATTRIBUTE, RESULT_USED},
        {LDAP_TYPE_OR_VALUE_EXISTS, RESULT_USED},
        {LDAP_ASSERTION_FAILED, RESULT_USED},
        {LDAP_INVALID_SYNTAX, RESULT_REFUSED},
        {LDAP_INVALID_DN_SYNTAX, RESULT_REFUSED},
        {LDAP_OBJECT_CLASS_VIOLATION, RESULT_REFUSED},
        {LDAP_NAMING_VIOLATION, RESULT_REFUSED},
        {LDAP_UNDEFINED_TYPE, RESULT_REFUSED},
        {LDAP_CONSTRAINT_VIOLATION, RESULT_REFUSED},
        {LDAP_NOT_ALLOWED_ON_NONLEAF, RESULT_REFUSED},
        {LDAP_NOT_ALLOWED_ON_RDN, RESULT_REFUSED},
        {LDAP_PARAM_ERROR, RESULT_INTERNAL},
        {LDAP_NO_MEMORY, RESULT_INTERNAL},
        /* The directory's access rules are not those that Onedoor needs. */
        {LDAP_INSUFFICIENT_ACCESS, RESULT_INTERNAL},
    };
    return look_up(table, sizeof table / sizeof *table, code);
}

struct search_arg {
    struct arena *arena;
    const struct search *search;
    const char *base;
    struct entries *out;
};

static void copy_values(struct arena *a, const struct berval *values, struct attribute *out)
{
    size_t n = 0;
    while (values && values[n].bv_val)
        n++;
    out->values = n > 0 ? arena_alloc(a, n * sizeof *out->values) : NULL;
    for (size_t i = 0; out->values && i < n; i++)
        out->values[out->count++] = arena_copy(a, (struct str){values[i].bv_val, values[i].bv_len});
}

/* Where the next attribute goes; the list grows by copying, most entries have fewer than it begins with. */
static struct attribute *attribute_room(struct arena *a, struct entry *e, size_t *room)
{
    if (e->count < *room)
        return &e->attributes[e->count++];
    size_t more = *room ? 2 * *room : 16;
    struct attribute *list = arena_alloc(a, more * sizeof *list);
    if (!list)
        return NULL;
    if (e->count > 0)
        memcpy(list, e->attributes, e->count * sizeof *list);
    e->attributes = list;
    *room = more;
    return &list[e->count++];
}

/*
 * One walk through the message, whose names and values are borrowed until they are copied: libldap's usual
 * calls walk through it anew for each attribute. The name of the entry has been read from `at` before.
 */
static int copy_attributes(LDAP *handle, LDAPMessage *message, BerElement *at, struct arena *a,
                           struct entry *e)
{
    size_t room = 0;
    for (;;) {
        struct berval name = {0}, *values = NULL;
        int code = ldap_get_attribute_ber(handle, message, at, &name, &values);
        if (code != LDAP_SUCCESS || !name.bv_val)
            return code;
        struct attribute *out = attribute_room(a, e, &room);
        if (out) {
            out->name = arena_cstr(a, (struct str){name.bv_val, name.bv_len});
            copy_values(a, values, out);
        }
        ldap_memfree(values);
        if (!out || !out->name)
            return LDAP_NO_MEMORY;
    }
}

int entry_of_message(LDAP *handle, LDAPMessage *message, struct arena *a, struct entry *out)
{
    *out = (struct entry){0};
    BerElement *at = NULL;
    struct berval dn = {0};
    int code = ldap_get_dn_ber(handle, message, &at, &dn);
    if (code == LDAP_SUCCESS) {
        out->dn = arena_copy(a, (struct str){dn.bv_val, dn.bv_len});
        code = copy_attributes(handle, message, at, a, out);
    }
    ber_free(at, 0);
    return arena_failed(a) ? LDAP_NO_MEMORY : code;
}

static int copy_entries(LDAP *handle, LDAPMessage *reply, void *data)
{
    const struct search_arg *arg = data;
    int n = ldap_count_entries(handle, reply);
    if (n <= 0)
        return LDAP_SUCCESS;
    arg->out->v = arena_alloc(arg->arena, (size_t)n * sizeof *arg->out->v);
    if (!arg->out->v)
        return LDAP_NO_MEMORY;
    int code = LDAP_SUCCESS;
    for (LDAPMessage *m = ldap_first_entry(handle, reply); m && code == LDAP_SUCCESS;
         m = ldap_next_entry(handle, m))
        code = entry_of_message(handle, m, arg->arena, &arg->out->v[arg->out->n++]);
    return code;
}

static int start_search(LDAP *handle, struct timeval left, void *data, int *id)
{
    const struct search_arg *arg = data;
    *arg->out = (struct entries){0};
    return ldap_search_ext(handle, arg->base, arg->search->scope, arg->search->filter,
                           (char **)arg->search->attributes, 0, NULL, NULL, &left, arg->search->size_limit,
                           id);
}

enum result directory_search(struct directory *d, struct arena *a, const struct search *s,
                             struct entries *out)
{
    struct search_arg arg = {.arena = a, .search = s, .base = arena_cstr(a, s->base), .out = out};
    if (!arg.base)
        return RESULT_INTERNAL;
    const struct operation op = {.name = "search",
                                 .start = start_search,
                                 .finish = copy_entries,
                                 .meaning = meaning_of_read,
                                 .arg = &arg,
                                 .repeatable = true};
    return operation_run(d, LANE_SEARCH, &op);
}
