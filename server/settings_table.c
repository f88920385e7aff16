/* Every setting there is, in the order of the reference that `onedoor check-config --reference` prints. */
#include "server/settings_value.h"

#define ROW(section, name, type, member, fallback, least, most, choices, help)                               \
    {section, name, SETTING_##type, offsetof(struct settings, member), fallback, least, most, choices, help}
#define TEXT(section, name, type, member, fallback, help)                                                    \
    ROW(section, name, type, member, fallback, 0, 0, NULL, help)

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* clang-format off */
const struct setting setting_table[] = {
    TEXT("server", "issuer", ISSUER, provider.issuer, NULL, "The address by which everybody knows this server; all other addresses are built from it."),
    TEXT("server", "listen", LISTEN, listen, "off", "Plain HTTP, for a proxy in front; keep it on loopback."),
    TEXT("server", "listen_tls", LISTEN, listen_tls, "off", "HTTPS."),
    TEXT("server", "management", LISTEN, management, "127.0.0.1:8079", "Health and metrics; keep it from the outside."),
    TEXT("server", "tls_certificate", CSTRING, tls_certificate, "", "PEM file: the certificate, then its chain. Needed with listen_tls."),
    TEXT("server", "tls_key", CSTRING, tls_key, "", "PEM file: its private key."),
    TEXT("server", "trusted_proxies", STRING, trusted_proxies, "", "Addresses whose X-Forwarded-For is believed."),
    TEXT("server", "master_key_file", CSTRING, master_key_file, NULL, "The master key, made by `onedoor make-master-key`; the same on all servers."),
    TEXT("server", "audit_file", CSTRING, audit_file, NULL, "Where security events are appended."),
    ROW("server", "log_level", CHOICE, log_level, "info", 0, 0, "debug info warn error", "The least level that is written to stderr."),
    ROW("server", "log_format", CHOICE, log_format, "logfmt", 0, 0, "logfmt json", "The form of the lines on stderr."),
    ROW("server", "io_threads", NUMBER, io_threads, "2", 1, 64, NULL, "Threads that read requests and answer them, for each listener."),
    ROW("server", "quick_workers", NUMBER, quick_workers, "8", 1, 256, NULL, "Threads for what computes for long or waits for other servers, and for all that waits for Redis while an I/O thread has no connection to it."),
    ROW("server", "dir_workers", NUMBER, dir_workers, "8", 1, 256, NULL, "Threads that wait for the directory, and do what computes for long over it."),
    ROW("server", "tasks", NUMBER, tasks, "64", 1, 1024, NULL, "Requests that an I/O thread has under way at once; of those that may wait for the directory, as many beside them, but no more than dir_workers."),
    ROW("server", "queue", NUMBER, queue, "512", 1, 65536, NULL, "Requests that may wait to be taken up, for each kind of worker, and at each I/O thread; of more, whoever asks most is answered 503."),
    ROW("server", "queue_ms", NUMBER, queue_ms, "2000", 10, 60000, NULL, "How long a request may wait to be taken up, in milliseconds; what would wait longer is answered 503 at once."),
    ROW("server", "connections", NUMBER, connections, "4000", 8, 1000000, NULL, "Most connections of a listener."),
    ROW("server", "connections_per_source", NUMBER, connections_per_source, "1000", 1, 1000000, NULL, "Most connections of one address."),
    ROW("server", "idle_seconds", NUMBER, idle_seconds, "30", 1, 3600, NULL, "A connection without a byte for so long is closed."),
    ROW("server", "request_seconds", NUMBER, request_seconds, "10", 1, 600, NULL, "A request must have arrived whole within this time."),

    TEXT("directory", "uris", STRING, directory.uris, NULL, "LDAP servers, tried in order: ldaps://a ldap://b ldapi://%2Frun%2Fslapd%2Fldapi."),
    TEXT("directory", "start_tls", BOOL, directory.start_tls, "yes", "StartTLS on ldap:// connections; turn off for loopback only."),
    TEXT("directory", "ca_file", CSTRING, directory.ca_file, "", "PEM file that signs the directory's certificate; empty: the system's."),
    TEXT("directory", "bind_dn", CSTRING, directory.bind_dn, NULL, "The server's own account in the directory."),
    TEXT("directory", "bind_password", SECRET, directory.bind_password, NULL, "Its password; write ${file:/path}."),
    ROW("directory", "connect_ms", NUMBER, directory.connect_ms, "1500", 10, 60000, NULL, "Deadline for a new connection, TLS included, in milliseconds."),
    ROW("directory", "operation_ms", NUMBER, directory.operation_ms, "2000", 10, 60000, NULL, "Deadline for one question to the directory, in milliseconds."),
    ROW("directory", "connections", NUMBER, directory.connections, "8", 1, 256, NULL, "Most connections for searches; as many again for password checks."),
    TEXT("directory", "people_base", CSTRING, directory.people_base, NULL, "The subtree in which people are searched."),
    TEXT("directory", "groups_base", CSTRING, directory.groups_base, "", "The subtree of groups; their paths begin below it. Empty: people_base."),
    TEXT("directory", "organisations_base", CSTRING, directory.organisations_base, "", "The subtree of organisations; their paths (330102/D0412) begin below it. Empty: people_base."),
    TEXT("directory", "group_filter", CSTRING, live.group_filter, "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=group))", "What a group or a post is."),
    TEXT("directory", "organisation_filter", CSTRING, live.organisation_filter, "(objectClass=organizationalUnit)", "What an organisation is."),
    ROW("directory", "follow", CHOICE, follow, "sync", 0, 0, "sync poll", "How changes are heard of: sync is RFC 4533 where the directory has it, else as poll; poll asks again and again."),
    ROW("directory", "poll_seconds", NUMBER, live.poll_seconds, "5", 1, 3600, NULL, "How often, where changes are polled for: so late they are seen."),
    ROW("directory", "most_lost_percent", NUMBER, live.most_lost_percent, "20", 1, 100, NULL, "More of the roles, groups, organisations … gone at once is not believed, until `onedoor registry accept-loss`."),
    ROW("directory", "most_leavers", NUMBER, live.most_leavers, "1000", 0, 1000000000, NULL, "More people disabled or gone within a minute are not believed, likewise. 0: without limit."),
    ROW("directory", "known_people", NUMBER, live.known_people, "200000", 1000, 100000000, NULL, "Most people whose account state is kept in memory, some 300 bytes each."),
    TEXT("directory", "registry_base", CSTRING, directory.registry_base, NULL, "Onedoor's own subtree."),
    TEXT("directory", "person_filter", CSTRING, directory.person_filter, "(objectClass=inetOrgPerson)", "What a person is."),
    TEXT("directory", "login_attributes", STRING, directory.login_attributes, "uid mail mobile", "By which of them people may name themselves."),
    TEXT("directory", "disabled_when", STRING, directory.disabled_when, "pwdAccountLockedTime=000001010000Z nsAccountLock=TRUE userAccountControl&2", "An account is disabled when one of these holds."),
    TEXT("directory", "kind_of_person", STRING, directory.kind_of_person, "staff=ou=staff citizen=ou=citizens", "kind=relative name of its subtree, separated by spaces."),
    TEXT("directory", "uuid", CSTRING, directory.map.uuid, "entryUUID", "The attribute that never changes: entryUUID, nsUniqueId, objectGUID."),
    TEXT("directory", "subject", CSTRING, directory.map.subject, "uid", "The attribute that becomes `sub`."),
    TEXT("directory", "display_name", CSTRING, directory.map.display_name, "displayName", "The attribute of the name that is shown."),
    TEXT("directory", "given_name", CSTRING, directory.map.given_name, "givenName", "The attribute of the given name."),
    TEXT("directory", "family_name", CSTRING, directory.map.family_name, "sn", "The attribute of the family name."),
    TEXT("directory", "mail", CSTRING, directory.map.mail, "mail", "The attribute of the mail address."),
    TEXT("directory", "mobile", CSTRING, directory.map.mobile, "mobile", "The attribute of the mobile number."),
    TEXT("directory", "organisation", CSTRING, directory.map.organisation, "departmentNumber", "The attribute of the organisation."),
    TEXT("directory", "identity_level", CSTRING, directory.map.identity_level, "", "The attribute with how well this very person was identified, 1 to 5; it goes before tokens.identity_levels."),
    TEXT("directory", "companies_base", CSTRING, directory.companies_base, "", "The subtree of legal persons, for whom people may act by a mandate; empty: none."),
    TEXT("directory", "company_filter", CSTRING, directory.company_filter, "(objectClass=organization)", "What a legal person is."),
    TEXT("directory", "company_id", CSTRING, directory.company_id, "o", "The attribute that becomes `sub` where somebody acts for it; opaque, no identity number."),
    TEXT("directory", "company_name", CSTRING, directory.company_name, "description", "The attribute of its name that is shown; with ;lang-en the English one."),

    TEXT("redis", "address", STRING, store.address, NULL, "unix:/path/of/socket or host:port."),
    TEXT("redis", "username", CSTRING, store.username, "", "Redis user; empty: the default one."),
    TEXT("redis", "password", SECRET, store.password, "", "Its password; write ${file:/path}."),
    ROW("redis", "database", NUMBER, store.database, "0", 0, 1000, NULL, "Number of the database."),
    ROW("redis", "connect_ms", NUMBER, store.connect_ms, "1000", 10, 60000, NULL, "Deadline for a new connection, in milliseconds."),
    ROW("redis", "operation_ms", NUMBER, store.operation_ms, "1000", 10, 60000, NULL, "Deadline for one command, in milliseconds."),
    TEXT("redis", "prefix", STRING, store.prefix, "od:", "What every key name begins with."),

    ROW("keys", "rotate", SECONDS, keys.rotate_seconds, "90d", HOUR, 3650LL * DAY, NULL, "Signing keys older than this are replaced."),
    ROW("keys", "overlap", SECONDS, keys.overlap_seconds, "1d", MINUTE, 365LL * DAY, NULL, "How long a replaced key still verifies: longer than any token it signed."),

    ROW("sign_in", "transaction", SECONDS, authn.transaction_seconds, "10m", MINUTE, HOUR, NULL, "Time to finish a sign-in."),
    ROW("sign_in", "session_idle", SECONDS, authn.session_idle_seconds, "15m", MINUTE, DAY, NULL, "A session unused for so long is over."),
    ROW("sign_in", "session_absolute", SECONDS, authn.session_absolute_seconds, "10h", MINUTE, 30LL * DAY, NULL, "A session older than this is over."),
    ROW("sign_in", "device", SECONDS, authn.device_seconds, "180d", DAY, 3650LL * DAY, NULL, "How long a browser that signed in counts as known to the account."),
    ROW("sign_in", "account_failures", COUNT, authn.account_failures, "10", 1, 1000, NULL, "Wrong passwords for one account in account_window."),
    ROW("sign_in", "account_window", SECONDS, authn.account_window, "5m", 1, DAY, NULL, "See account_failures."),
    ROW("sign_in", "source_failures", COUNT, authn.source_failures, "50", 1, 1000000, NULL, "Wrong passwords from one address in source_window."),
    ROW("sign_in", "source_window", SECONDS, authn.source_window, "1m", 1, DAY, NULL, "See source_failures."),
    ROW("sign_in", "overall_failures", COUNT, authn.overall_failures, "3000", 1, 100000000, NULL, "Wrong passwords in all in overall_window."),
    ROW("sign_in", "overall_window", SECONDS, authn.overall_window, "1m", 1, DAY, NULL, "See overall_failures."),
    ROW("sign_in", "code_failures", COUNT, authn.code_failures, "5", 1, 100, NULL, "Wrong one-time codes for one account in code_window."),
    ROW("sign_in", "code_window", SECONDS, authn.code_window, "5m", 1, DAY, NULL, "See code_failures."),
    TEXT("sign_in", "totp_issuer", STRING, authn.totp_issuer, "Onedoor", "The name that authenticator apps show."),
    TEXT("sign_in", "require_second_factor", STRING, authn.require_second_factor, "", "Kinds of person who always need a second factor."),

    ROW("tokens", "code", SECONDS, provider.code_seconds, "60", 5, 600, NULL, "Lifetime of an authorization code."),
    ROW("tokens", "access_token", SECONDS, provider.access_token_seconds, "10m", 10, DAY, NULL, "Lifetime of an access token, unless the application has its own."),
    ROW("tokens", "id_token", SECONDS, provider.id_token_seconds, "10m", 10, DAY, NULL, "Lifetime of an ID token."),
    ROW("tokens", "refresh_token", SECONDS, provider.refresh_token_seconds, "30d", MINUTE, 365LL * DAY, NULL, "Lifetime of a refresh token, unless the application has its own."),
    ROW("tokens", "outage_grace", SECONDS, provider.outage_grace_seconds, "10m", 0, DAY, NULL, "With the directory away: how old what it said of a person may be."),
    ROW("tokens", "rights_bytes", COUNT, provider.rights_bytes, "4096", 256, 4096, NULL, "Most bytes of roles, groups, entitlements and data scopes in a token or answer; where there are more, it says where to ask."),
    ROW("tokens", "memory_megabytes", NUMBER, near_megabytes, "32", 0, 65536, NULL, "Memory for answers of introspection, given without asking Redis while it says that nothing has changed; some 250 bytes a token. 0: none."),
    TEXT("tokens", "identity_levels", STRING, provider.identity_levels, "staff=4 citizen=3", "kind=level, 1 to 5: how well people of a kind were identified, unless directory.identity_level says it of themselves."),

    TEXT("backchannel", "ca_file", CSTRING, backchannel.ca_file, "", "PEM file that signs the certificates of applications' logout addresses; empty: the system's."),
    TEXT("backchannel", "allow_private", BOOL, backchannel.allow_private, "no", "Whether logout addresses may lead to private networks and to this machine."),
    ROW("backchannel", "connect_ms", NUMBER, backchannel.connect_ms, "3000", 10, 60000, NULL, "Deadline for a connection to an application, TLS included, in milliseconds."),
    ROW("backchannel", "request_ms", NUMBER, backchannel.request_ms, "10000", 10, 120000, NULL, "Deadline for telling an application, connection included, in milliseconds."),
    ROW("backchannel", "give_up", SECONDS, authn.logout_give_up_seconds, "1d", MINUTE, 30LL * DAY, NULL, "How long an application that does not answer is tried again after a sign-out."),
    ROW("backchannel", "queue", COUNT, authn.logout_queue, "100000", 1, 10000000, NULL, "Most logout tokens that wait; beyond it sessions end without telling their applications."),

    TEXT("admin", "second_person", STRING, provider.second_person, "default", "Kinds of change, such as application.remove, that a second administrator must approve; none; default: administrator.assign."),
    ROW("admin", "waiting", SECONDS, provider.waiting_seconds, "7d", MINUTE, 365LL * DAY, NULL, "How long a change waits for the second administrator."),

    TEXT("pages", "place_name", STRING, provider.place_name, "Onedoor", "Name of the city or county, in English."),
    TEXT("pages", "place_name_zh", STRING, provider.place_name_zh, "一扇门", "The same in Chinese."),
    TEXT("pages", "help_phone", STRING, provider.help_phone, "", "Telephone number for help, shown on pages."),
};
/* clang-format on */

const size_t setting_count = sizeof setting_table / sizeof setting_table[0];

const struct gone_setting gone_settings[] = {
    {"directory", "member_of", "who is in a group is read from the groups"},
    {"redis", "connections", "everything shares a few connections"},
};
const size_t gone_setting_count = sizeof gone_settings / sizeof gone_settings[0];
