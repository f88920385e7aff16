#include "server/store/tick.h"

#include <inttypes.h>
#include <stdio.h>

void tick_track(struct batch *b, int64_t listener_id)
{
    struct digits room;
    BATCH_ADD(b, STR("CLIENT"), STR("TRACKING"), STR("ON"), STR("REDIRECT"), word_of_int(&room, listener_id),
              STR("OPTIN"));
}

void tick_publish(struct batch *b, struct str channel, const struct tick *t)
{
    char text[80];
    snprintf(text, sizeof text, "tick %u %" PRIu64 " %" PRId64, t->reader, t->listener, t->noted);
    BATCH_ADD(b, STR("PUBLISH"), channel, str_of(text));
}

static bool take_number(struct str *text, uint64_t most, uint64_t *out)
{
    struct str word = STR_EMPTY;
    (void)str_cut(text, ' ', &word);
    return str_to_u64(word, most, out);
}

bool tick_read(struct str message, struct tick *out)
{
    struct str word = STR_EMPTY;
    uint64_t reader, noted;
    if (!str_cut(&message, ' ', &word) || !str_eq(word, STR("tick")) ||
        !take_number(&message, UINT8_MAX, &reader) || !take_number(&message, UINT64_MAX, &out->listener) ||
        !take_number(&message, INT64_MAX, &noted) || message.len > 0)
        return false;
    out->reader = (unsigned)reader;
    out->noted = (int64_t)noted;
    return true;
}
