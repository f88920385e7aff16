/* Certificates for a test's slapd. */
#ifndef ONEDOOR_TESTS_SLAPD_TLS_H
#define ONEDOOR_TESTS_SLAPD_TLS_H

#include "tests/unit/support/slapd.h"

/* A self-signed certificate NAME.crt with its key in the folder, for one name or address. */
static inline void slapd_certificate(const struct slapd *s, const char *name, const char *alternative)
{
    slapd_shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=%s "
        "-addext subjectAltName=%s -keyout %s/%s.key -out %s/%s.crt 2>/dev/null",
        name, alternative, s->folder, name, s->folder, name);
}

/* Adds a value to slapd's own settings while it does not run. */
static inline void slapd_setting(const struct slapd *s, const char *name, const char *value)
{
    slapd_shell("printf 'dn: cn=config\\nchangetype: modify\\nadd: %s\\n%s: %s\\n' | "
                "PATH=$PATH:/usr/sbin slapmodify -n 0 -F %s/slapd.d >/dev/null 2>&1",
                name, name, value, s->folder);
}

/* Has it show NAME.crt from the next slapd_run(…, true) on. */
static inline void slapd_show(const struct slapd *s, const char *name)
{
    slapd_shell("printf 'dn: cn=config\\nchangetype: modify\\nadd: olcTLSCertificateFile\\n"
                "olcTLSCertificateFile: %s/%s.crt\\n-\\nadd: olcTLSCertificateKeyFile\\n"
                "olcTLSCertificateKeyFile: %s/%s.key\\n' | "
                "PATH=$PATH:/usr/sbin slapmodify -n 0 -F %s/slapd.d >/dev/null 2>&1",
                s->folder, name, s->folder, name, s->folder);
}

#endif
