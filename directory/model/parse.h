/* What the parsers of the classes of entries share. */
#ifndef ONEDOOR_DIRECTORY_MODEL_PARSE_H
#define ONEDOOR_DIRECTORY_MODEL_PARSE_H

#include "directory/model/item.h"

struct parse {
    const struct content_config *config;
    const struct entry *e;
    struct arena *a; /* the item's */
    struct item *item;
};

/* Adds a fault; the text says what is wrong and what would be right. */
void parse_fault(struct parse *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The attribute's first value, or STR_EMPTY; all its values. Copied. */
struct str parse_value(struct parse *p, const char *name);
struct words parse_values(struct parse *p, const char *name);
bool parse_flag(struct parse *p, const char *name);
/* Values that are DNs, with their keys; one that is none is left out with a fault. */
struct words parse_dns(struct parse *p, const char *name, struct dn_key **keys);
/* onedoorValidFrom and onedoorValidUntil. False with a fault when they are not times, or in the wrong order.
 */
bool parse_period(struct parse *p, int64_t *from, int64_t *until);
/* member, scope, organisations and period of an assignment. False with a fault. */
bool parse_held(struct parse *p, struct held *out);
/* Plain "type:action" values of onedoorPermission; others are left out with a fault. */
struct words parse_permission_words(struct parse *p);

/* One a class. False: not valid, with a fault. */
bool parse_organisation(struct parse *p);
bool parse_group(struct parse *p);
bool parse_application(struct parse *p);
bool parse_role(struct parse *p);
bool parse_assignment(struct parse *p);
bool parse_resource(struct parse *p);
bool parse_mandate(struct parse *p);

#endif
