/*
 * One connection to Redis that many threads share: their batches go out one behind the other, in one write
 * where they come together, and the replies come back in that order. There is no thread for it: of those who
 * wait, one reads for all.
 */
#ifndef ONEDOOR_STORE_LANE_H
#define ONEDOOR_STORE_LANE_H

#include "server/store/guard.h"

struct lane;

/* Nothing is connected yet. All is borrowed. NULL when out of memory. */
struct lane *lane_new(const struct store_config *config, struct guard *guard, struct trouble *trouble);
/* Two lanes to one Redis: when one finds it there again, the other's pause is over too. */
void lane_pair(struct lane *one, struct lane *other);
/* Nobody may use it any more. NULL is taken. */
void lane_free(struct lane *l);

/*
 * Sends the batch and waits for its replies, which are the caller's to free; they are all NULL unless
 * LINK_OK. Connects first where there is no connection: one caller at a time, and after a failure not before
 * a pause, in which all others get LINK_BROKEN at once. *life says which connection answered: it counts up
 * with every new one.
 *
 * When a batch is not answered by its deadline, or the connection breaks, it is closed and everybody on it
 * fails, with LINK_TIMEOUT or LINK_BROKEN: answers come in order, so behind a late one all are late. Nothing
 * is sent twice.
 */
enum link lane_run(struct lane *l, const struct batch *b, redisReply **replies, int64_t deadline,
                   uint64_t *life);
/* The same on that very connection; LINK_BROKEN when it is gone. */
enum link lane_run_on(struct lane *l, uint64_t life, const struct batch *b, redisReply **replies,
                      int64_t deadline);

/* Closes that connection, if it is still the present one: Redis refuses on it what another might grant. */
void lane_leave(struct lane *l, uint64_t life);
/* Closes whatever there is. */
void lane_flush(struct lane *l);
/* Another lane waited in vain: closes what there is, and the next caller tries alone whether Redis is there.
 */
void lane_suspect(struct lane *l);
/* Redis is there again: the pause is over. */
void lane_retry(struct lane *l);

#endif
