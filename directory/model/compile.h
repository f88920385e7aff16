/* What the steps of the compiler share: each makes one part of the snapshot from the items of its class. */
#ifndef ONEDOOR_DIRECTORY_MODEL_COMPILE_H
#define ONEDOOR_DIRECTORY_MODEL_COMPILE_H

#include "directory/model/content_internal.h"

struct items {
    struct item **v;
    uint32_t n;
};

struct compile {
    struct model *m;
    struct arena *scratch; /* as long as the compile */
    struct items of[ITEM_KIND_COUNT];
    struct faults *faults;
    struct keymap role_keys; /* DN of a role's entry → its number; in the scratch arena */
};

/* Each returns false without memory; what is wrong with entries only makes faults. In this order. */
bool compile_organisations(struct compile *job);
bool compile_groups(struct compile *job);
bool compile_applications(struct compile *job);
bool compile_roles(struct compile *job);
bool compile_holdings(struct compile *job);
bool compile_exclusions(struct compile *job);
bool compile_resources(struct compile *job);
bool compile_mandates(struct compile *job);
bool compile_times(struct compile *job);
/* A part of compile_groups, once it is known who is a member of what. */
bool compile_above(struct compile *job);

/* Room for n things of a size in the model; never NULL for n = 0 unless memory is out. */
void *compile_room(struct compile *job, size_t n, size_t size);

#endif
