#include "server/token/words.h"

void words_put(json_t *object, const char *name, struct str words)
{
    struct str word;
    json_t *array = words.len > 0 ? json_array() : NULL;
    if (!array)
        return;
    while (str_word(&words, &word))
        json_array_append_new(array, json_stringn(word.p, word.len));
    json_object_set_new(object, name, array);
}
