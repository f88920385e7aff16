/* One blocking connection to Redis, with deadlines. After anything but LINK_OK it is only good for closing.
 */
#ifndef ONEDOOR_STORE_CONNECTION_H
#define ONEDOOR_STORE_CONNECTION_H

#include "server/store/batch.h"
#include "server/store/store.h"
#include "server/store/trouble.h"

enum link { LINK_OK, LINK_BROKEN, LINK_TIMEOUT };

struct connection;

/*
 * Connects, signs in (AUTH) and selects the database; `deadline` as of clock_monotonic_ms. NULL when that
 * fails, which is told to `t`. Config outlives the connection.
 */
struct connection *connection_open(const struct store_config *config, struct trouble *t, int64_t deadline);
void connection_close(struct connection *c);

/* How the last run ended. */
enum link connection_link(const struct connection *c);
/* Whether an idle connection is still open: the peer has neither closed it nor sent anything unasked. */
bool connection_quiet(const struct connection *c);
/*
 * Sends the batch in one write and reads its replies; replies[b->commands] are the caller's to free. They are
 * all NULL unless LINK_OK. With b->text failed (memory) nothing is sent and LINK_BROKEN returned.
 */
enum link connection_run(struct connection *c, const struct batch *b, redisReply **replies, int64_t deadline);

/* The same behind a face: whoever holds one need not know what the connection is part of. */
struct asker {
    enum link (*run)(void *arg, const struct batch *b, redisReply **replies, int64_t deadline);
    void *arg;
};
struct asker connection_asker(struct connection *c);

/*
 * For a connection that several threads share: one at a time may send, another at the same time receive, and
 * any may shut it, which wakes both.
 */
enum link connection_send(struct connection *c, struct str text);
/* Waits for replies, until the deadline, and gives those that came together: at least one unless it fails. */
enum link connection_receive_some(struct connection *c, redisReply **replies, size_t most, size_t *n,
                                  int64_t deadline);
void connection_shut(struct connection *c);

/* For a connection whose descriptor a loop watches; neither of these waits. */
int connection_fd(const struct connection *c);
/* Sends as much as the socket takes now. */
enum link connection_put(struct connection *c, struct str text, size_t *sent);
/* The replies that have come; there may be more when there are as many as fit. Also when it fails, *n count.
 */
enum link connection_take(struct connection *c, redisReply **replies, size_t most, size_t *n);
/*
 * What Redis says unasked, to a connection that has subscribed: the next message, the caller's to free, or
 * NULL when none came within that time.
 */
enum link connection_hear(struct connection *c, int64_t ms, redisReply **out);

#endif
