/*
 * POST /access/v1/search/subject (section 8.4): who may do the action there. First the people who hold a role
 * with it by name or by a group, in the order of their DNs' hashes; then, organisation by organisation, those
 * who hold it by belonging there, by `sub`. That order is the same on all servers and needs no memory. Each
 * is decided for themselves, so that exclusions, scopes and disabled accounts count.
 */
#include "server/access/endpoints.h"
#include "server/access/holders.h"
#include "server/access/hunt.h"

#include "directory/model/grammar.h"
#include "directory/people.h"
#include "server/base/encode.h"

#include <stdlib.h>

enum { WORK_BYTES = 64 << 20, LOOKUPS_MAX = 2000 };

struct subject_hunt {
    struct hunt h;
    struct arena *work; /* for what the directory answers: more than a request may have else */
    struct holders holders;
    struct subject owner;
    bool owner_known;
    size_t lookups;
};

/* A place in the order: "p" and the key of a person's DN, or "o", an organisation's path and a `sub`. */
static struct str place_of_person(struct arena *a, const struct dn_key *key)
{
    struct str hex = hex_encode(a, (struct str){(const char *)key->b, sizeof key->b});
    return arena_join(a, (struct str[]){STR("p"), hex}, 2);
}

static struct str place_of_member(struct arena *a, struct str path, struct str sub)
{
    return arena_join(a, (struct str[]){STR("o"), path, STR(" "), sub}, 4);
}

/* Whose the resource is, if the registry or a trusted caller says it: by `sub`, or by mail as the type says.
 */
static enum result find_owner(struct subject_hunt *s, struct str owner)
{
    struct inquiry *in = &s->h.in;
    struct entity e = {.type = STR("user"), .id = owner};
    const struct resource_type *t =
        model_resource_type(in->model, in->caller->client_id, s->h.q.resource.type);
    struct person *person;
    enum result r;
    if (owner.len == 0)
        return RESULT_OK;
    if (t && t->owner_is_mail) {
        r = person_by_mail(in->p->directory, s->work, owner, &person);
        s->owner_known = r == RESULT_OK && subject_of_person(person, &s->owner);
    } else {
        r = subject_find(in, &e, &s->owner);
        s->owner_known = r == RESULT_OK;
    }
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

static const struct resource_item *item_of(const struct hunt *h)
{
    const struct resource_item *const *items;
    size_t n = model_resources(h->in.model, h->in.caller->client_id, h->q.resource.type, &items);
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i]->id, h->q.resource.id))
            return items[i];
    return NULL;
}

static enum result find_holders(struct subject_hunt *s)
{
    struct hunt *h = &s->h;
    struct evaluation e = evaluation_of(&h->in, &h->q);
    const struct resource_item *item = item_of(h);
    enum result r = find_owner(s, item ? item->owner : e.owner);
    if (r != RESULT_OK)
        return r;
    struct str permission[] = {h->q.resource.type, STR(":"), h->q.action};
    struct reached reached = {.client_id = h->in.caller->client_id,
                              .permission = arena_join(s->work, permission, 3),
                              .organisation = item ? item->organisation : e.organisation,
                              .owner = s->owner_known ? &s->owner : NULL,
                              .now = h->in.now};
    return holders_of(h->in.model, s->work, &reached, &s->holders) ? RESULT_OK : RESULT_INTERNAL;
}

/* Enough was asked of the directory for one request: the next page goes on from here. */
static bool is_tired(struct subject_hunt *s)
{
    if (++s->lookups <= LOOKUPS_MAX)
        return false;
    s->h.over = s->h.page.more = true;
    return true;
}

/* In their own name: a token in the question would be that of one person only, and says nothing here. */
static void examine(struct subject_hunt *s, const struct subject *subject, struct str place)
{
    struct hunt *h = &s->h;
    struct party who = party_of(&h->in, &h->q, subject);
    hunt_examine(h, &who, h->q.subject.type, subject->id, place);
}

