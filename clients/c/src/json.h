/* JSON from outside, read strictly. */
#ifndef ODC_JSON_H
#define ODC_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* An object without duplicate names and without NUL in its texts; NULL otherwise. The caller's to decref. */
json_t *odc_json_object(const char *text, size_t len);
/* A member that is a text of at least one character; NULL otherwise. */
const char *odc_json_text(const json_t *object, const char *name);

#endif
