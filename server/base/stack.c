/* glibc, told to fortify, takes a longjmp to another stack for a mistake; here it is the purpose. */
#undef _FORTIFY_SOURCE

#include "server/base/stack.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define FOR_ASAN 1
#elif defined(__SANITIZE_THREAD__)
#define FOR_TSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FOR_ASAN 1
#elif __has_feature(thread_sanitizer)
#define FOR_TSAN 1
#endif
#endif

enum {
    SIZE = 256 * 1024, /* as a worker's; only what is touched takes memory */
    KEPT_MOST = 64     /* for each thread */
};

struct stack {
    struct stack *next; /* among those kept */
    void (*run)(void *arg);
    void *arg;
    char *bottom; /* behind a page that may not be touched */
    ucontext_t inside, outside;
#if !defined(FOR_ASAN) && !defined(FOR_TSAN)
    jmp_buf beginning, left, entered; /* where each of them goes on */
    bool begun, anew;
#elif defined(FOR_ASAN)
    void *fake_inside, *fake_outside;
    const void *outer_bottom;
    size_t outer_size;
#elif defined(FOR_TSAN)
    void *fiber, *outer_fiber;
#endif
};

static _Thread_local struct {
    struct stack *first;
    unsigned count;
    struct stack *starting;
} kept;

/* The sanitizers must be told which stack is in use. */
#if defined(FOR_ASAN)
#include <sanitizer/common_interface_defs.h>

static void before_enter(struct stack *s)
{
    __sanitizer_start_switch_fiber(&s->fake_outside, s->bottom, SIZE);
}

static void inside_again(struct stack *s)
{
    __sanitizer_finish_switch_fiber(s->fake_inside, &s->outer_bottom, &s->outer_size);
}

static void before_leave(struct stack *s, bool for_good)
{
    __sanitizer_start_switch_fiber(for_good ? NULL : &s->fake_inside, s->outer_bottom, s->outer_size);
}

static void outside_again(struct stack *s)
{
    __sanitizer_finish_switch_fiber(s->fake_outside, NULL, NULL);
}

static void make_known(struct stack *s)
{
    s->fake_inside = NULL;
}

static void make_unknown(struct stack *s)
{
    (void)s;
}
#elif defined(FOR_TSAN)
#include <sanitizer/tsan_interface.h>

static void before_enter(struct stack *s)
{
    s->outer_fiber = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(s->fiber, 0);
}

static void inside_again(struct stack *s)
{
    (void)s;
}

static void before_leave(struct stack *s, bool for_good)
{
    (void)for_good;
    __tsan_switch_to_fiber(s->outer_fiber, 0);
}

static void outside_again(struct stack *s)
{
    (void)s;
}

static void make_known(struct stack *s)
{
    s->fiber = __tsan_create_fiber(0);
}

static void make_unknown(struct stack *s)
{
    __tsan_destroy_fiber(s->fiber);
}
#else
static void before_enter(struct stack *s)
{
    (void)s;
}

static void inside_again(struct stack *s)
{
    (void)s;
}

static void before_leave(struct stack *s, bool for_good)
{
    (void)s, (void)for_good;
}

static void outside_again(struct stack *s)
{
    (void)s;
}

static void make_known(struct stack *s)
{
    (void)s;
}

static void make_unknown(struct stack *s)
{
    (void)s;
}
#endif

static size_t page(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static void unmap(struct stack *s)
{
    munmap(s->bottom - page(), SIZE + page());
    free(s);
}

static struct stack *map(void)
{
    struct stack *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    size_t guard = page();
    char *p = mmap(NULL, SIZE + guard, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (p == MAP_FAILED) {
        free(s);
        return NULL;
    }
    s->bottom = p + guard;
    if (mprotect(s->bottom, SIZE, PROT_READ | PROT_WRITE) == 0)
        return s;
    unmap(s);
    return NULL;
}

static struct stack *take(void)
{
    struct stack *s = kept.first;
    if (!s)
        return map();
    kept.first = s->next;
    kept.count--;
    return s;
}

static void begin(void);

static void set_beginning(ucontext_t *inside, char *bottom)
{
    getcontext(inside);
    inside->uc_stack.ss_sp = bottom;
    inside->uc_stack.ss_size = SIZE;
    inside->uc_link = NULL;
    makecontext(inside, begin, 0);
}

/*
 * ucontext asks the kernel for the mask of signals at every switch, though no task changes it. So it is used
 * for the first entry into a stack alone, which the sanitizers, however, understand better.
 */
#if defined(FOR_ASAN) || defined(FOR_TSAN)
static void prepare(struct stack *s)
{
    set_beginning(&s->inside, s->bottom);
}

static void mark_beginning(struct stack *s)
{
    (void)s;
}

static void switch_in(struct stack *s)
{
    swapcontext(&s->outside, &s->inside);
}

static void switch_out(struct stack *s)
{
    swapcontext(&s->inside, &s->outside);
}
#else
static void prepare(struct stack *s)
{
    s->anew = s->begun;
    if (!s->begun)
        set_beginning(&s->inside, s->bottom);
}

/* The frame that this is called from is never returned from, so the next task may begin there too. */
#define mark_beginning(s) ((void)_setjmp((s)->beginning))

static void switch_in(struct stack *s)
{
    if (_setjmp(s->entered) != 0)
        return;
    if (!s->begun) {
        s->begun = true;
        setcontext(&s->inside);
    }
    if (!s->anew)
        _longjmp(s->left, 1);
    s->anew = false;
    _longjmp(s->beginning, 1);
}

static void switch_out(struct stack *s)
{
    if (_setjmp(s->left) == 0)
        _longjmp(s->entered, 1);
}
#endif

/* makecontext hands over nothing as wide as a pointer. */
static void begin(void)
{
    struct stack *s = kept.starting;
    mark_beginning(s);
    inside_again(s);
    s->run(s->arg);
    abort(); /* it must have left for good */
}

struct stack *stack_new(void (*run)(void *arg), void *arg)
{
    struct stack *s = take();
    if (!s)
        return NULL;
    s->run = run;
    s->arg = arg;
    prepare(s);
    make_known(s);
    return s;
}

void stack_free(struct stack *s)
{
    make_unknown(s);
    if (kept.count == KEPT_MOST) {
        unmap(s);
        return;
    }
    s->next = kept.first;
    kept.first = s;
    kept.count++;
}

void stack_free_kept(void)
{
    while (kept.first) {
        struct stack *s = kept.first;
        kept.first = s->next;
        unmap(s);
    }
    kept.count = 0;
}

void stack_enter(struct stack *s)
{
    kept.starting = s;
    before_enter(s);
    switch_in(s);
    outside_again(s);
}

void stack_leave(struct stack *s, bool for_good)
{
    before_leave(s, for_good);
    switch_out(s);
    inside_again(s);
}
