#include "directory/news.h"

#include "server/base/metric.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static struct news_item gone(struct str uuid)
{
    return (struct news_item){.change = {.news = PERSON_GONE, .uuid = uuid}};
}

static void what_is_put_comes_out_in_order_and_is_a_copy(void **state)
{
    (void)state;
    struct news *n = news_new(10);
    char mail[] = "a@example";
    struct person p = {.subject = STR("s-1"), .mail = str_of(mail), .organisations = STR("x y")};
    struct news_item first = {.change = {.news = PERSON_CHANGED, .uuid = STR("u1"), .person = &p}};
    struct news_item second = gone(STR("u2")), third = {.cookie = true, .text = STR("cookie")};
    assert_true(news_put(n, &first) && news_put(n, &second) && news_put(n, &third));
    mail[0] = 'b';
    const struct news_item *item = news_next(n);
    assert_true(str_eq(item->change.uuid, STR("u1")) && str_eq(item->change.person->mail, STR("a@example")));
    assert_true(str_eq(item->change.person->organisations, STR("x y")));
    /* Until it is done, it is the next. */
    assert_ptr_equal(news_next(n), item);
    news_done(n);
    item = news_next(n);
    assert_int_equal(item->change.news, PERSON_GONE);
    assert_null(item->change.person);
    news_done(n);
    item = news_next(n);
    assert_true(item->cookie && str_eq(item->text, STR("cookie")));
    news_free(n);
}

static void a_wake_and_a_stop_end_the_waiting(void **state)
{
    (void)state;
    struct news *n = news_new(10);
    news_wake(n);
    assert_null(news_next(n));
    assert_false(news_is_stopped(n));
    assert_false(news_pause(n, 1));
    struct news_item item = gone(STR("u"));
    assert_true(news_put(n, &item));
    news_stop(n);
    assert_null(news_next(n));
    assert_true(news_is_stopped(n) && news_pause(n, 100000));
    assert_false(news_put(n, &item));
    /* Started again, it begins empty. */
    news_start(n);
    news_wake(n);
    assert_null(news_next(n));
    news_free(n);
}

static void *put_three(void *arg)
{
    struct news_item item = gone(STR("u"));
    unsigned put = 0;
    while (put < 3 && news_put(arg, &item))
        put++;
    return put == 3 ? arg : NULL;
}

static void who_puts_waits_for_room(void **state)
{
    (void)state;
    struct news *n = news_new(1);
    pthread_t thread;
    void *done;
    pthread_create(&thread, NULL, put_three, n);
    for (int i = 0; i < 3; i++) {
        assert_non_null(news_next(n));
        news_done(n);
    }
    pthread_join(thread, &done);
    assert_non_null(done);
    pthread_create(&thread, NULL, put_three, n);
    assert_non_null(news_next(n));
    news_stop(n);
    pthread_join(thread, &done);
    assert_null(done);
    news_free(n);
}

static void that_there_is_no_room_is_said_until_half_is_free(void **state)
{
    (void)state;
    struct news *n = news_new(2);
    struct news_item item = gone(STR("u"));
    uint64_t before = metric_read(METRIC_NEWS_FULL);
    pthread_t thread;
    assert_false(news_is_full(n));
    assert_int_equal(pthread_create(&thread, NULL, put_three, n), 0);
    while (!news_is_full(n))
        usleep(1000);
    assert_int_equal(metric_read(METRIC_NEWS_FULL), before + 1);
    for (int i = 0; i < 3; i++) {
        assert_non_null(news_next(n));
        news_done(n);
    }
    assert_false(news_is_full(n));
    pthread_join(thread, NULL);
    assert_true(news_put(n, &item));
    news_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_comes_out_in_order_and_is_a_copy),
        cmocka_unit_test(a_wake_and_a_stop_end_the_waiting),
        cmocka_unit_test(who_puts_waits_for_room),
        cmocka_unit_test(that_there_is_no_room_is_said_until_half_is_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