static enum result examine_candidate(struct subject_hunt *s, const struct candidate *c, struct str place)
{
    struct person *person;
    struct subject subject = s->owner;
    enum result r = RESULT_OK;
    bool is_owner = s->owner_known && dn_key_eq(&c->key, &s->owner.dn);
    if (!is_owner && is_tired(s))
        return RESULT_OK;
    if (!is_owner)
        r = person_by_dn(s->h.in.p->directory, s->work, c->dn, &person);
    if (r == RESULT_OK && !is_owner && !subject_of_person(person, &subject))
        r = RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        examine(s, &subject, place);
    else
        page_pass(&s->h.page, place);
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

static enum result search_people(struct subject_hunt *s, struct str after)
{
    enum result r = RESULT_OK;
    for (size_t i = 0; r == RESULT_OK && !s->h.over && i < s->holders.people_count; i++) {
        const struct candidate *c = &s->holders.people[i];
        struct str place = place_of_person(s->work, &c->key);
        if (hunt_order(place, after) > 0)
            r = examine_candidate(s, c, place);
    }
    return arena_failed(s->work) ? RESULT_INTERNAL : r;
}

/* Whether somebody was found before, by name or in an organisation that stands earlier. */
static bool had_before(const struct subject_hunt *s, const struct subject *subject, long at)
{
    struct str rest = subject->organisations, path;
    while (str_word(&rest, &path)) {
        long other = holders_find_organisation(&s->holders, path);
        if (other >= 0 && other < at)
            return true;
    }
    return holders_has_person(&s->holders, &subject->dn);
}

static int by_sub(const void *a, const void *b)
{
    return hunt_order((*(struct person *const *)a)->subject, (*(struct person *const *)b)->subject);
}

static enum result search_organisation(struct subject_hunt *s, size_t at, struct str after)
{
    struct people people;
    struct str path = s->holders.organisations[at];
    if (is_tired(s))
        return RESULT_OK;
    enum result r = people_of_organisation(s->h.in.p->directory, s->work, path, &people);
    if (r == RESULT_OK && people.n > 0)
        qsort(people.v, people.n, sizeof people.v[0], by_sub);
    for (size_t i = 0; r == RESULT_OK && !s->h.over && i < people.n; i++) {
        struct subject subject;
        struct str place = place_of_member(s->work, path, people.v[i]->subject);
        if (hunt_order(people.v[i]->subject, after) > 0 && subject_of_person(people.v[i], &subject) &&
            !had_before(s, &subject, (long)at))
            examine(s, &subject, place);
    }
    return arena_failed(s->work) ? RESULT_INTERNAL : r;
}

/* `after` is where the page before ended: in an organisation, or still among the people. */
static enum result search_organisations(struct subject_hunt *s, struct str after)
{
    struct str path = STR_EMPTY, sub = after;
    enum result r = RESULT_OK;
    if (str_starts(after, STR("o"))) {
        sub = str_sub(after, 1, after.len);
        str_cut(&sub, ' ', &path);
    }
    for (size_t i = 0; r == RESULT_OK && !s->h.over && i < s->holders.organisation_count; i++) {
        int order = path.len > 0 ? hunt_order(s->holders.organisations[i], path) : 1;
        if (order >= 0)
            r = search_organisation(s, i, order == 0 ? sub : STR_EMPTY);
    }
    return r;
}

static enum result search(struct subject_hunt *s)
{
    struct str after = s->h.page.after;
    if (!is_person_type(s->h.q.subject.type))
        return RESULT_OK;
    enum result r = find_holders(s);
    if (r == RESULT_OK && !str_starts(after, STR("o")))
        r = search_people(s, after);
    if (r == RESULT_OK && !s->h.over)
        r = search_organisations(s, after);
    return r;
}

static void free_work(void *arena)
{
    arena_free(arena);
}

void access_search_subject(void *app, struct request *req, struct response *resp)
{
    struct subject_hunt s = {0};
    if (!hunt_begin(&s.h, app, req, resp, "subject", PART_ALL & ~(unsigned)PART_SUBJECT_ID))
        return;
    enum result r = RESULT_INTERNAL;
    s.work = arena_new(WORK_BYTES);
    if (s.work && arena_own(s.h.in.arena, free_work, s.work))
        r = search(&s);
    hunt_end(&s.h, r);
}
