/* A server's answer to a question, of any bytes: only a plain `true` allows. */
#include "json.h"
#include "question.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *answer = odc_json_object((const char *)data, size);
    struct onedoor_decision *d;
    enum onedoor_error e = odc_decision_read(answer, &d);
    if ((e == ONEDOOR_OK) != (d != NULL) ||
        (onedoor_decision_allows(d) && !json_is_true(json_object_get(answer, "decision"))))
        abort();
    if (d && onedoor_decision_context(d)[0] != '{')
        abort();
    onedoor_decision_free(d);
    json_decref(answer);
    return 0;
}
