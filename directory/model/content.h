/*
 * The entries that the model is made of, as they came last from the directory, each parsed once. Belongs to
 * one thread; compiling gives a model that shares nothing with it that could change.
 */
#ifndef ONEDOOR_DIRECTORY_MODEL_CONTENT_H
#define ONEDOOR_DIRECTORY_MODEL_CONTENT_H

#include "directory/model/model.h"
#include "directory/registry.h"

struct content;

/* Entries come from several feeds; each refreshes for itself. */
enum content_source { CONTENT_REGISTRY, CONTENT_GROUPS, CONTENT_SOURCE_COUNT };

struct content_config {
    const char *registry_base;
    const char *organisations_base; /* ou=orgs,dc=city,dc=example: paths begin below it */
    const char *groups_base;        /* group paths begin below it */
    unsigned most_lost_percent;     /* of the entries of a class; more at once is not believed */
};

struct content *content_new(const struct content_config *config);
void content_free(struct content *c);

/*
 * An entry as it is now, under its entryUUID (any bytes). One that is not valid is logged by name with what
 * would be right, kept as invalid, and takes nothing else down. One of no known class is ignored.
 */
MUST_CHECK enum result content_put(struct content *c, enum content_source from, struct str uuid,
                                   const struct entry *e);
/* Whether it was there. */
bool content_drop(struct content *c, enum content_source from, struct str uuid);
/* A refresh of that source begins: what is neither put nor named present until its end is dropped then. */
void content_refresh_begin(struct content *c, enum content_source from);
void content_present(struct content *c, enum content_source from, struct str uuid);
void content_refresh_end(struct content *c, enum content_source from);
/*
 * An entry was renamed that has others below it: these have new names as well, of which no feed tells. True
 * until a refresh of the source has ended.
 */
bool content_is_stale(const struct content *c, enum content_source from);
/*
 * Whether a unit was renamed since the last call. People below it have new names as well, and the content
 * does not know whether there are any.
 */
bool content_take_renamed(struct content *c);

/*
 * What was lost within the last minute: when it is more than the set share of some class (and more than a
 * handful), REFUSED with *why, and the caller keeps the old model and raises the alarm, until the
 * entries are back or content_accept_loss was called.
 */
MUST_CHECK enum result content_judge(const struct content *c, struct arena *a, struct str *why);
void content_accept_loss(struct content *c);

/* A new model; NULL when memory is out. model_free releases it; the type fits swap_new. */
struct model *content_compile(struct content *c);
void model_free(void *model);

/* What is wrong with entries, for `onedoor registry check`: calls back for each, with what would be right. */
void content_each_fault(const struct content *c, void (*tell)(void *arg, struct str dn, struct str why),
                        void *arg);

#endif
