/* Pages: what is bound to what, and that a token leads to where the page before ended. */
#include "server/access/page.h"

#include "server/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define SEARCH "\"subject\":{\"type\":\"user\"},\"action\":{\"name\":\"read\"}"

static const struct application hall = {.client_id = {"permit-hall", 11}};
static const struct application other = {.client_id = {"other", 5}};

static struct arena *arena;
static struct response resp;
static struct request req;
static struct inquiry in;
static struct page page;
static struct str fault;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 22);
    resp = (struct response){.arena = arena};
    in = (struct inquiry){.arena = arena, .req = &req, .resp = &resp, .caller = &hall};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void ask(struct str body)
{
    req.body = body;
    in.body = json_read(arena, body);
    assert_non_null(in.body);
}

static bool begin(const char *text)
{
    ask(str_of(text));
    bool begun = page_begin(&in, "subject", &page, &fault);
    if (!begun)
        page_drop(&page);
    return begun;
}

static void assert_refused(const char *text, const char *why)
{
    assert_false(begin(text));
    assert_true(str_starts(fault, str_of(why)));
}

/* The page's end, parsed. */
static json_t *ended(const char *context)
{
    page_end(&in, &page, str_of(context));
    assert_int_equal(resp.status, 200);
    json_t *answer = json_parse(arena, resp.body);
    assert_non_null(answer);
    return answer;
}

static struct str next_token(const json_t *answer)
{
    return json_get_str(json_object_get(answer, "page"), "next_token");
}

/* A page of two with more behind it. */
static struct str token_of_first(void)
{
    assert_true(begin("{" SEARCH ",\"page\":{\"limit\":2}}"));
    for (char id[] = "a"; page_has_room(&page); id[0]++) {
        struct str copy = arena_copy(arena, STR("a"));
        ((char *)(uintptr_t)copy.p)[0] = id[0];
        page_add(&page, STR("user"), copy, copy);
    }
    return next_token(ended(""));
}

static const char *with_token(const char *entities, struct str token, const char *more)
{
    return arena_printf(arena, "{%s,\"page\":{\"token\":\"" STR_FMT "\"%s}}", entities, STR_ARG(token), more)
        .p;
}

static void without_a_page_the_most_is_given(void **state)
{
    (void)state;
    assert_true(begin("{" SEARCH "}"));
    assert_int_equal(page.limit, PAGE_MOST);
    assert_int_equal(page.after.len, 0);
    json_t *answer = ended("{\"acr_values\":\"high\"}");
    assert_int_equal(next_token(answer).len, 0);
    assert_int_equal(json_array_size(json_object_get(answer, "results")), 0);
    assert_true(str_starts(resp.body, STR("{\"page\":")));
    assert_true(str_eq(json_get_str(json_object_get(answer, "context"), "acr_values"), STR("high")));
}

static void a_token_leads_to_where_the_page_ended(void **state)
{
    (void)state;
    struct str token = token_of_first();
    assert_true(token.len > 0);
    assert_true(begin(with_token(SEARCH, token, "")));
    assert_true(str_eq(page.after, STR("b")));
    assert_int_equal(page.limit, 2);
    page_drop(&page);
    assert_true(begin(with_token(SEARCH, token, ",\"limit\":2")));
    page_drop(&page);
    /* The same, written otherwise. */
    assert_true(begin(
        with_token("\"action\":{\"name\":\"r\\u0065ad\"}, \"subject\":{\"type\":\"user\"}", token, "")));
    page_drop(&page);
}

static void a_token_is_bound_to_its_search(void **state)
{
    (void)state;
    struct str token = token_of_first();
    const char *why = "page.token is none of this search";
    assert_refused(with_token("\"subject\":{\"type\":\"user\"},\"action\":{\"name\":\"write\"}", token, ""),
                   why);
    assert_refused(with_token(SEARCH ",\"context\":{}", token, ""), why);
    assert_refused(with_token(SEARCH, token, ",\"limit\":3"), "page.limit must be that of the first page");
    in.caller = &other;
    assert_refused(with_token(SEARCH, token, ""), why);
    in.caller = &hall;
    ask(str_of(with_token(SEARCH, token, "")));
    assert_false(page_begin(&in, "resource", &page, &fault));
    page_drop(&page);
}

static void a_damaged_token_is_none(void **state)
{
    (void)state;
    struct str token = token_of_first();
    for (size_t i = 0; i < token.len; i++) {
        char *copy = (char *)(uintptr_t)arena_copy(arena, token).p;
        copy[i] = copy[i] == 'A' ? 'B' : 'A';
        assert_refused(with_token(SEARCH, (struct str){copy, token.len}, ""), "page.token");
        assert_refused(with_token(SEARCH, str_sub(token, 0, i + 1 == token.len ? i : i + 1), ""),
                       "page.token");
    }
}

static void wrong_kinds_are_named(void **state)
{
    (void)state;
    assert_refused("{\"page\":[]}", "page must be an object");
    assert_refused("{\"page\":{\"token\":1}}", "page.token must be a string");
    assert_refused("{\"page\":{\"limit\":-1}}", "page.limit must be a non-negative integer");
    assert_refused("{\"page\":{\"limit\":1.0}}", "page.limit must be a non-negative integer");
    assert_true(begin("{\"page\":{\"limit\":100000,\"token\":\"\"}}"));
    assert_int_equal(page.limit, PAGE_MOST);
    page_drop(&page);
    assert_true(begin("{\"page\":null}"));
    page_drop(&page);
}

static void names_and_ids_are_written_as_json(void **state)
{
    (void)state;
    assert_true(begin("{}"));
    page_add(&page, STR("a\"b"), STR("\\"), STR("1"));
    page_add(&page, STR_EMPTY, STR("read"), STR("2"));
    json_t *results = json_object_get(ended(""), "results");
    assert_true(str_eq(json_get_str(json_array_get(results, 0), "type"), STR("a\"b")));
    assert_true(str_eq(json_get_str(json_array_get(results, 0), "id"), STR("\\")));
    assert_true(str_eq(json_get_str(json_array_get(results, 1), "name"), STR("read")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_page_the_most_is_given),
        TEST(a_token_leads_to_where_the_page_ended),
        TEST(a_token_is_bound_to_its_search),
        TEST(a_damaged_token_is_none),
        TEST(wrong_kinds_are_named),
        TEST(names_and_ids_are_written_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
