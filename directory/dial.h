/* A connected socket by a deadline. */
#ifndef ONEDOOR_DIRECTORY_DIAL_H
#define ONEDOOR_DIRECTORY_DIAL_H

#include <ldap.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Connects to the host and port, or the UNIX socket, of the URL; every address of the name is tried in turn.
 * The descriptor (blocking, close-on-exec; the caller closes it), or -1 when none answered by the deadline
 * (clock_monotonic_ms). The deadline does not bound the system's resolver: use addresses or /etc/hosts where
 * DNS may be slow.
 */
int dial(const LDAPURLDesc *url, int64_t deadline);

#endif
