/* From what a handler left in the response to what MHD sends. */
#ifndef ONEDOOR_HTTP_ANSWER_H
#define ONEDOOR_HTTP_ANSWER_H

#include "server/http/exchange.h"

/* Renders views and problems, and turns what cannot be sent into a problem. On the handler's thread. */
void answer_finish(struct exchange *x);
/* Hands the finished response to MHD. On the I/O thread. */
enum MHD_Result answer_queue(struct exchange *x);
/* 503 for a request that not even an arena could be had for. */
enum MHD_Result answer_without_memory(struct MHD_Connection *connection);

#endif
