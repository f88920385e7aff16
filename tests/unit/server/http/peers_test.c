#include "server/http/peers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static struct address_list trusted;
static struct peers *peers;

static struct sockaddr_in from(const char *text)
{
    struct sockaddr_in sa = {.sin_family = AF_INET};
    inet_pton(AF_INET, text, &sa.sin_addr);
    return sa;
}

static struct peer *add(const char *text)
{
    struct sockaddr_in sa = from(text);
    return peers_add(peers, (struct sockaddr *)&sa, -1, 0);
}

static int set_up(void **state)
{
    (void)state;
    address_list_parse(STR("10.0.0.1"), &trusted);
    peers = peers_new(&trusted, 2);
    return peers ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    peers_free(peers);
    return 0;
}

static void one_place_has_no_more_connections_than_its_share(void **state)
{
    (void)state;
    struct sockaddr_in sa = from("192.0.2.1");
    struct peer *a = add("192.0.2.1"), *b = add("192.0.2.1");
    assert_non_null(a);
    assert_non_null(b);
    assert_true(peers_site_is_full(peers, (struct sockaddr *)&sa));
    assert_null(add("192.0.2.1"));
    assert_int_equal(peers_open(peers), 2);
    peers_remove(peers, a);
    assert_false(peers_site_is_full(peers, (struct sockaddr *)&sa));
    struct peer *c = add("192.0.2.1");
    assert_non_null(c);
    peers_remove(peers, b);
    peers_remove(peers, c);
    assert_int_equal(peers_open(peers), 0);
}

static void a_proxy_of_ours_has_no_share(void **state)
{
    (void)state;
    struct peer *many[5];
    struct sockaddr_in sa = from("10.0.0.1");
    for (int i = 0; i < 5; i++) {
        many[i] = add("10.0.0.1");
        assert_non_null(many[i]);
        assert_true(many[i]->trusted);
    }
    assert_false(peers_site_is_full(peers, (struct sockaddr *)&sa));
    for (int i = 0; i < 5; i++)
        peers_remove(peers, many[i]);
}

static bool has_ended(int fd)
{
    char c;
    return recv(fd, &c, 1, MSG_DONTWAIT) == 0;
}

static void only_overdue_connections_are_shut_down(void **state)
{
    (void)state;
    struct sockaddr_in sa = from("192.0.2.1"), sb = from("192.0.2.2");
    int a[2], b[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, a), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, b), 0);
    struct peer *late = peers_add(peers, (struct sockaddr *)&sa, a[0], 1000);
    struct peer *busy = peers_add(peers, (struct sockaddr *)&sb, b[0], 0);
    peers_end_overdue(peers, 1000, false);
    assert_false(has_ended(a[1]));
    peers_end_overdue(peers, 1001, false);
    assert_true(has_ended(a[1]));
    assert_false(has_ended(b[1]));
    peers_remove(peers, busy);
    peers_remove(peers, late);
    for (int i = 0; i < 2; i++) {
        close(a[i]);
        close(b[i]);
    }
}

static void idle_connections_go_when_they_are_to_go(void **state)
{
    (void)state;
    struct sockaddr_in sa = from("192.0.2.1");
    int a[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, a), 0);
    struct peer *peer = peers_add(peers, (struct sockaddr *)&sa, a[0], 0);
    peers_end_overdue(peers, 1, true);
    assert_false(has_ended(a[1]));
    atomic_store(&peer->idle, true);
    peers_end_overdue(peers, 1, false);
    assert_false(has_ended(a[1]));
    peers_end_overdue(peers, 1, true);
    assert_true(has_ended(a[1]));
    peers_remove(peers, peer);
    close(a[0]);
    close(a[1]);
}

static void a_crowd_that_left_is_told_once(void **state)
{
    (void)state;
    enum { CROWD = 600 };
    static struct peer *crowd[CROWD];
    assert_false(peers_crowd_left(peers));
    for (int i = 0; i < CROWD; i++)
        assert_non_null(crowd[i] = add("10.0.0.1"));
    for (int i = 0; i < CROWD / 2 - 1; i++)
        peers_remove(peers, crowd[i]);
    assert_false(peers_crowd_left(peers));
    peers_remove(peers, crowd[CROWD / 2 - 1]);
    assert_true(peers_crowd_left(peers));
    assert_false(peers_crowd_left(peers));
    for (int i = CROWD / 2; i < CROWD; i++)
        peers_remove(peers, crowd[i]);
    assert_true(peers_crowd_left(peers));
    assert_false(peers_crowd_left(peers));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_place_has_no_more_connections_than_its_share),
        TEST(a_proxy_of_ours_has_no_share),
        TEST(only_overdue_connections_are_shut_down),
        TEST(idle_connections_go_when_they_are_to_go),
        TEST(a_crowd_that_left_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
