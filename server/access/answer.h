/* Decisions in JSON: section 5.5, and what we put into their context. */
#ifndef ONEDOOR_ACCESS_ANSWER_H
#define ONEDOOR_ACCESS_ANSWER_H

#include "directory/model/model.h"
#include "server/base/json_write.h"

/*
 * {"decision":true}, or a denial with why: `reason_admin` names the rule by its code, `reason_user` says in
 * English and Chinese what a person can do about it; `acr_values` is there when a stronger sign-in would do,
 * `identity_level` when a better identified person would.
 */
void answer_decision(struct buf *b, const struct decision *d);
/* A denial because that one question could not be read. */
void answer_fault(struct buf *b, struct str fault);
/* What a person is told; "" for ALLOWED. */
const char *answer_text(enum decision_reason reason, bool chinese);

#endif
