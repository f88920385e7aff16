/* Groups within groups: what a model says of them, beside what a plain search of the same graph says. */
#include "tests/unit/directory/model/city.h"

enum { NODES = 24, GRAPHS = 150 };

static uint32_t next(void)
{
    static uint64_t state = 7; /* the same graphs every time */
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

/* in[i][j]: group i is a member of group j. */
struct graph_of_groups {
    bool in[NODES][NODES];
};

static void put_groups(const struct graph_of_groups *g)
{
    for (int j = 0; j < NODES; j++) {
        struct str text = arena_printf(
            city_arena, "cn=g%02d,ou=groups\nobjectClass: groupOfNames\nmember: uid=p%02d,ou=staff,@\n", j,
            j);
        for (int i = 0; i < NODES; i++)
            if (g->in[i][j])
                text = arena_printf(city_arena, STR_FMT "member: cn=g%02d,ou=groups,@\n", STR_ARG(text), i);
        city_put(text.p);
    }
}

/* Everything that can be come to from `i`, itself included. */
static void search(const struct graph_of_groups *g, int i, bool found[NODES])
{
    int queue[NODES], n = 0;
    memset(found, 0, NODES * sizeof *found);
    found[i] = true;
    queue[n++] = i;
    for (int at = 0; at < n; at++)
        for (int j = 0; j < NODES; j++)
            if (g->in[queue[at]][j] && !found[j]) {
                found[j] = true;
                queue[n++] = j;
            }
}

static void assert_same(const struct graph_of_groups *g)
{
    for (int i = 0; i < NODES; i++) {
        bool found[NODES];
        struct words words;
        struct subject s = city_person(arena_printf(city_arena, "p%02d", i).p, "");
        size_t at = 0;
        search(g, i, found);
        assert_true(model_groups(city_model, city_arena, &s, &words));
        for (int j = 0; j < NODES; j++)
            if (found[j])
                assert_true(at < words.n &&
                            str_eq(words.v[at++], arena_printf(city_arena, "groups/g%02d", j)));
        assert_int_equal(at, words.n);
    }
}

/* From hardly any edges to so many that all are one circle; every third one without circles. */
static void random_graphs_are_answered_as_by_a_plain_search(void **state)
{
    for (int n = 0; n < GRAPHS; n++) {
        struct graph_of_groups g = {0};
        unsigned edges = next() % (3 * NODES);
        for (unsigned e = 0; e < edges; e++) {
            unsigned i = next() % NODES, j = next() % NODES;
            if (n % 3 != 0 || i < j)
                g.in[i][j] = true;
        }
        put_groups(&g);
        city_compile();
        assert_same(&g);
        city_close(state);
        city_open(state);
    }
}

static void put_group(const char *name, unsigned i, const char *members)
{
    city_put(
        arena_printf(city_arena, "cn=%s%u,ou=groups\nobjectClass: groupOfNames\n%s", name, i, members).p);
}

static const char *member(const char *name, unsigned i)
{
    return arena_printf(city_arena, "member: cn=%s%u,ou=groups,@\n", name, i).p;
}

static size_t groups_of(const char *uid)
{
    struct subject s = city_person(uid, "");
    struct words groups;
    assert_true(model_groups(city_model, city_arena, &s, &groups));
    return groups.n;
}

/* A list for each group would take half a gigabyte. */
static void a_chain_of_thousands_of_groups_takes_little(void **state)
{
    (void)state;
    enum { LONG = 16000 };
    put_group("g", 0, "member: uid=dora,ou=staff,@\n");
    for (unsigned i = 1; i < LONG; i++) {
        put_group("g", i, member("g", i - 1));
        arena_free(city_arena);
        city_arena = arena_new(16 << 20);
    }
    put_group("top", 0, "member: uid=otto,ou=staff,@\n");
    city_compile();
    assert_true(model_size(city_model).bytes < LONG * 4096);
    assert_int_equal(groups_of("dora"), LONG);
    assert_int_equal(groups_of("otto"), 1);
}

/* Two in each step, each in both of the next: every group has two above it that share all the rest. */
static void a_ladder_of_groups_takes_little(void **state)
{
    (void)state;
    enum { LONG = 4000 };
    put_group("a", 0, "member: uid=dora,ou=staff,@\n");
    put_group("b", 0, "member: uid=otto,ou=staff,@\n");
    for (unsigned i = 1; i < LONG; i++) {
        struct str both = arena_printf(city_arena, "%s%s", member("a", i - 1), member("b", i - 1));
        put_group("a", i, both.p);
        put_group("b", i, both.p);
        arena_free(city_arena);
        city_arena = arena_new(16 << 20);
    }
    city_compile();
    assert_true(model_size(city_model).bytes < LONG * 2 * 4096);
    assert_int_equal(groups_of("dora"), 2 * LONG - 1);
    assert_int_equal(groups_of("otto"), 2 * LONG - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(random_graphs_are_answered_as_by_a_plain_search),
        CITY_TEST(a_chain_of_thousands_of_groups_takes_little),
        CITY_TEST(a_ladder_of_groups_takes_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
