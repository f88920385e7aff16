/* A small city for tests of the model, written down as text: one entry a call, "attribute: value" a line. */
#ifndef ONEDOOR_TESTS_MODEL_CITY_H
#define ONEDOOR_TESTS_MODEL_CITY_H

#include "directory/model/content.h"
#include "directory/model/grammar.h"
#include "directory/model/mandate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CITY_DN "dc=city,dc=example"

enum { CITY_NOW = 1795478400, CITY_ATTRIBUTES = 24, CITY_VALUES = 64 };

static struct content *city;
static struct arena *city_arena;
static struct model *city_model;

static inline struct content_config city_config(void)
{
    return (struct content_config){.registry_base = "ou=registry," CITY_DN,
                                   .organisations_base = "ou=orgs," CITY_DN,
                                   .groups_base = CITY_DN,
                                   .most_lost_percent = 30};
}

/* Adds the value to the attribute of that name, made if it is new. */
static inline void city_value(struct entry *e, struct str name, struct str value)
{
    const char *z = arena_cstr(city_arena, name);
    struct attribute *at = NULL;
    for (size_t i = 0; i < e->count; i++)
        if (strcmp(e->attributes[i].name, z) == 0)
            at = &e->attributes[i];
    if (!at) {
        at = &e->attributes[e->count++];
        *at = (struct attribute){z, arena_alloc(city_arena, CITY_VALUES * sizeof(struct str)), 0};
    }
    at->values[at->count++] = arena_copy(city_arena, value);
}

/* "dn-below-the-city\nattribute: value\n…"; `@` in a value that ends with it stands for the city's DN. */
static inline struct entry city_entry(const char *text)
{
    struct str rest = str_of(text), line, name;
    struct entry e = {.attributes = arena_alloc(city_arena, CITY_ATTRIBUTES * sizeof(struct attribute))};
    str_cut(&rest, '\n', &line);
    e.dn = arena_join(city_arena, (struct str[]){line, STR("," CITY_DN)}, 2);
    while (str_cut(&rest, '\n', &line)) {
        str_cut(&line, ':', &name);
        line = str_trim(line);
        if (str_ends(line, STR("@")))
            line = arena_join(city_arena, (struct str[]){str_sub(line, 0, line.len - 1), STR(CITY_DN)}, 2);
        city_value(&e, name, line);
    }
    return e;
}

static inline void city_put_as(const char *uuid, const char *text)
{
    struct entry e = city_entry(text);
    bool registry = str_ends(e.dn, STR("ou=registry," CITY_DN));
    assert_int_equal(content_put(city, registry ? CONTENT_REGISTRY : CONTENT_GROUPS, str_of(uuid), &e),
                     RESULT_OK);
}

/* Under its DN as the uuid. */
static inline void city_put(const char *text)
{
    struct entry e = city_entry(text);
    city_put_as(arena_cstr(city_arena, e.dn), text);
}

static inline void city_drop(const char *dn)
{
    struct str uuid = arena_join(city_arena, (struct str[]){str_of(dn), STR("," CITY_DN)}, 2);
    content_drop(city, CONTENT_REGISTRY, uuid);
    content_drop(city, CONTENT_GROUPS, uuid);
}

static inline const struct model *city_compile(void)
{
    model_free(city_model);
    city_model = content_compile(city);
    assert_non_null(city_model);
    return city_model;
}

static inline struct subject city_person(const char *uid, const char *organisations)
{
    struct person p = {.subject = str_of(uid),
                       .uuid = str_of(uid),
                       .mail = arena_printf(city_arena, "%s@city.example", uid),
                       .organisations = str_of(organisations)};
    struct subject s;
    p.dn = arena_printf(city_arena, "uid=%s,ou=staff," CITY_DN, uid);
    assert_true(subject_of_person(&p, &s));
    return s;
}

/* The districts, two posts one within the other, an application with two roles held by posts. */
static inline void city_furnish(void)
{
    city_put("ou=330102,ou=orgs\nobjectClass: organizationalUnit\ndescription: 上城区\n"
             "description;lang-en: Upper Town\n");
    city_put("ou=D0077,ou=330102,ou=orgs\nobjectClass: organizationalUnit\ndescription: 行政审批局\n");
    city_put("ou=D0412,ou=330102,ou=orgs\nobjectClass: organizationalUnit\ndescription: 住建局\n");
    city_put("ou=330106,ou=orgs\nobjectClass: organizationalUnit\ndescription: 西湖区\n");
    city_put("cn=clerk,ou=posts\nobjectClass: groupOfNames\nmember: uid=clara,ou=staff,@\n");
    city_put("cn=head,ou=posts\nobjectClass: groupOfNames\nmember: uid=heidi,ou=staff,@\n");
    city_put("cn=approver,ou=posts\nobjectClass: groupOfNames\nmember: uid=anna,ou=staff,@\n"
             "member: cn=head,ou=posts,@\n");
    city_put("onedoorClientId=permits,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
             "onedoorClientId: permits\nonedoorPermission: case:read\nonedoorPermission: case:file\n"
             "onedoorPermission: case:approve acr=substantial identity=3\n"
             "onedoorResourceType: case owner=applicant\nonedoorMandates: TRUE\n");
    city_put("cn=clerk,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorRole\ncn: clerk\n"
             "onedoorClientId: permits\nonedoorPermission: case:read\nonedoorPermission: case:file\n"
             "member: cn=clerk,ou=posts,@\n");
    city_put("cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorRole\ncn: approver\n"
             "onedoorClientId: permits\nonedoorPermission: case:read\nonedoorPermission: case:approve\n"
             "onedoorExcludes: clerk\n");
    city_put("cn=posts,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\n"
             "cn: posts\nmember: cn=approver,ou=posts,@\nonedoorDataScope: department-and-below\n");
}

static inline int city_open(void **state)
{
    (void)state;
    struct content_config config = city_config();
    city_arena = arena_new(16 << 20);
    city = content_new(&config);
    return city_arena && city ? 0 : -1;
}

static inline int city_close(void **state)
{
    (void)state;
    model_free(city_model);
    city_model = NULL;
    content_free(city);
    arena_free(city_arena);
    return 0;
}

/* A question of the permits application at noon, by somebody signed in well enough. */
static inline struct evaluation city_question(const struct subject *s, const char *action)
{
    return (struct evaluation){.client_id = STR("permits"),
                               .resource_type = STR("case"),
                               .action = str_of(action),
                               .subject = s,
                               .level = AUTHN_SUBSTANTIAL,
                               .identity_level = 3,
                               .now = CITY_NOW};
}

static inline enum decision_reason city_answer(struct evaluation q)
{
    struct decision d;
    model_decide(city_model, &q, &d);
    return d.reason;
}

#define CITY_TEST(f) cmocka_unit_test_setup_teardown(f, city_open, city_close)

#endif
