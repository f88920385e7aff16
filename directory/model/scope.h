/* Data scopes: which of an application's resources a role reaches. */
#ifndef ONEDOOR_DIRECTORY_MODEL_SCOPE_H
#define ONEDOOR_DIRECTORY_MODEL_SCOPE_H

#include "server/base/str.h"

/* From the narrowest to the widest; the words stand in the registry and in tokens. */
enum data_scope {
    SCOPE_NONE = 0,
    SCOPE_SELF,                 /* "self": resources whose owner the person is */
    SCOPE_DEPARTMENT,           /* "department": of the person's own organisations */
    SCOPE_DEPARTMENT_AND_BELOW, /* "department-and-below" */
    SCOPE_LISTED,               /* "listed": of the assignment's onedoorOrganisation */
    SCOPE_LISTED_AND_BELOW,     /* "listed-and-below" */
    SCOPE_ALL                   /* "all" */
};

/* "" for SCOPE_NONE. */
const char *scope_word(enum data_scope scope);
/* SCOPE_NONE for any other word. */
enum data_scope scope_of_word(struct str word);

#endif
