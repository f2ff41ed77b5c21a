// SPDX-License-Identifier: Apache-2.0
#include "incident/model.h"

#include "base/status.h"

#include <stdlib.h>

bool name_listed(struct name_list list, struct str name)
{
    for (size_t i = 0; name.ptr && i < list.n; i++)
        if (str_glob(name, list.items[i]))
            return true;
    return false;
}

bool has_tag(const struct rule *rule, struct str tag)
{
    for (size_t i = 0; i < rule->n_tags; i++)
        if (str_eq_ci(rule->tags[i], tag))
            return true;
    return false;
}

struct str name_keep(struct inquiry *q, struct str s)
{
    return intern_str(&q->names, s);
}

struct str last_part(struct str path)
{
    if (!path.ptr)
        return STR_NONE;
    size_t at = path.len;
    while (at && path.ptr[at - 1] != '/')
        at--;
    return str_slice(path, at, path.len);
}

// --- actors -----------------------------------------------------------------------------------------------------------------------

enum actor_kind actor_kind_of(const struct inquiry *q, struct str principal)
{
    if (!principal.ptr || str_eq(principal, STR("system:anonymous")) || str_eq(principal, STR("system:unauthenticated")))
        return ACTOR_NOBODY;
    if (str_starts(principal, STR("system:node:")) || name_listed(q->knowledge->components, principal))
        return ACTOR_COMPONENT;
    if (str_starts(principal, STR("system:serviceaccount:")))
        return ACTOR_ACCOUNT;
    return str_starts(principal, STR("system:kube-")) ? ACTOR_COMPONENT : ACTOR_PERSON;
}

static struct str actor_key(struct arena *a, struct str principal, struct str address)
{
    return arena_printf(a, "%c%zu:%.*s%.*s", principal.ptr ? '+' : '-', principal.len, STR_ARG(principal), STR_ARG(address));
}

static struct circle *circle_put(struct inquiry *q, struct map *map, struct str name)
{
    bool added;
    uint64_t *index = map_put(map, name.ptr ? name : STR(""), &added);
    if (!added)
        return q->circles.items[*index];
    struct circle *c = arena_new(&q->round, struct circle);
    c->name = name;
    *index = q->circles.n;
    *vec_push(&q->circles) = c;
    return c;
}

struct actor *actor_put(struct inquiry *q, struct str principal, struct str address)
{
    struct str key = actor_key(&q->scratch, principal, address);
    const uint64_t *known = map_get(&q->actor_of, key);
    if (known)
        return q->actors.items[*known];
    if (q->actors.n == ACTORS_MAX)
        return NULL;
    struct actor *actor = arena_new(&q->round, struct actor);
    *actor = (struct actor){.principal = name_keep(q, principal), .address = name_keep(q, address), .node = joint_new(q)};
    actor->kind = actor_kind_of(q, principal);
    actor->first = actor->last = actor->from = actor->to = TIME_NONE;
    actor->person = circle_put(q, &q->person_of, actor->principal);
    actor->place = circle_put(q, &q->place_of, actor->address);
    *vec_push(&actor->person->actors) = actor;
    *vec_push(&actor->place->actors) = actor;
    *map_put(&q->actor_of, arena_str(&q->round, key), NULL) = q->actors.n;
    *vec_push(&q->actors) = actor;
    return actor;
}

void want_actor(struct inquiry *q, struct str principal, struct str address)
{
    struct str key = name_keep(q, actor_key(&q->scratch, principal, address));
    if (key.ptr)
        (void)map_put(&q->wanted, key, NULL);
}

bool is_wanted(struct inquiry *q, const struct actor *actor)
{
    return map_get(&q->wanted, actor_key(&q->scratch, actor->principal, actor->address)) != NULL;
}

void model_clear(struct inquiry *q)
{
    for (size_t i = 0; i < q->actors.n; i++)
        vec_fini(&q->actors.items[i]->facts);
    for (size_t i = 0; i < q->circles.n; i++) {
        vec_fini(&q->circles.items[i]->actors);
        vec_fini(&q->circles.items[i]->tools);
    }
    map_fini(&q->actor_of);
    map_fini(&q->person_of);
    map_fini(&q->place_of);
    map_fini(&q->thing_of);
    map_fini(&q->edge_of);
    q->actors.n = q->circles.n = q->facts.n = q->things.n = q->edges.n = q->nodes.n = q->processes.n = q->process_edges = q->permits.n = 0;
    map_fini(&q->processes_of);
    map_fini(&q->permit_of);
    map_fini(&q->clock_of);
    q->clocks.n = 0;
    q->order = 0;
    arena_reset(&q->round);
}

// --- things -----------------------------------------------------------------------------------------------------------------------

