/* Days, months and recorded changes as bytes: what is taken has one form, and nothing else is. */
#include "server/admin/days.h"
#include "server/admin/fields.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct application_setting rows[] = {{"a", "a", false, ""}, {"b", "b", true, ""}};
    static const struct fields fields = {rows, 2};
    struct arena *a = arena_new(1 << 24);
    struct str text = {(const char *)data, size}, stamp;
    int64_t from, to;
    if (day_read(a, text, size % 2 == 0, &stamp) && stamp.len != 15)
        abort();
    if (month_read(text, &from, &to) && (from >= to || !str_eq(month_text(a, from, 0), text)))
        abort();
    json_t *object = json_parse(a, text);
    if (object && fields_unfit(object, fields).len == 0) {
        size_t n;
        if (!fields_sort(object) || fields_unfit(object, fields).len > 0)
            abort();
        json_t *again = json_parse(a, json_text(a, object));
        if (!again || !fields_sort(again) || !json_equal(object, again) || !fields_texts(a, object, &n))
            abort();
    }
    arena_free(a);
    return 0;
}
