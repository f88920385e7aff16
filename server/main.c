/* onedoor: one command, its subcommands in one table. */
#include "server/command/command.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_CONFIG "/etc/onedoor/onedoor.conf"

static const struct command commands[] = {
    {"serve", "run the server",
     "usage: onedoor [--config FILE] serve\n\n"
     "Runs in the foreground and logs to stderr. SIGTERM and SIGINT finish what runs and end it; SIGHUP reads the\n"
     "settings anew (bad ones are refused, the old ones stay) and opens the audit log again.\n",
     command_serve},
    {"check-config", "check the settings, or print all of them",
     "usage: onedoor [--config FILE] check-config [--reference]\n\n"
     "Without an option: reads the settings as `serve` would; every error names file, line and what is accepted.\n"
     "  --reference   print every setting with its default and what it accepts\n",
     command_check_config},
    {"app", "list, show, add, change and remove applications",
     "usage: onedoor [--config FILE] app ACTION ...\n\n"
     "  list                      client_id, name and authentication method of each\n"
     "  show ID                   all settings of one\n"
     "  add ID NAME=VALUE ...     register one; prints its generated secret, once\n"
     "  set ID NAME=VALUE ...     change settings; NAME= removes one\n"
     "  secret ID [--drop-old]    a new secret beside the old one; then drop the old one\n"
     "  remove ID                 remove it; its tokens are inactive at once\n\n"
     "Settings (those marked * may repeat):\n"
     "  name name-zh description description-zh contact policy-uri home-uri\n"
     "  redirect-uri* post-logout-redirect-uri*   exact https addresses; http on loopback only\n"
     "  grant*        authorization_code, refresh_token, client_credentials\n"
     "  scope*        openid, profile, email, phone, organisation, groups, roles, offline_access\n"
     "  method        client_secret_basic, client_secret_post, none\n"
     "  acr           low, substantial: the least sign-in strength   identity  1 to 5: the least identity level\n"
     "  token-format  jwt, opaque        access-token-alg, id-token-alg  ES256, RS256\n"
     "  access-token-seconds, refresh-token-seconds\n"
     "  resource*     identifiers by which tokens for it are asked   may-request*  those it may ask for\n"
     "  consent       required, never    person-kind*  staff, citizen   allowed-group*  DN\n"
     "  introspection, disabled, trusted-properties, mandates, forward-auth   TRUE, FALSE\n"
     "  permission*   type:action [acr=substantial] [identity=3]   resource-type*  TYPE [owner=PROPERTY] ...\n"
     "  backchannel-logout-uri   https address\n",
     command_app},
    {"admin", "appoint and dismiss administrators",
     "usage: onedoor [--config FILE] admin grant ROLE NAME [ORGANISATION ...]\n"
     "       onedoor [--config FILE] admin withdraw ROLE NAME\n"
     "       onedoor [--config FILE] admin list\n\n"
     "Roles: system-administrator, security-administrator and audit-administrator, of which nobody can hold two, and\n"
     "department-administrator, who reaches the organisations that are named (330102/D0412), else the person's own,\n"
     "and all below them. Administrators work at /admin of the server's address and need a second factor.\n",
     command_admin},
    {"account", "a person's second factor, sessions and identity number",
     "usage: onedoor [--config FILE] account ACTION [NAME]\n\n"
     "  show NAME          what Onedoor keeps about the person\n"
     "  enrol-totp NAME    set a TOTP seed and recovery codes, printed once\n"
     "  remove-totp NAME   remove the second factor, after a lost phone\n"
     "  sign-out NAME      end all sessions of the person; their applications are told. What an application may\n"
     "                     do while the person is away (offline_access) it may still do\n"
     "  set-number NAME    keep the identity number that is read from standard input, sealed\n"
     "  find-number        which account has the number that is read from standard input\n"
     "  show-number NAME   print the number, for whom the law gives a copy\n"
     "  forget-number NAME remove it; no account needs one\n\n"
     "NAME is what a person signs in with; for numbers also company:ID.\n",
     command_account},
    {"mandate", "who may act for whom",
     "usage: onedoor [--config FILE] mandate ACTION ...\n\n"
     "  list [NAME]        all, or those that NAME gave and holds\n"
     "  show ID            one with its history\n"
     "  grant KIND FOR AGENT until=2027-12-31 [application=ID ...] [permission=TYPE:ACTION ...]\n"
     "                     [confirmed] [representative]\n"
     "  end ID             ends it; what was issued by it is inactive within a second\n\n"
     "KIND is company, guardian or deputy; FOR and AGENT are what people sign in with, a company is company:ID.\n"
     "Without application: all that take mandates; without permission: all that they declare, and for a deputy all\n"
     "that the represented may. `confirmed` when the agent has agreed already; `representative` gives a company's\n"
     "agent the right to appoint others on the page /mandates, and nothing else.\n",
     command_mandate},
    {"keys", "list and rotate the signing keys",
     "usage: onedoor [--config FILE] keys list\n"
     "       onedoor [--config FILE] keys rotate [ES256|RS256]\n\n"
     "Running servers follow within ten seconds; the old key verifies until its tokens have expired.\n",
     command_keys},
    {"registry", "prepare and check Onedoor's part of the directory",
     "usage: onedoor [--config FILE] registry ACTION\n\n"
     "  prepare       make the branches that are missing below registry_base; load the schema first\n"
     "                (directory/README.md)\n"
     "  check         name every entry that is not valid and what would be right, everybody who holds roles that\n"
     "                exclude each other, and holders who are nobody; exit status 1 when something is wrong\n"
     "  accept-loss   tell all servers that what they did not believe is true: many roles, groups or people gone\n"
     "                at once (settings most_lost_percent and most_leavers)\n",
     command_registry},
    {"explain", "say why somebody may do something, or why not",
     "usage: onedoor [--config FILE] explain USER APP PERMISSION [NAME=VALUE ...]\n\n"
     "USER as they type it when they sign in, or their `sub`; APP a client_id; PERMISSION such as case:approve.\n"
     "  resource=ID         which one; one that the registry knows brings its owner and organisation\n"
     "  owner=SUB organisation=PATH   of a resource that it does not know\n"
     "  acr=low|substantial|high      how they signed in\n"
     "  identity=1..5       how well they are identified; otherwise by their kind\n"
     "  mandate=ID          in whose name: USER is the agent\n\n"
     "Exit status: 0 allowed, 1 denied, 2 usage, 3 nothing is known (the directory does not answer).\n",
     command_explain},
    {"make-master-key", "make the master key file",
     "usage: onedoor make-master-key FILE\n\nMakes FILE (mode 0600) with a random key; never overwrites. All servers "
     "need the same one.\n",
     command_make_master_key},
    {"local-ca", "make a local certificate authority, for trying things",
     "usage: onedoor local-ca FOLDER NAME...\n\nMakes ca.pem, ca.key, server.pem and server.key for the names.\n",
     command_local_ca},
};

