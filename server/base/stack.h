/* A stack of its own for a function, entered and left again from the stack of the thread. For task.c alone.
 */
#ifndef ONEDOOR_STACK_H
#define ONEDOOR_STACK_H

#include <stdbool.h>

struct stack;

/* `run` begins at the first stack_enter; it must end by stack_leave. NULL when there is no memory. */
struct stack *stack_new(void (*run)(void *arg), void *arg);
/* Not from the stack itself. A few are kept for this thread's next ones. */
void stack_free(struct stack *s);
/* Gives back those that are kept. */
void stack_free_kept(void);

/* Goes on where the stack was left, and returns when it is left again. */
void stack_enter(struct stack *s);
/* From the stack itself: back to who entered it. `for_good`: it will not be entered again. */
void stack_leave(struct stack *s, bool for_good);

#endif
