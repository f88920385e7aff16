#include "server/base/metric.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void *add_often(void *unused)
{
    for (int i = 0; i < 10000; i++)
        metric_add(METRIC_REQUESTS);
    return unused;
}

static void no_count_is_lost_between_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    uint64_t before = metric_read(METRIC_REQUESTS);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_often, NULL), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(metric_read(METRIC_REQUESTS) - before, 40000);
}

static void counters_are_printed_for_prometheus(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100000);
    metric_add(METRIC_SIGN_INS);
    metric_set(METRIC_LOGOUTS_WAITING, 9);
    metric_set(METRIC_LOGOUTS_WAITING, 7);
    metric_print(&b);
    buf_add_char(&b, 0);
    assert_false(b.failed);
    assert_non_null(strstr(buf_str(&b).p, "# HELP onedoor_sign_ins_total Sign-ins completed\n"
                                          "# TYPE onedoor_sign_ins_total counter\n"
                                          "onedoor_sign_ins_total 1\n"));
    assert_non_null(strstr(buf_str(&b).p, "\nonedoor_epoch_changes_total 0\n"));
    assert_non_null(
        strstr(buf_str(&b).p, "# TYPE onedoor_logouts_waiting gauge\nonedoor_logouts_waiting 7\n"));
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_count_is_lost_between_threads),
        cmocka_unit_test(counters_are_printed_for_prometheus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
