/* A slapd of a test's own with the sample city: private folder, loopback port, and every way of going away.
 */
#ifndef ONEDOOR_TESTS_SLAPD_H
#define ONEDOOR_TESTS_SLAPD_H

#include "directory/config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ldap.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CITY     "dc=city,dc=example"
#define REGISTRY "ou=registry," CITY
#define SERVICE  "cn=onedoor,ou=services," CITY

struct slapd {
    char folder[64];
    char socket_uri[160], tcp_uri[64], tls_uri[64]; /* ldapi, ldap and, once there is a certificate, ldaps */
    struct secret *service_password;
    pid_t pid; /* 0: not running */
};

struct sample_person {
    char uid[32], mail[64], password[32];
};

static inline void slapd_say(const char *what)
{
    fprintf(stderr, "slapd: %s failed\n", what);
    abort();
}

static inline void slapd_shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void slapd_shell(const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (system(line) != 0)
        slapd_say(line);
}

/* A loopback port that is free now. */
static inline int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        slapd_say("free port");
    close(fd);
    return ntohs(address.sin_port);
}

/* A handle for the test's own questions; NULL when nobody answers. */
static inline LDAP *slapd_bind(const struct slapd *s, const char *dn, struct str password)
{
    LDAP *ld = NULL;
    int version = LDAP_VERSION3;
    struct berval secret = {.bv_len = password.len, .bv_val = (char *)password.p};
    if (ldap_initialize(&ld, s->socket_uri) != LDAP_SUCCESS)
        return NULL;
    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
    if (ldap_sasl_bind_s(ld, dn, LDAP_SASL_SIMPLE, &secret, NULL, NULL, NULL) == LDAP_SUCCESS)
        return ld;
    ldap_unbind_ext(ld, NULL, NULL);
    return NULL;
}

static inline LDAP *slapd_as_service(const struct slapd *s)
{
    LDAP *ld = slapd_bind(s, SERVICE, secret_str(s->service_password));
    if (!ld)
        slapd_say("the service's bind");
    return ld;
}

static inline LDAP *slapd_as_admin(const struct slapd *s)
{
    char path[128];
    const char *why = NULL;
    snprintf(path, sizeof path, "%s/admin.password", s->folder);
    struct secret *password = secret_read_file(path, &why);
    LDAP *ld = password ? slapd_bind(s, "cn=admin," CITY, secret_str(password)) : NULL;
    secret_free(password);
    if (!ld)
        slapd_say("the administrator's bind");
    return ld;
}

static inline void slapd_wait(const struct slapd *s)
{
    for (int i = 0; i < 1000; i++, usleep(10000)) {
        LDAP *ld = slapd_bind(s, "", STR_EMPTY);
        if (ld) {
            ldap_unbind_ext(ld, NULL, NULL);
            return;
        }
    }
    slapd_say("start");
}

/* Starts it over the data that the folder holds; `with_tls` needs slapd_show (slapd_tls.h) before. */
static inline void slapd_run(struct slapd *s, bool with_tls)
{
    char config[128], listen_on[320];
    snprintf(config, sizeof config, "%s/slapd.d", s->folder);
    snprintf(listen_on, sizeof listen_on, "%s %s %s", s->socket_uri, s->tcp_uri, with_tls ? s->tls_uri : "");
    s->pid = fork();
    if (s->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
        int quiet = open("/dev/null", O_WRONLY);
        dup2(quiet, STDERR_FILENO);
        execlp("slapd", "slapd", "-d", "0", "-F", config, "-h", listen_on, (char *)NULL);
        _exit(127);
    }
    slapd_wait(s);
}

/* A folder with the configuration and the sample city; nothing runs yet. */
static inline void slapd_make(struct slapd *s)
{
    *s = (struct slapd){0};
    strcpy(s->folder, "/tmp/onedoor-slapd-XXXXXX");
    if (!mkdtemp(s->folder))
        slapd_say("mkdtemp");
    slapd_shell("directory/openldap/setup.sh %s >%s/setup.log 2>&1 || { cat %s/setup.log >&2; false; }",
                s->folder, s->folder, s->folder);
    snprintf(s->socket_uri, sizeof s->socket_uri, "ldapi://%%2Ftmp%%2F%s%%2Fldapi",
             s->folder + strlen("/tmp/"));
    snprintf(s->tcp_uri, sizeof s->tcp_uri, "ldap://127.0.0.1:%d/", free_port());
    snprintf(s->tls_uri, sizeof s->tls_uri, "ldaps://127.0.0.1:%d/", free_port());
    char path[128];
    const char *why = NULL;
    snprintf(path, sizeof path, "%s/service.password", s->folder);
    s->service_password = secret_read_file(path, &why);
    if (!s->service_password)
        slapd_say(why);
}

