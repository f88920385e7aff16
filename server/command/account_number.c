/* onedoor account set-number, find-number …: identity numbers, read from standard input and never from an
 * argument. */
#include "server/command/command.h"

#include "authn/identity.h"
#include "directory/company.h"

#include <stdlib.h>
#include <string.h>

#define COMPANY_PREFIX "company:"

/* Whose number it is: a person, or with the prefix a company. */
struct holder {
    struct str uuid, subject;
    enum identity_kind kind;
};

static enum result find_holder(struct provider *p, struct arena *a, struct str name, struct holder *out)
{
    struct person *person;
    struct company *company;
    if (!str_starts(name, STR(COMPANY_PREFIX))) {
        enum result r = person_by_login(p->directory, a, name, &person);
        if (r == RESULT_OK)
            *out = (struct holder){person->uuid, person->subject, IDENTITY_CITIZEN};
        return r;
    }
    enum result r = company_by_id(p->directory, a, str_sub(name, strlen(COMPANY_PREFIX), name.len), &company);
    if (r == RESULT_OK)
        *out = (struct holder){company->uuid, company->id, IDENTITY_COMPANY};
    return r;
}

/* One line of standard input, in the arena that wipes it. */
static struct str read_line(struct arena *a)
{
    char *line = arena_alloc(a, 128);
    if (line == NULL)
        return STR_EMPTY;
    setvbuf(stdin, NULL, _IONBF, 0); /* so that no buffer of the library's keeps it */
    if (fgets(line, 128, stdin) == NULL)
        return STR_EMPTY;
    return str_trim((struct str){line, strcspn(line, "\r\n")});
}

static enum result audit_number(struct provider *p, enum audit_event event, struct str subject)
{
    return audit_write(p->audit, event,
                       &(struct audit_entry){.subject = subject, .detail = STR("by administrator")});
}

static int fail(const char *name, enum result r, const char *why)
{
    return command_fail(name, r, why != NULL ? str_of(why) : STR_EMPTY);
}

int account_set_number(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct holder who;
    const char *why = NULL;
    enum result r = find_holder(p, a, str_of(argv[1]), &who);
    if (r == RESULT_OK)
        r = identity_set(&p->authn, a, who.uuid, who.kind, read_line(a), &why);
    if (r == RESULT_OK)
        r = audit_number(p, AUDIT_IDENTITY_NUMBER_SET, who.subject);
    if (r == RESULT_USED)
        why = "another account has this number";
    return r == RESULT_OK ? EXIT_SUCCESS : fail("account set-number", r, why);
}

/* The number itself says nothing of its kind for certain, so both are tried. */
static enum result find_any(struct provider *p, struct arena *a, struct str number, struct str *uuid,
                            const char **why)
{
    const char *other;
    enum result r = identity_find(&p->authn, a, IDENTITY_CITIZEN, number, uuid, why);
    if (r != RESULT_NOT_FOUND && r != RESULT_REFUSED)
        return r;
    enum result as_company = identity_find(&p->authn, a, IDENTITY_COMPANY, number, uuid, &other);
    return as_company == RESULT_REFUSED ? r : as_company;
}

int account_find_number(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc, (void)argv;
    struct str uuid = STR_EMPTY;
    struct person *person;
    const char *why = NULL;
    enum result r = find_any(p, a, read_line(a), &uuid, &why);
    if (r == RESULT_OK || r == RESULT_NOT_FOUND)
        if (audit_number(p, AUDIT_IDENTITY_NUMBER_SOUGHT, uuid) != RESULT_OK)
            r = RESULT_UNAVAILABLE;
    if (r != RESULT_OK)
        return fail("account find-number", r, r == RESULT_NOT_FOUND ? "no account has this number" : why);
    printf("uuid=" STR_FMT "\n", STR_ARG(uuid));
    r = person_by_uuid(p->directory, a, uuid, &person);
    if (r == RESULT_OK)
        printf("sub=" STR_FMT "\n", STR_ARG(person->subject));
    return r == RESULT_OK || r == RESULT_NOT_FOUND ? EXIT_SUCCESS : fail("account find-number", r, NULL);
}

int account_show_number(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct holder who;
    struct str number;
    enum result r = find_holder(p, a, str_of(argv[1]), &who);
    if (r == RESULT_OK)
        r = identity_open(&p->authn, a, who.uuid, &number);
    if (r == RESULT_OK)
        r = audit_number(p, AUDIT_IDENTITY_NUMBER_SHOWN, who.subject);
    if (r != RESULT_OK)
        return fail("account show-number", r, r == RESULT_NOT_FOUND ? "no number is kept" : NULL);
    printf(STR_FMT "\n", STR_ARG(number));
    return EXIT_SUCCESS;
}

int account_forget_number(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct holder who;
    enum result r = find_holder(p, a, str_of(argv[1]), &who);
    if (r == RESULT_OK)
        r = identity_forget(&p->authn, a, who.uuid);
    if (r == RESULT_OK)
        r = audit_number(p, AUDIT_IDENTITY_NUMBER_FORGOTTEN, who.subject);
    return r == RESULT_OK ? EXIT_SUCCESS : fail("account forget-number", r, NULL);
}
