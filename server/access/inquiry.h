/* One request to the decision point: who asks, the body, and the model by which it is answered. */
#ifndef ONEDOOR_ACCESS_INQUIRY_H
#define ONEDOOR_ACCESS_INQUIRY_H

#include "server/access/question.h"
#include "server/base/buf.h"
#include "server/http/request.h"
#include "server/http/response.h"
#include "server/token/access_token.h"

/* An access token given as proof, looked up once for all questions of a request. */
struct proof {
    struct str value;
    enum result result;
    struct access_token *token;
};

struct inquiry {
    struct provider *p;
    struct request *req;
    struct response *resp;
    struct arena *arena;
    const struct application *caller;
    const struct model *model;
    const struct node *body;
    int64_t now;
    struct proof proof;
};

/*
 * The caller proves itself before the body is looked at, and the body is an object before the model is. False
 * when there is nothing more to do: the answer stands in resp, or the request moves on to where it may wait.
 */
bool inquiry_begin(struct inquiry *in, void *app, struct request *req, struct response *resp);
/* 400 with the fault in words. */
void inquiry_refuse(struct inquiry *in, struct str fault);
/* What was written, as the body of a 200; a failed buffer is a failure of ours. Frees the buffer. */
void inquiry_answer(struct inquiry *in, struct buf *body);

#endif
