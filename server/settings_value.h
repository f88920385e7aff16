/* The types of settings: how each is read from text, and what it says it accepts. */
#ifndef ONEDOOR_SERVER_SETTINGS_VALUE_H
#define ONEDOOR_SERVER_SETTINGS_VALUE_H

#include "server/settings.h"

enum setting_type {
    SETTING_STRING,  /* struct str */
    SETTING_CSTRING, /* const char * */
    SETTING_SECRET,  /* struct secret *, from the text or from ${file:/path} */
    SETTING_NUMBER,  /* unsigned */
    SETTING_SECONDS, /* int64_t; 90, 90s, 15m, 10h, 30d */
    SETTING_COUNT,   /* int64_t without a unit */
    SETTING_BOOL,    /* bool */
    SETTING_LISTEN,  /* struct listen_address; address:port, [address]:port, or off */
    SETTING_CHOICE,  /* unsigned: the index in `choices` */
    SETTING_ISSUER   /* struct str: https, or http on a loopback host; no path, no trailing slash */
};

struct setting {
    const char *section, *name;
    enum setting_type type;
    size_t offset;        /* in struct settings */
    const char *fallback; /* the default, as one would write it; NULL: must be given */
    int64_t least, most;  /* bounds of numbers and seconds */
    const char *choices;  /* "debug info warn error" */
    const char *help;
};

extern const struct setting setting_table[];
extern const size_t setting_count;

/* What older files may name, and what decides nothing any more: read over, with a warning that says why. */
struct gone_setting {
    const char *section, *name, *why;
};
extern const struct gone_setting gone_settings[];
extern const size_t gone_setting_count;

/* Stores the value of the text; false with *why (in the settings' arena) saying what is accepted. */
bool setting_store(struct settings *s, const struct setting *row, struct str text, struct str *why);
/* What the row accepts, in words. */
struct str setting_accepts(struct arena *a, const struct setting *row);

#endif
