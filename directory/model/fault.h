/* What is wrong with entries, collected at every compile, and logged when it was not there before. */
#ifndef ONEDOOR_DIRECTORY_MODEL_FAULT_H
#define ONEDOOR_DIRECTORY_MODEL_FAULT_H

#include "server/base/arena.h"

struct fault {
    struct str dn, why;
    uint64_t hash; /* of both */
};

struct faults {
    struct arena *arena;
    struct fault *v;
    size_t n, room;
};

/* False without memory. */
bool faults_begin(struct faults *f);
void faults_add(struct faults *f, struct str dn, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void faults_add_text(struct faults *f, struct str dn, struct str why);
/* Logs those of `now` that are not in `before`, each with its DN. */
void faults_log_new(struct faults *now, const struct faults *before);
/* Also one that never began. */
void faults_free(struct faults *f);

#endif
