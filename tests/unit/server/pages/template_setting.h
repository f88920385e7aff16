/* Templates and messages written down in a test. */
#ifndef ONEDOOR_TESTS_TEMPLATE_SETTING_H
#define ONEDOOR_TESTS_TEMPLATE_SETTING_H

#include "server/pages/template.h"
#include "tests/unit/server/pages/well_formed.h"

struct setting {
    struct arena *arena;
    const char *text, *part; /* of the templates "page" and "part" */
    struct str why;
    struct buf out;
};

static struct setting setting;

static inline bool setting_text(void *context, struct str name, struct str *out)
{
    (void)context;
    bool page = str_eq(name, STR("page")), part = str_eq(name, STR("part")) && setting.part;
    *out = str_of(page ? setting.text : setting.part);
    return page || part;
}

static inline struct str setting_message(void *context, struct str key)
{
    (void)context;
    if (str_eq(key, STR("hello")))
        return STR("Hello, {name} & all!");
    if (str_eq(key, STR("level.low")))
        return STR("low one");
    return str_eq(key, STR("level.other")) ? STR("other one") : STR_EMPTY;
}

static inline bool setting_has_message(void *context, struct str key)
{
    return setting_message(context, key).len > 0;
}

static inline struct template *compile(const char *text)
{
    const struct template_source source = {NULL, setting_text, setting_has_message};
    setting.text = text;
    return template_compile(setting.arena, &source, STR("page"), &setting.why);
}

/* The page as a C string. */
static inline const char *render(const char *text, const char *data)
{
    struct template *t = compile(text);
    if (!t)
        fail_msg("%.*s", STR_ARG(setting.why));
    json_t *values = json_parse(setting.arena, str_of(data));
    assert_non_null(values);
    const struct template_input in = {.data = values, .message = setting_message};
    buf_free(&setting.out);
    template_render(t, &in, &setting.out);
    buf_add_char(&setting.out, '\0');
    assert_false(setting.out.failed);
    return setting.out.p;
}

static inline int setting_begin(void **state)
{
    (void)state;
    setting = (struct setting){.arena = arena_new(1 << 20)};
    buf_init(&setting.out, 1 << 20);
    return 0;
}

static inline int setting_end(void **state)
{
    (void)state;
    buf_free(&setting.out);
    arena_free(setting.arena);
    return 0;
}

#define TEMPLATE_TEST(name) cmocka_unit_test_setup_teardown(name, setting_begin, setting_end)

#endif