static void print_help(FILE *out)
{
    fputs("usage: onedoor [--config FILE] COMMAND ...\n\nOne sign-in for local e-government. Commands:\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(out, "  %-16s %s\n", commands[i].name, commands[i].summary);
    fputs("  help COMMAND     what a command takes\n\n"
          "  --config FILE    the settings; default " DEFAULT_CONFIG "\n"
          "  --version        print the version\n",
          out);
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    fprintf(stderr, "onedoor: there is no command `%s`; see `onedoor --help`\n", name);
    return NULL;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static int help(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stdout);
        return EXIT_SUCCESS;
    }
    const struct command *c = find_command(argv[1]);
    if (c != NULL)
        fputs(c->help, stdout);
    return c != NULL ? EXIT_SUCCESS : EXIT_USAGE;
}

int main(int argc, char **argv)
{
    const char *config = DEFAULT_CONFIG;
    int at = 1;
    if (argc > 2 && (strcmp(argv[1], "--config") == 0 || strcmp(argv[1], "-c") == 0)) {
        config = argv[2];
        at = 3;
    }
    if (at >= argc) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[at], "--version") == 0) {
        puts("onedoor " ONEDOOR_VERSION);
        return EXIT_SUCCESS;
    }
    if (strcmp(argv[at], "help") == 0 || strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0)
        return help(argc - at, argv + at);
    const struct command *c = find_command(argv[at]);
    if (c == NULL)
        return EXIT_USAGE;
    if (wants_help(argc - at, argv + at)) {
        fputs(c->help, stdout);
        return EXIT_SUCCESS;
    }
    return c->run(config, argc - at, argv + at);
}
