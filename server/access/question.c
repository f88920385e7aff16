#include "server/access/question.h"

#include <stddef.h>

/* The members of a question, and what stands in each. */
struct member {
    struct str entity, name;
    unsigned part;
    size_t to; /* in struct question */
};

static const struct member members[] = {
    {{"subject", 7}, {"type", 4}, PART_SUBJECT_TYPE, offsetof(struct question, subject.type)},
    {{"subject", 7}, {"id", 2}, PART_SUBJECT_ID, offsetof(struct question, subject.id)},
    {{"action", 6}, {"name", 4}, PART_ACTION, offsetof(struct question, action)},
    {{"resource", 8}, {"type", 4}, PART_RESOURCE_TYPE, offsetof(struct question, resource.type)},
    {{"resource", 8}, {"id", 2}, PART_RESOURCE_ID, offsetof(struct question, resource.id)},
};
enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

struct reading {
    struct arena *arena;
    const struct node *object, *defaults;
    const char *where;
    struct str *fault;
};

static bool wrong(const struct reading *r, struct str entity, struct str member, const char *what)
{
    *r->fault = arena_printf(r->arena, "%s" STR_FMT "%s" STR_FMT " %s", r->where, STR_ARG(entity),
                             member.len > 0 ? "." : "", STR_ARG(member), what);
    return false;
}

/* null is how some programs write what is not there (section 11.5). */
static const struct node *member_of(const struct node *object, struct str name)
{
    const struct node *value = node_member(object, name);
    return node_is(value, NODE_NULL) ? NULL : value;
}

static const struct node *entity_of(const struct reading *r, struct str name)
{
    const struct node *own = member_of(r->object, name);
    return own ? own : member_of(r->defaults, name);
}

static bool read_text(const struct reading *r, const struct node *entity, const struct member *m,
                      struct str *out)
{
    const struct node *value = member_of(entity, m->name);
    if (!value)
        return wrong(r, m->entity, m->name, "is missing; it must be a string");
    if (!node_is(value, NODE_STRING))
        return wrong(r, m->entity, m->name, "must be a string");
    *out = value->text;
    if (out->len == 0 || out->len > QUESTION_TEXT_MAX)
        return wrong(r, m->entity, m->name, "must be a string of 1 to 512 bytes");
    return true;
}

static bool read_properties(const struct reading *r, const struct node *entity, struct str name,
                            const struct node **out)
{
    *out = member_of(entity, STR("properties"));
    return !*out || node_is(*out, NODE_OBJECT) || wrong(r, name, STR("properties"), "must be an object");
}

static bool read_member(const struct reading *r, const struct member *m, struct question *out)
{
    const struct node *entity = entity_of(r, m->entity);
    if (!entity)
        return wrong(r, m->entity, STR_EMPTY, "is missing; it must be an object");
    if (!node_is(entity, NODE_OBJECT))
        return wrong(r, m->entity, STR_EMPTY, "must be an object");
    return read_text(r, entity, m, (struct str *)(void *)((char *)out + m->to));
}

/* Those of an action say nothing to our rules, but must be well-formed as the others. */
static bool read_all_properties(const struct reading *r, unsigned parts, struct question *out)
{
    const struct node *ignored;
    const struct {
        unsigned part;
        struct str name;
        const struct node **to;
    } rows[] = {
        {PART_SUBJECT_TYPE, STR("subject"), &out->subject.properties},
        {PART_ACTION, STR("action"), &ignored},
        {PART_RESOURCE_TYPE, STR("resource"), &out->resource.properties},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((parts & rows[i].part) != 0 &&
            !read_properties(r, entity_of(r, rows[i].name), rows[i].name, rows[i].to))
            return false;
    return true;
}

bool question_read(struct arena *a, const struct node *object, const struct node *defaults, unsigned parts,
                   const char *where, struct question *out, struct str *fault)
{
    const struct reading r = {a, object, defaults, where, fault};
    *out = (struct question){0};
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if ((parts & members[i].part) != 0 && !read_member(&r, &members[i], out))
            return false;
    out->context = entity_of(&r, STR("context"));
    if (out->context && !node_is(out->context, NODE_OBJECT))
        return wrong(&r, STR("context"), STR_EMPTY, "must be an object");
    return read_all_properties(&r, parts, out);
}

bool question_check(struct arena *a, const struct node *object, struct str *fault)
{
    struct question ignored;
    unsigned parts = 0;
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (member_of(object, members[i].entity))
            parts |= members[i].part;
    return question_read(a, object, NULL, parts, "", &ignored, fault);
}
