/* onedoor account: a person's second factor, sessions and identity number, for the counter that helps them. */
#include "server/command/command.h"

#include "authn/account.h"
#include "authn/totp.h"

#include <stdlib.h>

static enum result person_named(struct provider *p, struct arena *a, const char *name, struct person **who)
{
    return person_by_login(p->directory, a, str_of(name), who);
}

static int account_show(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct person *who = NULL;
    struct account account;
    enum result r = person_named(p, a, argv[1], &who);
    if (r == RESULT_OK)
        r = account_read(&p->authn, a, who->uuid, &account);
    if (r != RESULT_OK)
        return command_fail("account show", r, STR_EMPTY);
    printf("sub=" STR_FMT "\nkind=" STR_FMT "\ndisabled=%s\nsecond-factor=%s\nrecovery-codes-left=%zu\n",
           STR_ARG(who->subject), STR_ARG(who->kind), who->disabled ? "yes" : "no",
           account.has_totp ? "totp" : "none", account.recovery_codes_left);
    for (size_t i = 0; i < account.consent_count; i++)
        printf("consent=" STR_FMT " " STR_FMT "\n", STR_ARG(account.consents[i].client_id),
               STR_ARG(account.consents[i].scope));
    return EXIT_SUCCESS;
}

static enum result audit_factor(struct provider *p, enum audit_event event, const struct person *who)
{
    return audit_write(p->audit, event,
                       &(struct audit_entry){.subject = who->subject, .detail = STR("by administrator")});
}

static int account_enrol(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct person *who = NULL;
    struct account account;
    struct str seed, codes[RECOVERY_CODES];
    enum result r = person_named(p, a, argv[1], &who);
    if (r == RESULT_OK)
        r = account_read(&p->authn, a, who->uuid, &account);
    if (r == RESULT_OK && account.has_totp)
        return command_fail("account enrol-totp", RESULT_REFUSED, STR("has one already; remove-totp first"));
    if (r == RESULT_OK && !totp_seed_make(a, &seed))
        r = RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = account_enrol_totp(&p->authn, a, &account, seed, codes);
    if (r == RESULT_OK)
        r = audit_factor(p, AUDIT_FACTOR_ENROLLED, who);
    if (r != RESULT_OK)
        return command_fail("account enrol-totp", r, STR_EMPTY);
    struct str text = totp_base32(a, seed),
               uri = totp_uri(a, p->authn.config.totp_issuer, who->subject, seed);
    printf("totp_secret=" STR_FMT "\nuri=" STR_FMT "\n", STR_ARG(text), STR_ARG(uri));
    for (int i = 0; i < RECOVERY_CODES; i++)
        printf("recovery_code=" STR_FMT "\n", STR_ARG(codes[i]));
    return EXIT_SUCCESS;
}

static int account_remove(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct person *who = NULL;
    enum result r = person_named(p, a, argv[1], &who);
    if (r == RESULT_OK)
        r = account_remove_totp(&p->authn, a, who->uuid);
    if (r == RESULT_OK)
        r = audit_factor(p, AUDIT_FACTOR_REMOVED, who);
    return r == RESULT_OK ? EXIT_SUCCESS : command_fail("account remove-totp", r, STR_EMPTY);
}

int command_account(const char *config, int argc, char **argv)
{
    static const struct action actions[] = {{"show", 1, account_show},
                                            {"enrol-totp", 1, account_enrol},
                                            {"remove-totp", 1, account_remove},
                                            {"sign-out", 1, account_sign_out},
                                            {"set-number", 1, account_set_number},
                                            {"find-number", 0, account_find_number},
                                            {"show-number", 1, account_show_number},
                                            {"forget-number", 1, account_forget_number}};
    return command_run_action(config, argc, argv, actions, sizeof actions / sizeof actions[0]);
}
