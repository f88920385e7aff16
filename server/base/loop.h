/*
 * A loop: one thread that waits for many things at once, and runs tasks (task.h). In each turn it takes what
 * has become ready, runs the tasks whose turn it is, has whatever is to be sent sent together, and waits.
 */
#ifndef ONEDOOR_LOOP_H
#define ONEDOOR_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* NULL without memory or descriptors. */
struct loop *loop_new(void);
/* After loop_run has returned, on any thread; no task may be left. Tells its members. NULL is taken. */
void loop_free(struct loop *l);
/* Runs it on this thread until loop_stop. */
void loop_run(struct loop *l);
/* From any thread. */
void loop_stop(struct loop *l);
/* The one that runs on this thread, NULL: none. */
struct loop *loop_current(void);

/* A descriptor that is waited for. The caller's to keep until loop_unwatch, which it calls before closing it.
 */
struct loop_source {
    int fd;
    void (*ready)(void *arg);
    void *arg;
};
/* While it can be read from; with `writing`, also while it can be written to. On the loop's own thread. */
bool loop_watch(struct loop *l, struct loop_source *s, bool writing);
void loop_unwatch(struct loop *l, struct loop_source *s);

/* Whatever has to do something in every turn. The caller's to keep until `gone`. */
struct loop_member {
    const void *owner;
    /* Before the tasks of the turn run; may be NULL. */
    void (*begin)(void *arg);
    /*
     * After them, before the loop waits, at the clock_monotonic_ms given: in how many milliseconds it is to
     * be called again at the latest; negative: only when something happens. May be NULL.
     */
    int64_t (*settle)(void *arg, int64_t now);
    void (*gone)(void *arg); /* the loop is freed */
    void *arg;
    struct loop_member *next;
};
/* On the loop's own thread, or before it runs. */
void loop_join(struct loop *l, struct loop_member *m);
/* The member that this owner has there; NULL: none. On the loop's own thread. */
struct loop_member *loop_member_of(struct loop *l, const void *owner);

/* Has a task begun, when its turn comes; false without memory. On the loop's own thread. */
bool loop_spawn(struct loop *l, void (*run)(void *arg), void *arg);

/* Something that another thread has the loop do. The caller's to keep until it runs, and then again. */
struct loop_post {
    void (*run)(void *arg);
    void *arg;
    struct loop_post *next;
};
/* From any thread; what was posted first runs first. What is posted after loop_stop may run in loop_free. */
void loop_post(struct loop *l, struct loop_post *p);

/* For how long a call may make its thread wait: until other servers or files answer, or a directory. */
enum loop_wait { LOOP_WAITS_BRIEFLY, LOOP_WAITS_LONG };
/*
 * Has something run by a thread that may wait so long. It must be run: a task waits for it. It is the task's
 * to keep until then.
 */
typedef void (*loop_elsewhere_fn)(void *arg, enum loop_wait wait, struct loop_post *what);
/* On the loop's own thread. */
void loop_set_elsewhere(struct loop *l, loop_elsewhere_fn elsewhere, void *arg);
/*
 * Makes a call that would make the whole thread wait, and returns when it has returned: by another thread
 * while the current task is parked; where no task runs, or nobody is there for it, directly. It may use the
 * task's stack.
 */
void loop_block(enum loop_wait wait, void (*run)(void *arg), void *arg);

#endif
