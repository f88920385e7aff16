/* Single use, step by step: what two requests at once see of one value. */
#include "server/token/once.h"

#include "tests/unit/support/provider.h"

static const struct once_kind codes = {STORE_CODE, "odc_"}, others = {STORE_REFRESH, "odr_"};

static struct str record(void)
{
    return STR("{}");
}

static struct str made(int64_t seconds)
{
    struct str value;
    struct store_puts puts = {0};
    const struct lineage line = {.gid = STR("grant-of-twenty-two-cs"
                                            "person-of-twenty-two-c"),
                                 .sid = STR("session-of-twenty-two-")};
    assert_int_equal(once_make(city->arena, &codes, &line, record(), seconds, &puts, &value), RESULT_OK);
    assert_int_equal(store_put_all(city->provider.store, city->arena, &puts), RESULT_OK);
    assert_int_equal(value.len, 4 + 22 + 22 + 22 + 43);
    return value;
}

static enum result find(struct str value, struct str *found)
{
    struct lineage line;
    enum result r = once_find(&city->provider, city->arena, &codes, value, found, &line);
    if (r == RESULT_OK)
        assert_str(line.sid, "session-of-twenty-two-");
    return r;
}

static enum result spend(struct str value, struct str found)
{
    struct store_steps steps = {.n = 0};
    assert_true(once_spending(&codes, value, found, 1000, &steps));
    return store_together(city->provider.store, city->arena, &steps);
}

static void of_two_that_found_it_one_spends_it(void **state)
{
    (void)state;
    struct str first, second;
    struct str value = made(60);
    assert_int_equal(find(value, &first), RESULT_OK);
    assert_int_equal(find(value, &second), RESULT_OK);
    assert_int_equal(spend(value, first), RESULT_OK);
    assert_int_equal(spend(value, second), RESULT_USED);
}

static void a_spent_value_is_remembered_with_its_record(void **state)
{
    (void)state;
    struct str found;
    struct str value = made(60);
    assert_int_equal(find(value, &found), RESULT_OK);
    assert_int_equal(spend(value, found), RESULT_OK);
    fixture_time += 500; /* the record itself is over by now */
    assert_int_equal(find(value, &found), RESULT_USED);
    assert_true(str_eq(found, record()));
    fixture_time += 600;
    assert_int_equal(find(value, &found), RESULT_NOT_FOUND);
}

static void the_marker_counts_even_if_the_record_is_still_there(void **state)
{
    (void)state;
    struct str found;
    struct str value = made(60);
    assert_int_equal(find(value, &found), RESULT_OK);
    assert_int_equal(spend(value, found), RESULT_OK);
    assert_int_equal(store_put(city->provider.store, city->arena, STORE_CODE, value, found, 60), RESULT_OK);
    assert_int_equal(find(value, &found), RESULT_USED);
}

static void what_has_another_shape_is_not_even_looked_up(void **state)
{
    (void)state;
    struct str found;
    struct str value = made(60);
    struct lineage line;
    unsigned before = city->store.operations;
    assert_int_equal(once_find(&city->provider, city->arena, &others, value, &found, &line),
                     RESULT_NOT_FOUND);
    assert_int_equal(find(STR_EMPTY, &found), RESULT_NOT_FOUND);
    assert_int_equal(find(arena_join(city->arena, (struct str[]){value, value}, 2), &found),
                     RESULT_NOT_FOUND);
    assert_int_equal(city->store.operations, before);
}

static void an_outage_is_unavailable(void **state)
{
    (void)state;
    struct str found;
    struct str value = made(60);
    assert_int_equal(find(value, &found), RESULT_OK);
    city->store.away_after = 0;
    assert_int_equal(spend(value, found), RESULT_UNAVAILABLE);
    assert_int_equal(find(value, &found), RESULT_UNAVAILABLE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(of_two_that_found_it_one_spends_it),
        TEST(a_spent_value_is_remembered_with_its_record),
        TEST(the_marker_counts_even_if_the_record_is_still_there),
        TEST(what_has_another_shape_is_not_even_looked_up),
        TEST(an_outage_is_unavailable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
