/*
 * People who were asked for lately, as the permission model must know them: by `sub` and by uuid, so many at
 * most. Filled by those who asked the directory, kept true by the feed. Readers take one of many small locks
 * for the time of a copy; writers take turns.
 */
#ifndef ONEDOOR_DIRECTORY_KNOWN_H
#define ONEDOOR_DIRECTORY_KNOWN_H

#include "directory/model/subject.h"

struct known;

/* At most `most` people; NULL when out of memory. */
struct known *known_new(size_t most);
void known_free(struct known *k);
size_t known_count(struct known *k);

/* Copied into the arena; false when not known, and without memory. */
bool known_find(struct known *k, struct arena *a, struct str sub, struct subject *out);
bool known_find_uuid(struct known *k, struct arena *a, struct str uuid, struct subject *out);

/*
 * Whoever asks the directory takes the moment before, and fills in the answer with it: when the feed told of
 * any change meanwhile, the answer may be older than what it told, and is not kept.
 */
uint64_t known_moment(struct known *k);
void known_fill(struct known *k, uint64_t moment, const struct subject *s);

/*
 * What the feed tells. A person who is not known stays so. Only the feed's thread calls these. known_told
 * says whether the person was known, and as disabled.
 */
enum known_before { KNOWN_NOT, KNOWN_ENABLED, KNOWN_DISABLED };
enum known_before known_told(struct known *k, const struct subject *s);
enum known_before known_gone(struct known *k, struct str uuid);
/* As known_told says, without a change. */
enum known_before known_state(struct known *k, struct str uuid);
/* Forgets everybody: nothing is certain any more. */
void known_clear(struct known *k);

/*
 * A refresh that names everybody who is there: begin, then mark each; afterwards known_unmarked gives one
 * uuid after the other (copied) of who was known before and not named, until STR_EMPTY.
 */
void known_refresh_begin(struct known *k);
void known_mark(struct known *k, struct str uuid);
struct str known_unmarked(struct known *k, struct arena *a);

#endif
