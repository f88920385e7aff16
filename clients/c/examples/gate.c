/*
 * A gate for an application's tokens: reads questions from the standard input, one a line, and answers each
 * with a line of JSON.
 *
 *   verify TOKEN                            by the issuer's keys, here
 *   introspect TOKEN                        by asking the server
 *   decide SUBJECT ACTION TYPE ID [TOKEN]   may the subject, who came with the token, do this to that?
 *   all SUBJECT TYPE ID ACTION...           several at once: all of them allowed?
 *
 *   cc gate.c $(pkg-config --cflags --libs onedoor-client) -o gate
 *   ONEDOOR_ISSUER=https://sso.city.example ONEDOOR_CLIENT_ID=records ONEDOOR_CLIENT_SECRET=... ./gate
 */
#include <onedoor/client.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 16 };

static void tell(void *context, const char *event, const char *detail)
{
    (void)context;
    fprintf(stderr, "gate: %s: %s\n", event, detail);
}

/* What a web application answers: 401 when the token is refused, 503 when nobody knows. */
static void fail(enum onedoor_error e)
{
    printf("{\"status\":%d,\"error\":%d,\"text\":\"%s\"}\n", onedoor_refused(e) ? 401 : 503, (int)e,
           onedoor_error_text(e));
}

static void check(struct onedoor_client *client, const char *token, bool here)
{
    struct onedoor_claims *claims;
    enum onedoor_error e =
        here ? onedoor_verify(client, token, &claims) : onedoor_introspect(client, token, &claims);
    if (e == ONEDOOR_OK)
        printf("{\"status\":200,\"may_read\":%s,\"claims\":%s}\n",
               onedoor_claims_has_scope(claims, "records:read") ? "true" : "false",
               onedoor_claims_json(claims));
    else
        fail(e);
    onedoor_claims_free(claims);
}

static void decide(struct onedoor_client *client, char *const word[], size_t count)
{
    const struct onedoor_question question = {.size = sizeof question,
                                              .subject_id = word[1],
                                              .action = word[2],
                                              .resource_type = word[3],
                                              .resource_id = word[4],
                                              .access_token = count > 5 ? word[5] : NULL};
    struct onedoor_decision *decision;
    enum onedoor_error e = onedoor_decide(client, &question, &decision);
    if (e == ONEDOOR_OK)
        printf("{\"status\":%d,\"context\":%s}\n", onedoor_decision_allows(decision) ? 200 : 403,
               onedoor_decision_context(decision));
    else
        fail(e);
    onedoor_decision_free(decision);
}

static void decide_all(struct onedoor_client *client, char *const word[], size_t count)
{
    struct onedoor_question questions[WORDS_MAX] = {{0}};
    struct onedoor_decision *decisions[WORDS_MAX];
    size_t n = count - 4, allowed = 0;
    for (size_t i = 0; i < n; i++)
        questions[i] = (struct onedoor_question){.size = sizeof questions[i],
                                                 .subject_id = word[1],
                                                 .action = word[4 + i],
                                                 .resource_type = word[2],
                                                 .resource_id = word[3]};
    enum onedoor_error e = onedoor_decide_many(client, questions, n, ONEDOOR_EXECUTE_ALL, decisions);
    for (size_t i = 0; i < n; i++) {
        allowed += onedoor_decision_allows(decisions[i]);
        onedoor_decision_free(decisions[i]);
    }
    if (e == ONEDOOR_OK)
        printf("{\"status\":%d,\"allowed\":%zu,\"of\":%zu}\n", allowed == n ? 200 : 403, allowed, n);
    else
        fail(e);
}

static void answer(struct onedoor_client *client, char *const word[], size_t count)
{
    if (count == 2 && strcmp(word[0], "verify") == 0)
        check(client, word[1], true);
    else if (count == 2 && strcmp(word[0], "introspect") == 0)
        check(client, word[1], false);
    else if (count >= 5 && strcmp(word[0], "decide") == 0)
        decide(client, word, count);
    else if (count >= 5 && strcmp(word[0], "all") == 0)
        decide_all(client, word, count);
    else
        puts("{\"status\":400}");
    fflush(stdout);
}

static void serve(struct onedoor_client *client)
{
    char *line = NULL, *rest;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        char *word[WORDS_MAX];
        size_t count = 0;
        for (char *w = strtok_r(line, " \n", &rest); w && count < WORDS_MAX; w = strtok_r(NULL, " \n", &rest))
            word[count++] = w;
        if (count > 0)
            answer(client, word, count);
    }
    free(line);
}

int main(void)
{
    struct onedoor_options options;
    struct onedoor_client *client;
    onedoor_options_init(&options, sizeof options);
    options.ca_file = getenv("ONEDOOR_CA_FILE");
    options.audience = getenv("ONEDOOR_AUDIENCE");
    options.log = tell;
    enum onedoor_error e = onedoor_open(getenv("ONEDOOR_ISSUER"), getenv("ONEDOOR_CLIENT_ID"),
                                        getenv("ONEDOOR_CLIENT_SECRET"), &options, &client);
    if (e != ONEDOOR_OK) {
        fprintf(stderr, "gate: ONEDOOR_ISSUER and ONEDOOR_CLIENT_ID: %s\n", onedoor_error_text(e));
        return 1;
    }
    serve(client);
    onedoor_close(client);
    return 0;
}
