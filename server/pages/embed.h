/* Templates, catalogues and static files, compiled into the program by embed.cmake. */
#ifndef ONEDOOR_PAGES_EMBED_H
#define ONEDOOR_PAGES_EMBED_H

#include "server/base/str.h"

struct embedded_file {
    const char *path; /* below server/pages: "templates/signin.html" */
    const unsigned char *bytes;
    size_t len;
};
extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;

/* The file whose path is folder + name + ending; false when there is none. */
bool embedded_find(struct str folder, struct str name, struct str ending, struct str *content);

#endif
