/* Why a change is refused: one table of words; pages translate the names (admin.why.NAME). */
#ifndef ONEDOOR_ADMIN_WHY_H
#define ONEDOOR_ADMIN_WHY_H

/* enum, name, English text for the command line and the audit log */
#define WHYS(X)                                                                                              \
    X(NONE, "none", "")                                                                                      \
    X(NOT_PERMITTED, "not_permitted", "you may not do this")                                                 \
    X(OUTSIDE, "outside", "it reaches beyond the organisations that you administer")                         \
    X(NOT_DELEGATED, "not_delegated", "the role is not delegated to administrators of departments")          \
    X(PEOPLE_ONLY, "people_only", "only people can hold this role, one by one")                              \
    X(NOT_ONESELF, "not_oneself", "nobody assigns roles to themselves or helps their own account")           \
    X(EXCLUDED, "excluded", "the holder has a role that excludes this one")                                  \
    X(EXISTS, "exists", "it exists already")                                                                 \
    X(NOT_THERE, "not_there", "there is no such entry")                                                      \
    X(BUILT_IN, "built_in", "it is built in and cannot be changed")                                          \
    X(NOT_VALID, "not_valid", "a value is not accepted")                                                     \
    X(NO_HOLDER, "no_holder", "there is no such person, group or organisation")                              \
    X(ONE_HOLDER, "one_holder", "name one holder: a person, a group or an organisation")                     \
    X(NO_ORGANISATION, "no_organisation", "there is no such organisation")                                   \
    X(PERIOD, "period", "the period ends before it begins")                                                  \
    X(HAS_ROLES, "has_roles", "the application still has roles; remove them first")                          \
    X(HAS_HOLDERS, "has_holders", "the role still has holders; withdraw it from them first")                 \
    X(NO_FACTOR, "no_factor", "the account has no second factor")                                            \
    X(TWO_SECRETS, "two_secrets", "two secrets are valid already; drop the old one first")                   \
    X(NO_SECRET, "no_secret", "the application has no such secret")                                          \
    X(NOTHING, "nothing", "nothing would change")                                                            \
    X(TOO_LARGE, "too_large", "the change is too large")                                                     \
    X(OVERTAKEN, "overtaken", "what it was meant to change has changed meanwhile")                           \
    X(NOT_SECOND, "not_second", "somebody else than who asked for it must approve")                          \
    X(DECIDED, "decided", "it was decided already")                                                          \
    X(EXPIRED, "expired", "it waited too long and has expired")                                              \
    X(ASKER_LOST, "asker_lost", "who asked for it may not do this any more")                                 \
    X(UNKNOWN_KIND, "unknown_kind", "there is no such kind of change")

enum why {
#define X(name, word, text) WHY_##name,
    WHYS(X)
#undef X
        WHY_COUNT
};

const char *why_name(enum why w);
const char *why_text(enum why w);

#endif
