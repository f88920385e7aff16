#include "server/base/task.h"

#include "server/base/stack.h"

#include <stdlib.h>

enum state { READY, RUNNING, PARKED, OVER };

struct task {
    struct task *next; /* in the line */
    struct task_line *line;
    struct stack *stack;
    enum state state;
    void (*run)(void *arg);
    void *arg;
    struct task_own own;
};

static _Thread_local struct task *current;

struct task *task_current(void)
{
    return current;
}

struct task_own *task_own(void)
{
    static _Thread_local struct task_own of_thread;
    return current ? &current->own : &of_thread;
}

static void stand_in_line(struct task *t)
{
    struct task_line *line = t->line;
    t->state = READY;
    t->next = NULL;
    if (line->first)
        line->last->next = t;
    else
        line->first = t;
    line->last = t;
}

void task_park(void)
{
    struct task *t = current;
    t->state = PARKED;
    stack_leave(t->stack, false);
}

void task_wake(struct task *t)
{
    if (t->state == PARKED)
        stand_in_line(t);
}

void task_yield(void)
{
    struct task *t = current;
    if (!t)
        return;
    stand_in_line(t);
    stack_leave(t->stack, false);
}

static void run(void *arg)
{
    struct task *t = arg;
    t->run(t->arg);
    t->state = OVER;
    stack_leave(t->stack, true);
}

bool task_begin(struct task_line *line, void (*what)(void *arg), void *arg)
{
    struct task *t = calloc(1, sizeof *t);
    if (!t)
        return false;
    t->stack = stack_new(run, t);
    if (!t->stack) {
        free(t);
        return false;
    }
    t->line = line;
    t->run = what;
    t->arg = arg;
    stand_in_line(t);
    return true;
}

bool task_step(struct task_line *line)
{
    struct task *t = line->first;
    if (!t)
        return false;
    line->first = t->next;
    t->state = RUNNING;
    current = t;
    stack_enter(t->stack);
    current = NULL;
    if (t->state == OVER) {
        stack_free(t->stack);
        free(t);
    }
    return true;
}

void task_release_stacks(void)
{
    stack_free_kept();
}
