/* Files that appear whole or not at all. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_PRIVATE_FILE_H
#define ONEDOOR_CERTS_PRIVATE_FILE_H

#include "server/base/result.h"
#include "server/base/str.h"

#include <sys/types.h>

/*
 * Writes a file of that mode beside its final name, syncs it and moves it there. Without `replace`, a file
 * that is there already stays and false is returned with errno EEXIST. False with errno set otherwise.
 */
MUST_CHECK bool private_file_write(const char *path, struct str content, mode_t mode, bool replace);

#endif
