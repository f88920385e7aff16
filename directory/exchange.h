/*
 * A question to the directory and the whole of its answer, on a connection whose watchdog is armed. A thread
 * waits within libldap; a task (server/base/task.h) is parked, and its thread never waits: not for an answer
 * that comes byte by byte, nor for one that stops in the middle.
 */
#ifndef ONEDOOR_DIRECTORY_EXCHANGE_H
#define ONEDOOR_DIRECTORY_EXCHANGE_H

#include "directory/connection.h"
#include "directory/operation.h"

/* Whether the current code may wait parked for this operation, given a connection for it. */
bool exchange_can_park(const struct operation *op);
/* LDAP's result code, or libldap's own, which is negative. */
int exchange(struct dir_connection *c, const struct operation *op, struct timeval left);
/* The same for a task that can park, on a connection that can be parked on. */
int exchange_parked(struct dir_connection *c, const struct operation *op, struct timeval left);

#endif
