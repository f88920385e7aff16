/* GET /admin/audit: the end of this server's audit log, by event, person and day. Only read. */
#include "server/admin/desk.h"

enum { READ_MAX = 4 << 20, SHOWN_MAX = 100, LOOKED_MAX = 20000 };

struct filter {
    struct str event, person, day;
};

static bool passes(const json_t *line, const struct filter *f)
{
    struct str event = json_get_str(line, "event"), subject = json_get_str(line, "subject");
    return (f->event.len == 0 || str_eq(event, f->event)) &&
           (f->person.len == 0 || str_eq(subject, f->person) ||
            str_eq(json_get_str(line, "target"), f->person)) &&
           (f->day.len == 0 || str_starts(json_get_str(line, "time"), f->day));
}

static void put_line(json_t *list, const json_t *line)
{
    static const char *const names[] = {"time",   "event",  "subject", "client_id", "source",
                                        "detail", "change", "target",  "before",    "after"};
    json_t *item = desk_item(list);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        json_put_str(item, names[i], json_get_str(line, names[i]));
}

/* The last line of the text, which is cut off; false when nothing is left. */
static bool last_line(struct str *text, struct str *line)
{
    if (text->len > 0 && text->p[text->len - 1] == '\n')
        text->len--;
    size_t at = text->len;
    while (at > 0 && text->p[at - 1] != '\n')
        at--;
    *line = str_sub(*text, at, text->len);
    text->len = at;
    return line->len > 0;
}

/* Newest first; each line is parsed in an arena of its own, for there may be many. */
static void put_lines(json_t *list, struct str text, const struct filter *f)
{
    struct str line;
    for (size_t looked = 0; looked < LOOKED_MAX && json_array_size(list) < SHOWN_MAX; looked++) {
        if (!last_line(&text, &line))
            return;
        struct arena *a = arena_new(256 * 1024);
        const json_t *object = a ? json_parse(a, line) : NULL;
        if (object && passes(object, f))
            put_line(list, object);
        arena_free(a);
    }
}

void page_audit(struct desk *d)
{
    struct str text;
    const struct filter f = {str_trim(desk_param(d, "event")), str_trim(desk_param(d, "person")),
                             str_trim(desk_param(d, "day"))};
    enum result r = audit_tail(d->p->audit, d->a, READ_MAX, &text);
    json_t *data = r == RESULT_OK ? desk_data(d) : NULL;
    if (r != RESULT_OK)
        desk_failure(d, r);
    if (!data)
        return;
    json_put_str(data, "event", f.event);
    json_put_str(data, "person", f.person);
    json_put_str(data, "day", f.day);
    json_t *events = desk_list(data, "events");
    for (unsigned e = 0; e < AUDIT_EVENT_COUNT; e++)
        json_array_append_new(events, json_string(audit_event_name((enum audit_event)e)));
    put_lines(desk_list(data, "lines"), text, &f);
    desk_view(d, "admin_audit", data);
}
