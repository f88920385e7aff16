/* A listening TCP socket. */
#ifndef ONEDOOR_HTTP_SOCKET_H
#define ONEDOOR_HTTP_SOCKET_H

#include "server/base/str.h"

/* Binds and listens, without blocking; "::" takes IPv4 too. -1 with *why set when that fails. */
int socket_listen(struct str address, uint16_t port, const char **why);
/* The port it is bound to; 0 when that can't be told. */
uint16_t socket_port(int fd);

#endif
