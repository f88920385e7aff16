/* A certificate authority for trying things: the demo's and the tests'. */
#ifndef ONEDOOR_CERTS_LOCAL_CA_H
#define ONEDOOR_CERTS_LOCAL_CA_H

#include "server/base/result.h"
#include "server/base/str.h"

/*
 * Makes in `folder`, unless they are there and still valid for a month: ca.pem and ca.key (P-256, ten years,
 * constrained to the names below), server.pem and server.key for the given DNS names and addresses
 * (space-separated, one year). Keys have mode 0600. False with *why set.
 */
MUST_CHECK bool local_ca_make(const char *folder, struct str names, const char **why);

#endif
