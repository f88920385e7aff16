#include "directory/model/scope.h"

static const char *const words[] = {
    [SCOPE_NONE] = "",
    [SCOPE_SELF] = "self",
    [SCOPE_DEPARTMENT] = "department",
    [SCOPE_DEPARTMENT_AND_BELOW] = "department-and-below",
    [SCOPE_LISTED] = "listed",
    [SCOPE_LISTED_AND_BELOW] = "listed-and-below",
    [SCOPE_ALL] = "all",
};

const char *scope_word(enum data_scope scope)
{
    return words[scope];
}

enum data_scope scope_of_word(struct str word)
{
    for (int s = SCOPE_SELF; s <= SCOPE_ALL; s++)
        if (str_eq(word, str_of(words[s])))
            return (enum data_scope)s;
    return SCOPE_NONE;
}
