/* What RFC 4533 puts into controls and messages (section 2), to and from BER. */
#ifndef ONEDOOR_DIRECTORY_FOLLOW_SYNC_VALUE_H
#define ONEDOOR_DIRECTORY_FOLLOW_SYNC_VALUE_H

#include "directory/uuid_set.h"
#include "server/base/arena.h"

/* Section 2.2: a request to refresh and then to persist. STR_EMPTY without memory. */
struct str sync_request_value(struct arena *a, struct str cookie);

/* Section 2.3: what has become of an entry. The numbers are those of the standard. */
enum sync_state { SYNC_PRESENT = 0, SYNC_ADD = 1, SYNC_MODIFY = 2, SYNC_DELETE = 3 };
struct sync_entry {
    enum sync_state state;
    struct str uuid; /* UUID_SIZE bytes */
    struct str cookie;
    bool has_cookie;
};
/* Copied into the arena. False for anything that is not such a value, and without memory; here and below. */
bool sync_entry_read(struct arena *a, struct str value, struct sync_entry *out);

/* Section 2.5: what concerns no single entry. */
enum sync_info_kind { SYNC_NEW_COOKIE, SYNC_REFRESH_DELETE, SYNC_REFRESH_PRESENT, SYNC_ID_SET };
struct sync_info {
    enum sync_info_kind kind;
    struct str cookie;
    bool has_cookie;
    bool refresh_done;    /* of the two refresh kinds */
    bool refresh_deletes; /* of an id set: these are gone, rather than present */
    struct str *uuids;    /* of an id set */
    size_t uuid_count;
};
bool sync_info_read(struct arena *a, struct str value, struct sync_info *out);

#endif
