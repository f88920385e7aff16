/*
 * Tasks: functions that take turns on one thread. Each has a stack of its own, so it may stop in the middle,
 * wherever it has to wait, and goes on there when what it waits for has come; meanwhile the thread runs
 * others. So what waits reads like what does not.
 *
 * A task stays on the thread of the loop that began it (loop.h). It must hold no lock where it parks, and
 * keep nothing thread-local across that.
 */
#ifndef ONEDOOR_TASK_H
#define ONEDOOR_TASK_H

#include <stdbool.h>
#include <stdint.h>

struct task;

/* The one that runs on this thread now; NULL: none, so that what waits makes the whole thread wait. */
struct task *task_current(void);
/*
 * Stops the current task until task_wake. Whoever parks looks again, afterwards, whether what it waits for is
 * there.
 */
void task_park(void);
/* Has a task that is parked go on when its turn comes; by its own thread alone. For others it does nothing.
 */
void task_wake(struct task *t);
/* Lets the others go first. Nothing happens where no task runs. */
void task_yield(void);

/* What belongs to the request at work, not to the thread that does the work. */
struct task_own {
    char reference[65];  /* names it in the log (log.h) */
    bool binds;          /* whether it keeps to one epoch (store.h), and */
    uint64_t generation; /* to which; 0: none yet */
};
/* The current task's, or the thread's where none runs. */
struct task_own *task_own(void);

/* The rest is for loop.c. */

/* Tasks in the order in which they go on. */
struct task_line {
    struct task *first, *last;
};

/* Puts it at the end of the line, where it always waits for its turn. False when there is no memory. */
bool task_begin(struct task_line *line, void (*run)(void *arg), void *arg);
/* Runs the first one until it parks, yields or returns. False when there is none. Not within a task. */
bool task_step(struct task_line *line);
/* Gives back the stacks that this thread keeps for its next tasks. */
void task_release_stacks(void);

#endif
