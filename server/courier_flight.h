/* One delivery, from the claim of its job to what becomes of the job. Of the courier's thread alone. */
#ifndef ONEDOOR_SERVER_COURIER_FLIGHT_H
#define ONEDOOR_SERVER_COURIER_FLIGHT_H

#include "server/courier_rest.h"
#include "server/oauth/backchannel.h"
#include "server/token/logout_token.h"

enum { FLIGHTS_MOST = 64 };

/* Free while `a` is NULL. */
struct flight {
    struct arena *a;
    struct str id;
    struct logout_job *job;
    struct backchannel_call *call; /* in the multi handle, once it was begun */
};

struct flights {
    struct provider *provider;
    const struct backchannel_config *config;
    CURLM *multi; /* NULL before the first delivery */
    struct rests *rests;
    size_t count;
    struct flight v[FLIGHTS_MOST];
};

bool flights_full(const struct flights *all);
/*
 * Claims the job and begins its delivery, or sees that it is not its turn. UNAVAILABLE while the store is
 * away; INTERNAL without memory; there must be a free place.
 */
MUST_CHECK enum result flight_begin(struct flights *all, struct str id);
/* The delivery of that handle has ended so. */
void flight_land(struct flights *all, CURL *handle, CURLcode code);
/* At a stop: what is under way goes back into the queue as it was, for whoever comes next. */
void flights_give_back(struct flights *all);

#endif
