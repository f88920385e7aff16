/* A redis-server of a test's own: private socket, own folder, and every way of going away. */
#ifndef ONEDOOR_TESTS_REDIS_H
#define ONEDOOR_TESTS_REDIS_H

#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct redis {
    char folder[64];
    char socket[80];
    const char *password; /* NULL: none */
    pid_t pid;            /* 0: not running */
};

static inline void redis_say(const char *what)
{
    fprintf(stderr, "redis: %s failed\n", what);
    abort();
}

static inline redisContext *redis_connect(const struct redis *r)
{
    redisContext *c = redisConnectUnix(r->socket);
    if (c && !c->err && r->password) {
        redisReply *reply = redisCommand(c, "AUTH %s", r->password);
        if (reply)
            freeReplyObject(reply);
    }
    if (c && c->err) {
        redisFree(c);
        c = NULL;
    }
    return c;
}

/* Waits until it has loaded its data and answers. */
static inline void redis_wait(const struct redis *r)
{
    for (int i = 0; i < 1000; i++, usleep(10000)) {
        redisContext *c = redis_connect(r);
        redisReply *reply = c ? redisCommand(c, "PING") : NULL;
        bool up = reply && reply->type == REDIS_REPLY_STATUS;
        if (reply)
            freeReplyObject(reply);
        if (c)
            redisFree(c);
        if (up)
            return;
    }
    redis_say("start");
}

/* Starts it over the data that the folder holds. */
static inline void redis_run(struct redis *r)
{
    unlink(r->socket);
    r->pid = fork();
    if (r->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (chdir(r->folder) == 0 && freopen("log", "a", stdout))
            execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", r->socket, "--dir",
                   r->folder, "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--requirepass",
                   r->password ? r->password : "", (char *)NULL);
        _exit(127);
    }
    redis_wait(r);
}

static inline void redis_start(struct redis *r, const char *password)
{
    *r = (struct redis){.password = password};
    strcpy(r->folder, "/tmp/onedoor-redis-XXXXXX");
    if (!mkdtemp(r->folder))
        redis_say("mkdtemp");
    snprintf(r->socket, sizeof r->socket, "%s/s", r->folder);
    redis_run(r);
}

static inline void redis_end(struct redis *r, int signal_number)
{
    if (r->pid == 0)
        return;
    kill(r->pid, signal_number);
    kill(r->pid, SIGCONT);
    waitpid(r->pid, NULL, 0);
    r->pid = 0;
}

static inline void redis_stop(struct redis *r)
{
    redis_end(r, SIGTERM);
}

static inline void redis_kill(struct redis *r)
{
    redis_end(r, SIGKILL);
}

static inline void redis_freeze(struct redis *r)
{
    kill(r->pid, SIGSTOP);
    waitpid(r->pid, NULL, WUNTRACED);
}

static inline void redis_thaw(struct redis *r)
{
    kill(r->pid, SIGCONT);
}

static inline void redis_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void redis_shell(const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (system(line) != 0)
        redis_say(line);
}

/* Keeps a copy of the data as it is now. */
static inline void redis_snapshot(struct redis *r)
{
    redis_freeze(r);
    redis_shell("rm -rf %s/kept && cp -a %s/appendonlydir %s/kept", r->folder, r->folder, r->folder);
    redis_thaw(r);
}

/* Kills it and starts it again over the copy, as an operator does who restores a backup. */
static inline void redis_restore(struct redis *r)
{
    redis_kill(r);
    redis_shell("rm -rf %s/appendonlydir && cp -a %s/kept %s/appendonlydir", r->folder, r->folder, r->folder);
    redis_run(r);
}

static inline void redis_remove(struct redis *r)
{
    redis_kill(r);
    redis_shell("rm -rf %s", r->folder);
}

/* One command from outside; the reply is the caller's to free. */
static inline redisReply *redis_ask(const struct redis *r, const char *format, ...)
{
    redisContext *c = redis_connect(r);
    if (!c)
        redis_say("connect");
    va_list args;
    va_start(args, format);
    redisReply *reply = redisvCommand(c, format, args);
    va_end(args);
    redisFree(c);
    if (!reply)
        redis_say(format);
    return reply;
}

#endif
