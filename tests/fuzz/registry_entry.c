/*
 * Entries of any shape, as text: "r" or "g" for the feed, a line with the DN, "attribute: value" lines, an
 * empty line. They are compiled, and what stands fast must go on standing fast: anna may read, eve may not.
 */
#include "directory/model/content.h"
#include "server/base/log.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ATTRIBUTES = 16, VALUES = 16 };

static const char fixed[] =
    "r\nonedoorClientId=fixed,ou=applications,ou=registry,dc=city\nobjectClass: onedoorApplication\n"
    "onedoorClientId: fixed\nonedoorPermission: case:read\n\n"
    "r\ncn=reader,ou=fixed,ou=roles,ou=registry,dc=city\nobjectClass: onedoorRole\nonedoorClientId: fixed\n"
    "onedoorPermission: case:read\nmember: uid=anna,dc=city\nonedoorDataScope: all\n\n";

static void add(struct entry *e, struct str name, struct str value, struct arena *a)
{
    const char *z = arena_cstr(a, name);
    struct attribute *at = z ? (struct attribute *)(uintptr_t)entry_attribute(e, z) : NULL;
    if (!z || (!at && e->count == ATTRIBUTES))
        return;
    if (!at) {
        at = &e->attributes[e->count++];
        *at = (struct attribute){z, arena_alloc(a, VALUES * sizeof(struct str)), 0};
    }
    if (at->values && at->count < VALUES)
        at->values[at->count++] = value;
}

/* False at the end of the text. */
static bool put_one(struct content *c, struct arena *a, struct str *text, bool ours)
{
    struct str feed, line, name;
    struct entry e = {.attributes = arena_alloc(a, ATTRIBUTES * sizeof *e.attributes)};
    if (!e.attributes || !str_cut(text, '\n', &feed) || !str_cut(text, '\n', &e.dn))
        return false;
    while (str_cut(text, '\n', &line) && line.len > 0) {
        str_cut(&line, ':', &name);
        add(&e, name, str_trim(line), a);
    }
    enum content_source from = str_starts(feed, STR("g")) ? CONTENT_GROUPS : CONTENT_REGISTRY;
    struct str uuid = ours ? e.dn : arena_join(a, (struct str[]){STR("fuzz "), e.dn}, 2);
    if (content_put(c, from, uuid, &e) != RESULT_OK && !arena_failed(a))
        abort();
    return true;
}

static enum decision_reason ask(const struct model *m, const char *uid, const char *client, const char *type)
{
    struct subject s = {.id = str_of(uid), .organisations = STR("330102/D0412")};
    if (!dn_key_of(strcmp(uid, "anna") == 0 ? STR("uid=anna,dc=city") : STR("uid=eve,dc=evil"), &s.dn))
        abort();
    struct evaluation q = {.client_id = str_of(client),
                           .resource_type = str_of(type),
                           .action = STR("read"),
                           .subject = &s,
                           .level = AUTHN_HIGH,
                           .identity_level = 5,
                           .now = 1795478400};
    struct decision d;
    model_decide(m, &q, &d);
    return d.reason;
}

static void check(struct content *c, struct arena *a, struct str text)
{
    struct model *m = content_compile(c);
    struct subject s = {.id = STR("anna")};
    struct rights r;
    struct words groups;
    if (!m || !dn_key_of(STR("uid=anna,dc=city"), &s.dn))
        abort();
    enum decision_reason anna = ask(m, "anna", "fixed", "case");
    /* The text may take it from her only by saying something of that application, or of her. */
    if (anna != REASON_ALLOWED && !memmem(text.p, text.len, "fixed", 5))
        abort();
    if (ask(m, "eve", "fixed", "case") == REASON_ALLOWED && !memmem(text.p, text.len, "fixed", 5))
        abort();
    if (!model_rights(m, a, STR("fixed"), &s, NULL, 1795478400, &r) || !model_groups(m, a, &s, &groups))
        abort();
    model_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct content_config config = {.registry_base = "ou=registry,dc=city",
                                                 .organisations_base = "ou=orgs,dc=city",
                                                 .groups_base = "dc=city",
                                                 .most_lost_percent = 30};
    log_setup(LOG_LEVEL_ERROR, LOG_FORMAT_LOGFMT);
    struct arena *a = arena_new(64 << 20);
    struct content *c = content_new(&config);
    struct str ours = STR(fixed), text = {(const char *)data, size}, rest = text, why;
    if (!a || !c)
        abort();
    while (put_one(c, a, &ours, true))
        ;
    while (put_one(c, a, &rest, false))
        ;
    check(c, a, text);
    content_refresh_begin(c, CONTENT_GROUPS);
    content_refresh_end(c, CONTENT_GROUPS);
    (void)!content_judge(c, a, &why);
    content_free(c);
    arena_free(a);
    return 0;
}
