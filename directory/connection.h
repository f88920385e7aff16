/* One connection to one of the directory's servers. Used by one thread at a time. */
#ifndef ONEDOOR_DIRECTORY_CONNECTION_H
#define ONEDOOR_DIRECTORY_CONNECTION_H

#include "directory/config.h"
#include "directory/servers.h"
#include "directory/watchdog.h"

struct dir_connection;

/*
 * Connects to the first server that may be tried and answers before the deadline (clock_monotonic_ms), each
 * one given its share of what is left: TCP or socket, TLS with the certificate and the host's name verified,
 * and the bind with the server's own account for `service`, or else some answer that shows a living server.
 * NULL when no server could be reached in time.
 */
struct dir_connection *dir_connection_open(const struct directory_config *config, struct servers *servers,
                                           struct watchdog *dog, bool service, int64_t deadline);
/* The handle; borrowed. */
LDAP *dir_connection_handle(const struct dir_connection *c);
/* Takes in messages up to that size, where the usual ceiling is too low. */
void dir_connection_take_up_to(struct dir_connection *c, size_t bytes);
/* Whether a connection that lay idle is still open, as far as this side can know. */
bool dir_connection_alive(const struct dir_connection *c);

/*
 * Whether what is said on it never makes its thread wait once that is set: with TLS before 1.3 the server may
 * ask for another handshake, to whose end libldap waits.
 */
bool dir_connection_can_park(const struct dir_connection *c);
/* Whether reading makes the thread wait (it does at first). False when the system says no. */
bool dir_connection_set_waiting(struct dir_connection *c, bool waiting);
/* The socket, for as long as the connection is open. */
int dir_connection_fd(const struct dir_connection *c);
/* Whether libldap has read what it has not taken in yet, so that the socket need not become readable. */
bool dir_connection_holds_more(const struct dir_connection *c);

/* Until disarm the socket lives no longer than the deadline, whatever libldap does. */
bool dir_connection_arm(struct dir_connection *c, int64_t deadline);
/* True when the deadline passed: then the connection can only be closed. */
bool dir_connection_disarm(struct dir_connection *c);
/* NULL is taken. */
void dir_connection_close(struct dir_connection *c);

#endif