static inline void slapd_start(struct slapd *s)
{
    slapd_make(s);
    slapd_run(s, false);
}

static inline void slapd_end(struct slapd *s, int signal_number)
{
    if (s->pid == 0)
        return;
    kill(s->pid, signal_number);
    kill(s->pid, SIGCONT);
    waitpid(s->pid, NULL, 0);
    s->pid = 0;
}

static inline void slapd_kill(struct slapd *s)
{
    slapd_end(s, SIGKILL);
}

static inline void slapd_freeze(struct slapd *s)
{
    kill(s->pid, SIGSTOP);
    waitpid(s->pid, NULL, WUNTRACED);
}

static inline void slapd_thaw(struct slapd *s)
{
    kill(s->pid, SIGCONT);
}

static inline void slapd_remove(struct slapd *s)
{
    slapd_kill(s);
    secret_free(s->service_password);
    slapd_shell("rm -rf %s", s->folder);
}

/* The sample person of that tag (citizen, staff, disabled …) or uid. */
static inline struct sample_person slapd_person(const struct slapd *s, const char *who)
{
    char path[128], line[256], tag[32];
    struct sample_person p;
    snprintf(path, sizeof path, "%s/people.tsv", s->folder);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        if (sscanf(line, "%31s %31s %63s %31s", tag, p.uid, p.mail, p.password) != 4)
            continue;
        if (strcmp(tag, who) == 0 || strcmp(p.uid, who) == 0) {
            fclose(f);
            return p;
        }
    }
    slapd_say(who);
    abort();
}

/* The settings of a server in front of it, on its UNIX socket. Its URIs must stay. */
static inline struct directory_config slapd_config(const struct slapd *s)
{
    return (struct directory_config){
        .uris = str_of(s->socket_uri),
        .bind_dn = SERVICE,
        .bind_password = s->service_password,
        .connect_ms = 1000,
        .operation_ms = 2000,
        .connections = 4,
        .people_base = CITY,
        .registry_base = REGISTRY,
        .groups_base = CITY,
        .organisations_base = "ou=orgs," CITY,
        .person_filter = "(objectClass=inetOrgPerson)",
        .login_attributes = STR("uid mail mobile"),
        .disabled_when = STR("pwdAccountLockedTime=000001010000Z nsAccountLock=TRUE userAccountControl&2"),
        .kind_of_person = STR("staff=ou=staff citizen=ou=citizens"),
        .map = {.uuid = "entryUUID",
                .subject = "uid",
                .display_name = "displayName",
                .given_name = "givenName",
                .family_name = "sn",
                .mail = "mail",
                .mobile = "mobile",
                .organisation = "departmentNumber"},
        .companies_base = "ou=legal," CITY,
        .company_filter = "(objectClass=organization)",
        .company_id = "o",
        .company_name = "description",
    };
}

/* Sets (or, with NULL, removes) an attribute of an entry as the directory's administrator would. */
static inline void slapd_set(const struct slapd *s, const char *dn, const char *name, const char *value)
{
    LDAP *admin = slapd_as_admin(s);
    char *values[] = {(char *)value, NULL};
    LDAPMod mod = {.mod_op = LDAP_MOD_REPLACE, .mod_type = (char *)name};
    mod.mod_values = value ? values : NULL;
    LDAPMod *mods[] = {&mod, NULL};
    if (ldap_modify_ext_s(admin, dn, mods, NULL, NULL) != LDAP_SUCCESS)
        slapd_say(dn);
    ldap_unbind_ext(admin, NULL, NULL);
}

/* The first value that `ld` may read, into `out`; false when it may not, or there is none. */
static inline bool slapd_get(LDAP *ld, const char *dn, const char *name, char *out, size_t size)
{
    char *names[] = {(char *)name, NULL};
    LDAPMessage *reply = NULL;
    int code =
        ldap_search_ext_s(ld, dn, LDAP_SCOPE_BASE, "(objectClass=*)", names, 0, NULL, NULL, NULL, 0, &reply);
    LDAPMessage *entry = code == LDAP_SUCCESS ? ldap_first_entry(ld, reply) : NULL;
    struct berval **values = entry ? ldap_get_values_len(ld, entry, name) : NULL;
    bool found = values && values[0];
    if (found)
        snprintf(out, size, "%.*s", (int)values[0]->bv_len, values[0]->bv_val);
    ldap_value_free_len(values);
    ldap_msgfree(reply);
    return found;
}

#endif
