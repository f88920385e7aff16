/*
 * A connection on which answers are waited for as long as they take: it wakes when its owner is to stop, and
 * asks a small question now and then, so that a server that went away without a word is noticed.
 */
#ifndef ONEDOOR_DIRECTORY_FOLLOW_WIRE_H
#define ONEDOOR_DIRECTORY_FOLLOW_WIRE_H

#include "directory/operation.h"

struct wire {
    struct dir_connection *connection;
    LDAP *handle;
    int socket, wake;   /* `wake` becomes readable when it is time to stop; -1: never */
    int64_t silence_ms; /* an unanswered question means death after so long */
    int64_t heard;      /* clock_monotonic_ms of the last message */
    int question;       /* message id of the question that is out; 0: none */
    int64_t asked;      /* when it was asked */
};

/* False when no server can be reached, or none within the time of the settings. */
bool wire_open(struct wire *w, struct directory *d, int wake);
/* Nothing happens to one that is not open. */
void wire_close(struct wire *w);

/* Sends a search; its message id, or -1 when the connection is lost. `controls` ends with NULL, NULL: none.
 */
int wire_search(struct wire *w, const struct search *s, LDAPControl **controls);

enum wire_news {
    WIRE_MESSAGE, /* *out is the next message, the caller's to ldap_msgfree */
    WIRE_QUIET,   /* none came in time */
    WIRE_STOP,    /* `wake` is readable */
    WIRE_LOST     /* the connection is of no more use */
};
/* The next message of any search of the caller's. Waits `ms` at most; -1: as long as the connection lives. */
enum wire_news wire_next(struct wire *w, int64_t ms, LDAPMessage **out);

/* The result code of a message that ends a search; what the server said of it is logged when it is no
 * success. */
int wire_code(struct wire *w, LDAPMessage *message, const char *name);

/*
 * A search whose entries are few: copied into the arena. LDAP's result code, or a negative one of libldap
 * when the connection is lost.
 */
int wire_read(struct wire *w, struct arena *a, const struct search *s, struct entries *out);

#endif
