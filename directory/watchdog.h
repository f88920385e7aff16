/* Ends what libldap itself never ends: at the deadline the connection's socket is shut down. */
#ifndef ONEDOOR_DIRECTORY_WATCHDOG_H
#define ONEDOOR_DIRECTORY_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

struct watchdog;

/* One socket under watch; belongs to the caller and must stay in place between arm and disarm. */
struct watch {
    int fd;
    int64_t deadline;
    struct watch *next;
    bool armed, fired;
};

/* Its thread starts with the first watch. NULL when out of memory. */
struct watchdog *watchdog_new(void);
/*
 * From now on until disarm, fd is shut down once clock_monotonic_ms() passes the deadline. False when the
 * thread could not be started: then nothing is watched and nothing may be waited for.
 */
bool watchdog_arm(struct watchdog *dog, struct watch *w, int fd, int64_t deadline);
/* Ends the watch, before the socket is closed. True when it was shut down. */
bool watchdog_disarm(struct watchdog *dog, struct watch *w);
/* Nothing may be armed any more. NULL is taken. */
void watchdog_free(struct watchdog *dog);

#endif
