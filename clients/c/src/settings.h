/* The options as the handle keeps them: copied, complete, checked. */
#ifndef ODC_SETTINGS_H
#define ODC_SETTINGS_H

#include <onedoor/client.h>

struct odc_settings {
    struct onedoor_options options; /* its texts are owned */
    char *issuer, *client_id;
};

/* ARGUMENT when something is missing or out of its range. Freed by the caller in every case. */
enum onedoor_error odc_settings_read(struct odc_settings *s, const char *issuer, const char *client_id,
                                     const struct onedoor_options *options);
void odc_settings_free(struct odc_settings *s);

/* Whether the address may be asked: https, or http on a loopback address where `plain` allows it. */
bool odc_address_allowed(const char *url, bool plain);
/* Whether it is http on a loopback address. */
bool odc_address_plain(const char *url);

#endif