// Interned strings are known by their addresses.
static struct str thing_key(struct inquiry *q, struct str kind, struct str namespace, struct str name)
{
    const char *parts[3] = {kind.ptr, namespace.ptr, name.ptr};
    char *key = arena_alloc(&q->scratch, sizeof parts);
    memcpy(key, parts, sizeof parts);
    return str_make(key, sizeof parts);
}

struct thing *thing_find(struct inquiry *q, struct str kind, struct str namespace, struct str name)
{
    const uint64_t *known = map_get(&q->thing_of, thing_key(q, kind, namespace, name));
    return known ? q->things.items[*known] : NULL;
}

struct thing *thing_put(struct inquiry *q, struct str kind, struct str namespace, struct str name, bool *added)
{
    struct thing *t = thing_find(q, kind, namespace, name);
    *added = !t;
    if (t)
        return t;
    if (q->things.n == THINGS_MAX) { // the flood goes into one
        q->counters.dropped_facts++;
        return q->things.items[THINGS_MAX - 1];
    }
    t = arena_new(&q->round, struct thing);
    *t = (struct thing){.kind = kind, .namespace = namespace, .name = name, .restored = TIME_NONE, .node = joint_new(q)};
    *map_put(&q->thing_of, arena_str(&q->round, thing_key(q, kind, namespace, name)), NULL) = q->things.n;
    *vec_push(&q->things) = t;
    return t;
}

struct str thing_text(struct arena *a, const struct thing *t)
{
    if (t->namespace.ptr)
        return arena_printf(a, "object:%.*s/%.*s/%.*s", STR_ARG(t->kind), STR_ARG(t->namespace), STR_ARG(t->name));
    return arena_printf(a, "object:%.*s/%.*s", STR_ARG(t->kind), STR_ARG(t->name));
}

struct evidence thing_at(const struct thing *t)
{
    return t->fact ? t->fact->at : t->process->at;
}

int64_t thing_time(const struct thing *t)
{
    return t->fact ? t->fact->time : t->process->at.time;
}

struct str actor_text(struct arena *a, const struct actor *actor)
{
    return arena_printf(a, "principal:%.*s", STR_ARG(actor->principal));
}

struct str address_text(struct arena *a, struct str address)
{
    return arena_printf(a, "address:%.*s", STR_ARG(address));
}

// --- facts ------------------------------------------------------------------------------------------------------------------------

bool fact_done(const struct fact *f)
{
    return (f->action.code >= 200 && f->action.code < 300) || f->action.code == 101;
}

bool fact_writes(const struct fact *f)
{
    return str_eq(f->action.verb, STR("create")) || str_eq(f->action.verb, STR("update")) || str_eq(f->action.verb, STR("patch"));
}

struct str body_first(const struct fact *f, enum body_text which)
{
    return f->body && f->body->texts[which].n ? f->body->texts[which].items[0] : STR_NONE;
}

bool body_has(const struct fact *f, enum body_text which, struct str value)
{
    for (size_t i = 0; f->body && i < f->body->texts[which].n; i++)
        if (str_eq(f->body->texts[which].items[i], value))
            return true;
    return false;
}

static int by_time(const void *a, const void *b)
{
    const struct fact *x = *(struct fact *const *)a, *y = *(struct fact *const *)b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->at.time != y->at.time) // the stages of a request
        return x->at.time < y->at.time ? -1 : 1;
    if (x->request != y->request) // whatever files they stand in
        return x->request < y->request ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void facts_sort(fact_list *facts)
{
    if (facts->n > 1)
        qsort(facts->items, facts->n, sizeof(struct fact *), by_time);
}

const struct clock *clock_worst(const struct inquiry *q)
{
    const struct clock *worst = NULL;
    for (size_t i = 0; i < q->clocks.n; i++)
        if (q->clocks.items[i].back > (worst ? worst->back : 0))
            worst = &q->clocks.items[i];
    return worst;
}

int64_t fact_when(const struct inquiry *q, const struct fact *f)
{
    return clock_worst(q) ? f->position : f->time;
}

// --- union-find -------------------------------------------------------------------------------------------------------------------

uint32_t joint_new(struct inquiry *q)
{
    uint32_t node = (uint32_t)q->nodes.n;
    *vec_push(&q->nodes) = node;
    return node;
}

uint32_t joint_root(const struct inquiry *q, uint32_t node)
{
    while (q->nodes.items[node] != node)
        node = q->nodes.items[node];
    return node;
}

// The smaller number becomes the root: the result does not depend on the order of joins.
bool joint_join(struct inquiry *q, uint32_t a, uint32_t b)
{
    a = joint_root(q, a);
    b = joint_root(q, b);
    if (a == b)
        return false;
    q->nodes.items[a < b ? b : a] = a < b ? a : b;
    return true;
}

