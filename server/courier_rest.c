#include "server/courier_rest.h"

#include <stdlib.h>
#include <string.h>

enum { PAUSE_FIRST = 5, PAUSE_MOST = 3600, DOUBLINGS_MOST = 20, NAME_MAX_BYTES = 64 };

int64_t courier_pause(int64_t failures, uint32_t dice)
{
    int64_t doublings = failures < 1 ? 0 : failures - 1;
    int64_t pause = (int64_t)PAUSE_FIRST << (doublings < DOUBLINGS_MOST ? doublings : DOUBLINGS_MOST);
    if (pause > PAUSE_MOST)
        pause = PAUSE_MOST;
    int64_t half = pause / 2;
    return half + 1 + (int64_t)(dice % (uint64_t)(pause - half));
}

struct rest {
    char name[NAME_MAX_BYTES]; /* a client_id is no longer */
    size_t name_len;
    unsigned under_way;
    int64_t failures; /* in a row */
    int64_t until;
};

struct rests {
    struct rest v[REST_KNOWN];
};

struct rests *rests_new(void)
{
    return calloc(1, sizeof(struct rests));
}

void rests_free(struct rests *r)
{
    free(r);
}

static struct rest *find(struct rests *r, struct str name)
{
    for (size_t i = 0; i < REST_KNOWN; i++)
        if (str_eq((struct str){r->v[i].name, r->v[i].name_len}, name))
            return &r->v[i];
    return NULL;
}

/* The place of the one whose rest ended first: those that work fine have none to remember. */
static struct rest *take_place(struct rests *r, struct str name)
{
    struct rest *best = NULL;
    for (size_t i = 0; i < REST_KNOWN; i++) {
        struct rest *one = &r->v[i];
        if (one->under_way == 0 && (!best || one->until < best->until))
            best = one;
    }
    if (!best || name.len == 0 || name.len > sizeof best->name)
        return NULL;
    *best = (struct rest){.name_len = name.len};
    memcpy(best->name, name.p, name.len);
    return best;
}

static enum rest_answer answer_of(const struct rest *one, int64_t now, int64_t *until)
{
    *until = now + 1;
    if (one->failures == 0)
        return one->under_way < REST_EACH ? REST_GO : REST_FULL;
    if (one->until > now)
        *until = one->until;
    return one->until > now || one->under_way > 0 ? REST_WAIT : REST_GO;
}

enum rest_answer rests_ask(struct rests *r, struct str client_id, int64_t now, int64_t *until)
{
    const struct rest *one = find(r, client_id);
    return one ? answer_of(one, now, until) : REST_GO;
}

enum rest_answer rests_admit(struct rests *r, struct str client_id, int64_t now, int64_t *until)
{
    struct rest *one = find(r, client_id);
    if (!one)
        one = take_place(r, client_id);
    *until = now + 1;
    enum rest_answer answer = one ? answer_of(one, now, until) : REST_FULL;
    if (answer == REST_GO)
        one->under_way++;
    return answer;
}

void rests_settle(struct rests *r, struct str client_id, bool answered, int64_t now, uint32_t dice)
{
    struct rest *one = find(r, client_id);
    if (!one || one->under_way == 0)
        return;
    one->under_way--;
    if (answered) {
        one->failures = 0;
        one->until = 0;
    } else if (one->until <= now) { /* those that fail together count once */
        one->failures++;
        one->until = now + courier_pause(one->failures, dice);
    }
}
