/* Counters and gauges for /metrics, from one table. */
#ifndef ONEDOOR_BASE_METRIC_H
#define ONEDOOR_BASE_METRIC_H

#include "server/base/buf.h"

/* name of the enum, name in the Prometheus text (a counter ends in _total, a gauge does not), help */
#define METRICS(X)                                                                                           \
    X(REQUESTS, "onedoor_requests_total", "Requests answered")                                               \
    X(REQUESTS_SHED, "onedoor_requests_shed_total", "Requests answered 503 for want of time")                \
    X(SIGN_INS, "onedoor_sign_ins_total", "Sign-ins completed")                                              \
    X(SIGN_INS_REFUSED, "onedoor_sign_ins_refused_total", "Passwords or codes refused")                      \
    X(SIGN_INS_THROTTLED, "onedoor_sign_ins_throttled_total", "Sign-ins braked")                             \
    X(TOKENS_ISSUED, "onedoor_tokens_issued_total", "Access tokens issued")                                  \
    X(INTROSPECTIONS_ACTIVE, "onedoor_introspections_active_total", "Introspections answered active")        \
    X(INTROSPECTIONS_INACTIVE, "onedoor_introspections_inactive_total", "Introspections answered inactive")  \
    X(INTROSPECTIONS_NEAR, "onedoor_introspections_near_total", "Introspections answered from memory")       \
    X(DECISIONS_ALLOWED, "onedoor_decisions_allowed_total", "Access decisions that allowed")                 \
    X(DECISIONS_DENIED, "onedoor_decisions_denied_total", "Access decisions that denied")                    \
    X(STORE_UNAVAILABLE, "onedoor_store_unavailable_total", "Store operations that failed as unavailable")   \
    X(DIRECTORY_UNAVAILABLE, "onedoor_directory_unavailable_total", "Directory operations unavailable")      \
    X(EPOCH_CHANGES, "onedoor_epoch_changes_total", "Times a loss in the store ended all that was issued")   \
    X(LOGOUTS_DELIVERED, "onedoor_logouts_delivered_total", "Logout tokens that applications accepted")      \
    X(LOGOUTS_FAILED, "onedoor_logouts_failed_total", "Attempts to deliver a logout token that failed")      \
    X(LOGOUTS_GIVEN_UP, "onedoor_logouts_given_up_total",                                                    \
      "Applications that could not be told of a sign-out")                                                   \
    X(LOGOUTS_DROPPED, "onedoor_logouts_dropped_total", "Sessions ended untold because the queue was full")  \
    X(LOGOUTS_WAITING, "onedoor_logouts_waiting",                                                            \
      "Applications still to be told of a sign-out, by all servers")                                         \
    X(MODELS_BUILT, "onedoor_models_built_total", "Times the permission model was compiled anew")            \
    X(PEOPLE_CHANGES, "onedoor_people_changes_total", "Changes of people that the directory told of")        \
    X(NEWS_FULL, "onedoor_people_changes_full_total",                                                        \
      "Times the changes of people had to wait, because so many were not yet noted")                         \
    X(LOSSES_HELD, "onedoor_losses_held_total", "Times a loss in the directory was not believed")

enum metric {
#define X(name, text, help) METRIC_##name,
    METRICS(X)
#undef X
        METRIC_COUNT
};

void metric_add(enum metric m);
/* For gauges. */
void metric_set(enum metric m, uint64_t value);
uint64_t metric_read(enum metric m);
/* All of them in the Prometheus text format. */
void metric_print(struct buf *out);

/* What is measured at the moment of printing. */
struct metric_gauge {
    const char *name, *help;
    int64_t value;
};
void metric_print_gauge(struct buf *out, const struct metric_gauge *gauge);

#endif
