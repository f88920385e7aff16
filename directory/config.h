/* What the settings say about the directory. All strings outlive the struct directory. */
#ifndef ONEDOOR_DIRECTORY_CONFIG_H
#define ONEDOOR_DIRECTORY_CONFIG_H

#include "server/base/secret.h"

/* Which of a person's attributes holds what; names as the directory's schema spells them. */
struct person_map {
    const char *uuid;         /* never changes, never reused: entryUUID, nsUniqueId, objectGUID */
    const char *subject;      /* `sub` of the tokens: uid */
    const char *display_name; /* displayName, else cn */
    const char *given_name, *family_name, *mail, *mobile;
    const char *organisation;   /* departmentNumber: paths or DNs, the primary one first */
    const char *identity_level; /* 1 to 5: how well they were identified; NULL or empty: by kind alone */
};

struct directory_config {
    struct str uris; /* space-separated, tried in order: ldapi://%2Frun%2Fslapd, ldaps://a, ldap://b */
    bool start_tls;
    const char *ca_file; /* NULL: the system's */
    const char *bind_dn;
    const struct secret *bind_password;
    unsigned connect_ms, operation_ms; /* deadlines, TLS handshake included */
    unsigned connections;              /* most search connections kept; as many again for binds */
    const char *people_base, *registry_base, *groups_base;
    const char *organisations_base; /* paths of organisations begin below it; NULL or empty: people_base */
    const char *person_filter;      /* (objectClass=inetOrgPerson) */
    struct str login_attributes;    /* space-separated: uid mail mobile */
    struct str disabled_when;       /* space-separated attribute=value; `attribute&number` tests a bit */
    struct str
        kind_of_person; /* space-separated kind=subtree-rdn, such as "staff=ou=staff citizen=ou=citizens" */
    struct person_map map;
    /* Legal persons; an empty or NULL base: there are none. */
    const char *companies_base, *company_filter;
    const char *company_id;   /* attribute: what becomes `sub` where somebody acts for it */
    const char *company_name; /* attribute; with ;lang-en the English one */
};

#endif
