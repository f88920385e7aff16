#include "server/base/result.h"

const char *result_name(enum result r)
{
    switch (r) {
    case RESULT_OK:
        return "ok";
    case RESULT_NOT_FOUND:
        return "not_found";
    case RESULT_REFUSED:
        return "refused";
    case RESULT_USED:
        return "used";
    case RESULT_UNAVAILABLE:
        return "unavailable";
    case RESULT_INTERNAL:
        return "internal";
    }
    return "unknown";
}