// --- terms ------------------------------------------------------------------------------------------------------------------------

void term_put(struct inquiry *q, struct str text)
{
    if (q->terms.n >= INCIDENT_TERMS_MAX + q->host_terms) {
        q->counters.dropped_terms += !map_get(&q->term_of, text);
        return;
    }
    bool added;
    text = name_keep(q, text);
    if (!text.ptr)
        return;
    (void)map_put(&q->term_of, text, &added);
    if (added)
        *vec_push(&q->terms) = text;
}

// JSON may write these otherwise, as \uXXXX or behind a backslash.
static bool is_plain(char c)
{
    return (unsigned char)(c - 0x20) < 0x5f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && c != '\'' && c != '/';
}

// The longest run of s that every writer of JSON writes as it is.
static struct str plain_part(struct str s)
{
    struct str best = {0};
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        while (i < s.len && is_plain(s.ptr[i]))
            i++;
        if (i - from > best.len)
            best = str_slice(s, from, i);
        i++;
    }
    return best;
}

void term_put_part(struct inquiry *q, struct str s)
{
    struct str part = plain_part(s);
    if (part.len >= 4) // shorter ones are in every record
        term_put(q, part);
}

bool follow(struct inquiry *q, struct str s)
{
    bool added = false;
    struct str kept = name_keep(q, s);
    uint64_t *since = kept.ptr && kept.len ? map_put(&q->followed, kept, &added) : NULL;
    if (added)
        *since = q->counters.rounds;
    return added;
}

void follow_identity(struct inquiry *q, struct str s)
{
    if (!follow(q, s))
        return;
    if (plain_part(s).len == s.len)
        term_put(q, arena_printf(&q->scratch, "\"%.*s\"", STR_ARG(s)));
    else
        term_put_part(q, s);
}

// Stands as an object's name where it is made, and quoted inside a sentence where it is used.
void follow_binding(struct inquiry *q, struct str name)
{
    if (follow(q, name))
        term_put_part(q, name);
}

bool is_complete(const struct inquiry *q, struct str identity)
{
    const uint64_t *since = identity.ptr ? map_get(&q->followed, identity) : NULL;
    return since && *since < q->counters.rounds;
}

bool is_object_complete(const struct inquiry *q, struct str name)
{
    bool complete = is_complete(q, name);
    for (size_t i = name.len; i > 0 && !complete; i--) // made from it: NAME-...
        complete = name.ptr[i - 1] == '-' && is_complete(q, str_slice(name, 0, i - 1));
    return complete;
}

bool is_name_followed(const struct inquiry *q, struct str name)
{
    if (!name.ptr)
        return false;
    if (map_get(&q->followed, name))
        return true;
    for (size_t i = name.len; i > 0; i--) // made from it: NAME-...
        if (name.ptr[i - 1] == '-' && map_get(&q->followed, str_slice(name, 0, i - 1)))
            return true;
    return false;
}

// The whole name, and those made from it (not one string for both: kube-control would find kube-controller-manager). What is made from a
// followed name is found already.
void follow_object(struct inquiry *q, struct str name)
{
    if (is_name_followed(q, name) || !follow(q, name))
        return;
    if (q->object_terms + 2 > OBJECT_TERMS_MAX) {
        q->counters.dropped_terms++;
        return;
    }
    size_t before = q->terms.n;
    if (plain_part(name).len != name.len) {
        term_put_part(q, name);
    } else {
        term_put(q, arena_printf(&q->scratch, "\"%.*s\"", STR_ARG(name)));
        term_put(q, arena_printf(&q->scratch, "\"%.*s-", STR_ARG(name)));
    }
    q->object_terms += q->terms.n - before;
    term_put(q, STR("\"proxy\"")); // a pod that is entered through its kubelet stands in the URI alone, where slashes may be escaped
}

struct str binding_of(struct inquiry *q, struct str reason)
{
    struct transform_out out = {.arena = &q->scratch};
    if (!reason.ptr || !q->binding_field)
        return STR_NONE;
    field_derive(q->binding_field, reason, &out);
    return out.n && !name_listed(q->knowledge->stock_grants, last_part(out.items[0])) ? out.items[0] : STR_NONE;
}

bool is_object_followed(struct inquiry *q, const struct clue *clue)
{
    return is_name_followed(q, clue->name) || is_name_followed(q, clue->pod) ||
           (clue->binding.ptr && map_get(&q->followed, last_part(clue->binding)));
}

bool is_followed(struct inquiry *q, const struct clue *clue)
{
    return (clue->principal.ptr && map_get(&q->followed, clue->principal)) || (clue->address.ptr && map_get(&q->followed, clue->address)) ||
           (clue->credential.ptr && map_get(&q->followed, clue->credential)) || is_object_followed(q, clue);
}
