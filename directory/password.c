/* Checking a password: one bind on a connection that serves nothing else. */
#include "directory/operation.h"
#include "directory/person.h"

/* Far more than any scheme takes in; it bounds what a guesser may have hashed. */
enum { PASSWORD_MAX = 1024 };

struct bind_arg {
    const char *dn;
    struct berval password;
};

static int start_bind(LDAP *handle, struct timeval left, void *data, int *id)
{
    struct bind_arg *arg = data;
    (void)left; /* a bind tells the server of no time limit */
    return ldap_sasl_bind(handle, arg->dn, LDAP_SASL_SIMPLE, &arg->password, NULL, NULL, id);
}

/* Only success is a sign-in; what says nothing about the password is an outage. */
static enum result meaning_of_bind(int code)
{
    switch (code) {
    case LDAP_SUCCESS:
        return RESULT_OK;
    case LDAP_INVALID_CREDENTIALS:
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_NO_SUCH_OBJECT:
    case LDAP_UNWILLING_TO_PERFORM: /* 389-DS: inactivated */
    case LDAP_CONSTRAINT_VIOLATION: /* 389-DS: too many retries */
    case LDAP_INSUFFICIENT_ACCESS:
        return RESULT_REFUSED;
    default:
        return RESULT_UNAVAILABLE;
    }
}

static enum result bind_as(struct directory *d, const char *dn, struct str password)
{
    struct bind_arg arg = {.dn = dn,
                           .password = {.bv_len = password.len, .bv_val = (char *)(uintptr_t)password.p}};
    const struct operation op = {
        .name = "bind", .start = start_bind, .meaning = meaning_of_bind, .arg = &arg, .repeatable = true};
    return operation_run(d, LANE_BIND, &op);
}

static bool is_sendable(struct str password)
{
    return password.len > 0 && password.len <= PASSWORD_MAX && !str_has(password, '\0');
}

enum result person_check_password(struct directory *d, struct str dn, struct str password)
{
    /* A bind without a password, or without a name, succeeds as anonymous (RFC 4513 section 5.1.2). */
    if (dn.len == 0 || !is_sendable(password))
        return RESULT_REFUSED;
    struct arena *a = arena_new(16 * 1024);
    const char *z = a ? arena_cstr(a, dn) : NULL;
    enum result r = z ? bind_as(d, z, password) : RESULT_INTERNAL;
    arena_free(a);
    return r;
}

enum result person_check_decoy(struct directory *d, struct str password)
{
    if (!is_sendable(password))
        return RESULT_REFUSED;
    struct arena *a = arena_new(16 * 1024);
    struct str dn = a ? arena_printf(a, "cn=decoy,%s", directory_config(d)->registry_base) : STR_EMPTY;
    enum result r = dn.p ? bind_as(d, dn.p, password) : RESULT_INTERNAL;
    arena_free(a);
    /* Nobody is the decoy, whatever its password. */
    return r == RESULT_OK ? RESULT_REFUSED : r;
}
