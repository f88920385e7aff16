/* Questions and decisions as AuthZEN Authorization API 1.0 writes them. */
#ifndef ODC_QUESTION_H
#define ODC_QUESTION_H

#include <jansson.h>
#include <onedoor/client.h>

/* ARGUMENT when something that must be there is not, or what should be a JSON object is none. */
enum onedoor_error odc_question_write(const struct onedoor_question *question, json_t **out);
/* An array of texts as the application handed it over, which may be of an older or newer header. NULL: bad
 * size. */
const struct onedoor_question *odc_question_at(const struct onedoor_question *questions, size_t index);
/* PROTOCOL when there is no boolean `decision`; MEMORY. The object stays the caller's. */
enum onedoor_error odc_decision_read(const json_t *object, struct onedoor_decision **out);

#endif
