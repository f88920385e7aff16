/* One operation on one of the directory's connections, and what its result code means. */
#ifndef ONEDOOR_DIRECTORY_OPERATION_H
#define ONEDOOR_DIRECTORY_OPERATION_H

#include "directory/connection.h"
#include "directory/directory.h"
#include "directory/registry.h"

#include <ldap.h>
#include <sys/time.h>

/* LANE_SEARCH is bound with the server's own account; people's binds never touch it. */
enum lane { LANE_SEARCH, LANE_BIND, LANE_COUNT };

struct operation {
    const char *name; /* for the log */
    /*
     * Sends the question (its id in *id), without waiting, and returns libldap's code; the socket is shut
     * down when `left` has passed. `finish` takes in what the whole answer to a successful one holds, which
     * it does not free; NULL: nothing.
     */
    int (*start)(LDAP *handle, struct timeval left, void *arg, int *id);
    int (*finish)(LDAP *handle, LDAPMessage *answer, void *arg);
    /* Instead of `start`: speaks LDAP until there is a result code. A task leaves that to another thread. */
    int (*run)(LDAP *handle, struct timeval left, void *arg);
    enum result (*meaning)(int code);
    void *arg;
    bool repeatable; /* may be sent again when a kept connection turns out dead */
};

/*
 * Runs it within the deadline of the settings, waiting for a place included. A task that finds a kept
 * connection is parked meanwhile; otherwise another thread does it.
 */
MUST_CHECK enum result operation_run(struct directory *d, enum lane lane, const struct operation *op);

/* A read: what does not exist is NOT_FOUND, all that is no answer UNAVAILABLE. */
enum result meaning_of_read(int code);
/* A write: a lost compare-and-swap or an existing entry is USED, what breaks the schema REFUSED. */
enum result meaning_of_write(int code);

struct search {
    struct str base;
    int scope;
    const char *filter;            /* values escaped */
    const char *const *attributes; /* ends with NULL; NULL asks for all user attributes */
    int size_limit;                /* 0: the server's own */
};
/*
 * The entries, copied into the arena, in no order; references to other servers are left out. REFUSED when
 * more match than size_limit.
 */
MUST_CHECK enum result directory_search(struct directory *d, struct arena *a, const struct search *s,
                                        struct entries *out);

/* One entry of a reply, copied into the arena. LDAP_SUCCESS or LDAP_NO_MEMORY. */
int entry_of_message(LDAP *handle, LDAPMessage *message, struct arena *a, struct entry *out);

/* A connection of the caller's own, outside the pools, bound with the server's account; NULL as in
 * connection.h. */
struct dir_connection *directory_connect(struct directory *d, int64_t deadline);

#endif
