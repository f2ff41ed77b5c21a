// SPDX-License-Identifier: Apache-2.0
#include "report/common/digest.h"

#include "host/host.h"

#include "base/status.h"
#include "report/common/keep.h"

#include <stdlib.h>
#include <string.h>

void digest_init(struct digest *d)
{
    *d = (struct digest){.first = TIME_NONE, .last = TIME_NONE};
    arena_init(&d->arena, ARENA_UNLIMITED); // DIGEST_FILES texts
}

static void free_actor(struct seen_actor *actor)
{
    arena_fini(&actor->arena);
    free(actor);
}

void digest_fini(struct digest *d)
{
    for (size_t i = 0; i < d->n_actors; i++)
        free_actor(d->actors[i]);
    vec_fini(&d->totals);
    map_fini(&d->total_of);
    arena_fini(&d->arena);
}

// --- spans of time -------------------------------------------------------------------------------------------------------------------

static void widen(int64_t *first, int64_t *last, int64_t from, int64_t to)
{
    if (from != TIME_NONE && (*first == TIME_NONE || from < *first))
        *first = from;
    if (to != TIME_NONE && (*last == TIME_NONE || to > *last))
        *last = to;
}

static int64_t start_of(const struct alert *alert)
{
    return alert->first != TIME_NONE && alert->count > 1 ? alert->first : alert->time;
}

// --- under a rule --------------------------------------------------------------------------------------------------------------------

static bool is_action(const struct seen_action *seen, const struct event_action *a)
{
    return seen->code == a->code && seen->dry_run == a->dry_run && kept_is(&seen->verb, a->verb) && kept_is(&seen->resource, a->resource) &&
           kept_is(&seen->subresource, a->subresource) && kept_is(&seen->group, a->group);
}

static struct seen_action *find_action(struct arena *arena, struct seen_rule *r, const struct event_action *a)
{
    struct seen_action **at = &r->actions;
    for (; *at; at = &(*at)->next)
        if (is_action(*at, a))
            return *at;
    struct seen_action *fresh = r->n_actions < DIGEST_ACTIONS ? arena_try(arena, sizeof *fresh) : NULL;
    if (!fresh)
        return NULL;
    *fresh = (struct seen_action){.code = a->code, .dry_run = a->dry_run, .first = TIME_NONE, .last = TIME_NONE};
    if (!keep(arena, &fresh->verb, a->verb) || !keep(arena, &fresh->group, a->group) || !keep(arena, &fresh->resource, a->resource) ||
        !keep(arena, &fresh->subresource, a->subresource))
        return NULL;
    r->n_actions++;
    return *at = fresh;
}

static void add_object(struct arena *arena, struct seen_action *action, struct str namespace, struct str name)
{
    struct seen_object **at = &action->objects;
    for (; *at; at = &(*at)->next)
        if (kept_is(&(*at)->namespace, namespace) && kept_is(&(*at)->name, name)) {
            (*at)->alerts++;
            return;
        }
    struct seen_object *fresh = action->n_objects < DIGEST_OBJECTS ? arena_try(arena, sizeof *fresh) : NULL;
    if (!fresh || !keep(arena, &fresh->namespace, namespace) || !keep(arena, &fresh->name, name)) {
        action->more++;
        return;
    }
    fresh->alerts = 1;
    action->n_objects++;
    *at = fresh;
}

static void add_action(struct arena *arena, struct seen_rule *r, const struct alert *alert)
{
    const struct event_action *a = &alert->action;
    struct seen_action *action = find_action(arena, r, a);
    if (!action) {
        r->more_actions++;
        return;
    }
    action->alerts++;
    widen(&action->first, &action->last, start_of(alert), alert->time);
    if (a->resource.len == 0) // a path of the server that is no object: /version
        add_object(arena, action, STR_NONE, a->uri);
    else
        add_object(arena, action, a->namespace, a->name);
}

static void add_detail(struct arena *arena, struct seen_rule *r, struct str name, struct str value)
{
    if (value.len == 0)
        return;
    struct seen_detail **at = &r->details;
    for (; *at; at = &(*at)->next)
        if (kept_is(&(*at)->value, value)) {
            (*at)->alerts++;
            return;
        }
    struct seen_detail *fresh = r->n_details < DIGEST_DETAILS ? arena_try(arena, sizeof *fresh) : NULL;
    if (!fresh || !keep(arena, &fresh->name, name) || !keep(arena, &fresh->value, value)) {
        r->more_details++;
        return;
    }
    fresh->alerts = 1;
    r->n_details++;
    *at = fresh;
}

// Whether the act says it already.
static bool is_in_act(const struct event_action *a, struct str value)
{
    struct str path = str_slice(a->uri, 0, str_find_char(a->uri, '?', 0));
    return str_eq(value, a->name) || str_eq(value, a->namespace) || str_eq(value, a->resource) || str_eq(value, a->verb) ||
           str_eq(value, path);
}

static size_t find_file(struct digest *d, struct str file)
{
    for (size_t i = d->n_files; i-- > 0;) // the newest is the likeliest
        if (kept_is(&d->files[i], file))
            return i;
    if (d->n_files == DIGEST_FILES)
        return DIGEST_FILES;
    must(keep(&d->arena, &d->files[d->n_files], file));
    return d->n_files++;
}

static void add_evidence(struct digest *d, struct seen_rule *r, const struct evidence *e)
{
    struct seen_evidence seen = {.file = find_file(d, e->file), .line = e->line, .item = e->item, .time = e->time};
    struct str id = keep_cut(e->audit_id, DIGEST_ID);
    seen.id_len = (uint8_t)id.len;
    seen.id_cut = id.len < e->audit_id.len;
    if (id.len)
        memcpy(seen.id, id.ptr, id.len);
    if (r->n_evidence < DIGEST_EVIDENCE_HEAD)
        r->head[r->n_evidence] = seen;
    else
        r->tail[(r->n_evidence - DIGEST_EVIDENCE_HEAD) % DIGEST_EVIDENCE_TAIL] = seen;
    r->n_evidence++;
}

size_t digest_evidence_kept(const struct seen_rule *r)
{
    const uint64_t most = DIGEST_EVIDENCE_HEAD + DIGEST_EVIDENCE_TAIL;
    return r->n_evidence < most ? r->n_evidence : most;
}

const struct seen_evidence *digest_evidence(const struct seen_rule *r, size_t i)
{
    if (i < DIGEST_EVIDENCE_HEAD)
        return &r->head[i];
    uint64_t behind = r->n_evidence - DIGEST_EVIDENCE_HEAD; // how many went into the ring
    uint64_t oldest = behind > DIGEST_EVIDENCE_TAIL ? behind - DIGEST_EVIDENCE_TAIL : 0;
    return &r->tail[(oldest + i - DIGEST_EVIDENCE_HEAD) % DIGEST_EVIDENCE_TAIL];
}

bool digest_same_evidence(const struct seen_rule *a, const struct seen_rule *b)
{
    if (a->n_evidence != b->n_evidence || a->n_evidence == 0)
        return false;
    for (size_t i = 0; i < digest_evidence_kept(a); i++) {
        const struct seen_evidence *x = digest_evidence(a, i), *y = digest_evidence(b, i);
        if (x->file != y->file || x->line != y->line || x->item != y->item)
            return false;
    }
    return true;
}

// --- under an actor ------------------------------------------------------------------------------------------------------------------

static struct seen_rule *least_rule(struct seen_actor *actor)
{
    struct seen_rule *least = actor->rules;
    for (struct seen_rule *r = actor->rules; r; r = r->next)
        if (r->rule->level < least->rule->level)
            least = r;
    return least;
}

static struct seen_rule *find_rule(struct seen_actor *actor, const struct rule *rule)
{
    for (struct seen_rule *r = actor->rules; r; r = r->next)
        if (r->rule == rule)
            return r;
    struct seen_rule *place = actor->n_rules < DIGEST_RULES ? arena_try(&actor->arena, sizeof *place) : NULL;
    if (place) {
        *place = (struct seen_rule){.next = actor->rules};
        actor->rules = place;
        actor->n_rules++;
    } else { // full: a more severe rule takes the place of the least severe one
        place = least_rule(actor);
        if (!place || place->rule->level >= rule->level)
            return NULL;
        actor->more_rules += place->alerts;
        *place = (struct seen_rule){.next = place->next};
    }
    place->rule = rule;
    place->first = place->last = TIME_NONE;
    return place;
}

static void add_facet(struct seen_actor *actor, enum facet facet, struct str value)
{
    struct seen_facet *f = &actor->facets[facet];
    if (value.len == 0)
        return;
    for (size_t i = 0; i < f->n; i++)
        if (kept_is(&f->values[i], value))
            return;
    if (f->n == DIGEST_FACET || !keep(&actor->arena, &f->values[f->n], value))
        f->more = true;
    else
        f->n++;
}

static void add_facets(struct seen_actor *actor, const struct alert *alert)
{
    const struct event_actor *a = &alert->actor;
    add_facet(actor, FACET_AGENT, a->agent);
    add_facet(actor, FACET_REASON, alert->reason);
    add_facet(actor, FACET_AS, a->impersonated);
    add_facet(actor, FACET_POD, a->pod);
    add_facet(actor, FACET_NODE, a->node);
    add_facet(actor, FACET_CREDENTIAL, a->credential_id);
    for (size_t i = 0; i < a->n_groups && i <= DIGEST_FACET; i++)
        add_facet(actor, FACET_GROUP, a->groups[i]);
    for (size_t i = 0; i + 1 < a->n_addresses && i <= DIGEST_FACET; i++)
        add_facet(actor, FACET_FORWARDED, a->addresses[i]);
}

// Halves the resolution: neighbours become one point that carries the worse level and both counts.
static void merge_points(struct seen_actor *actor)
{
    size_t n = 0;
    for (size_t i = 0; i < actor->n_points; i += 2) {
        struct seen_point merged = actor->points[i];
        if (i + 1 < actor->n_points) {
            const struct seen_point *other = &actor->points[i + 1];
            merged.alerts += other->alerts;
            if (other->level > merged.level)
                merged.level = other->level, merged.time = other->time;
        }
        actor->points[n++] = merged;
    }
    actor->n_points = n;
}

static void add_point(struct seen_actor *actor, const struct alert *alert)
{
    if (alert->time == TIME_NONE)
        return;
    if (actor->n_points == DIGEST_POINTS)
        merge_points(actor);
    size_t at = actor->n_points++;
    for (; at > 0 && actor->points[at - 1].time > alert->time; at--)
        actor->points[at] = actor->points[at - 1];
    actor->points[at] = (struct seen_point){alert->time, alert->rule->level, 1};
}

static void add_rule(struct digest *d, struct seen_actor *actor, const struct alert *alert)
{
    struct seen_rule *r = find_rule(actor, alert->rule);
    if (!r) {
        actor->more_rules++;
        return;
    }
    r->alerts++;
    r->events += alert->count ? alert->count : 1;
    widen(&r->first, &r->last, start_of(alert), alert->time);
    add_action(&actor->arena, r, alert);
    for (size_t i = 0; i < alert->n_details; i++)
        if (!is_in_act(&alert->action, alert->details[i].value))
            add_detail(&actor->arena, r, alert->details[i].name, alert->details[i].value);
    add_detail(&actor->arena, r, STR("command"), alert->action.command);
    for (size_t i = 0; i < alert->n_evidence; i++)
        add_evidence(d, r, &alert->evidence[i]);
}

// --- actors --------------------------------------------------------------------------------------------------------------------------

static bool is_less(const struct seen_actor *a, enum rule_level level, int64_t time)
{
    return a->worst != level ? a->worst < level : a->last < time;
}

static struct str principal_of(const struct alert *alert)
{
    const struct host_event *e = alert->process;
    return !e ? alert->actor.principal : e->process.name.ptr ? e->process.name : e->process.exe;
}

static struct str address_of(const struct alert *alert)
{
    const struct event_actor *a = &alert->actor;
    return alert->process ? alert->process->node : a->n_addresses ? a->addresses[a->n_addresses - 1] : STR_NONE;
}

static struct seen_actor *new_actor(const struct alert *alert, uint64_t hash)
{
    struct seen_actor *actor = must_alloc(calloc(1, sizeof *actor));
    arena_init(&actor->arena, DIGEST_ACTOR_BYTES);
    actor->hash = hash;
    actor->process = alert->process != NULL;
    actor->first = actor->last = TIME_NONE;
    must(keep(&actor->arena, &actor->cluster, alert->cluster) && keep(&actor->arena, &actor->principal, principal_of(alert)) &&
         keep(&actor->arena, &actor->address, address_of(alert)));
    return actor;
}

// A place for one more actor, made free if it must be and may be; NULL if the alert is not worth it.
static struct seen_actor **free_place(struct digest *d, const struct alert *alert)
{
    if (d->n_actors < DIGEST_ACTORS)
        return &d->actors[d->n_actors++];
    size_t least = 0;
    for (size_t i = 1; i < d->n_actors; i++)
        if (is_less(d->actors[i], d->actors[least]->worst, d->actors[least]->last))
            least = i;
    struct seen_actor *gone = d->actors[least];
    if (!is_less(gone, alert->rule->level, alert->time))
        return NULL;
    d->dropped[gone->worst] += gone->alerts;
    free_actor(gone);
    return &d->actors[least];
}

static struct seen_actor *find_actor(struct digest *d, const struct alert *alert)
{
    const struct str principal = principal_of(alert), address = address_of(alert);
    const bool process = alert->process != NULL;
    uint64_t hash = hash_mix(hash_mix(str_hash(alert->cluster), str_hash(principal)), str_hash(address));
    for (size_t i = 0; i < d->n_actors; i++) {
        struct seen_actor *actor = d->actors[i];
        if (actor->hash == hash && actor->process == process && kept_is(&actor->cluster, alert->cluster) &&
            kept_is(&actor->principal, principal) && kept_is(&actor->address, address))
            return actor;
    }
    struct seen_actor **place = free_place(d, alert);
    return place ? (*place = new_actor(alert, hash)) : NULL;
}

static void add_total(struct digest *d, const struct rule *rule)
{
    bool added;
    uint64_t *index = map_put(&d->total_of, rule->id.ptr ? rule->id : STR(""), &added);
    if (added) {
        *index = d->totals.n;
        vec_push(&d->totals)->rule = rule;
    }
    d->totals.items[*index].alerts++;
}

void digest_count(struct digest *d, const struct alert *alert)
{
    d->alerts++;
    d->by_level[alert->rule->level]++;
    widen(&d->first, &d->last, start_of(alert), alert->time);
    add_total(d, alert->rule);
}

void digest_add(struct digest *d, const struct alert *alert)
{
    enum rule_level level = alert->rule->level;
    digest_count(d, alert);
    struct seen_actor *actor = find_actor(d, alert);
    if (!actor) {
        d->dropped[level]++;
        return;
    }
    actor->alerts++;
    actor->events += alert->count ? alert->count : 1;
    actor->worst = level > actor->worst ? level : actor->worst;
    widen(&actor->first, &actor->last, start_of(alert), alert->time);
    add_facets(actor, alert);
    add_point(actor, alert);
    add_rule(d, actor, alert);
}

enum rule_level digest_worst(const struct digest *d)
{
    unsigned level = LEVEL_CRITICAL;
    while (level > 0 && !d->by_level[level])
        level--;
    return (enum rule_level)level;
}

size_t digest_urgent(const struct digest *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_actors; i++)
        n += d->actors[i]->worst >= LEVEL_HIGH;
    return n;
}

uint64_t digest_dropped(const struct digest *d)
{
    uint64_t n = 0;
    for (unsigned i = 0; i <= LEVEL_CRITICAL; i++)
        n += d->dropped[i];
    return n;
}

// --- order ---------------------------------------------------------------------------------------------------------------------------

static int newest_first(int64_t a, int64_t b)
{
    return (b > a) - (b < a);
}

static int compare_actors(const void *left, const void *right)
{
    const struct seen_actor *a = *(struct seen_actor *const *)left, *b = *(struct seen_actor *const *)right;
    if ((a->worst >= LEVEL_HIGH) != (b->worst >= LEVEL_HIGH))
        return a->worst >= LEVEL_HIGH ? -1 : 1;
    int order = newest_first(a->last, b->last);
    if (!order)
        order = str_cmp(a->cluster.text, b->cluster.text);
    if (!order)
        order = str_cmp(a->principal.text, b->principal.text);
    return order ? order : str_cmp(a->address.text, b->address.text);
}

static int compare_rules(const void *left, const void *right)
{
    const struct seen_rule *a = *(struct seen_rule *const *)left, *b = *(struct seen_rule *const *)right;
    if (a->rule->level != b->rule->level)
        return a->rule->level > b->rule->level ? -1 : 1;
    int order = newest_first(a->last, b->last);
    return order ? order : str_cmp(a->rule->id, b->rule->id);
}

static void sort_rules(struct seen_actor *actor)
{
    struct seen_rule *rules[DIGEST_RULES];
    size_t n = 0;
    for (struct seen_rule *r = actor->rules; r; r = r->next)
        rules[n++] = r;
    if (n == 0)
        return;
    qsort(rules, n, sizeof(struct seen_rule *), compare_rules);
    actor->rules = rules[0];
    for (size_t i = 0; i < n; i++)
        rules[i]->next = i + 1 < n ? rules[i + 1] : NULL;
}

void digest_sort(struct digest *d)
{
    qsort(d->actors, d->n_actors, sizeof(struct seen_actor *), compare_actors);
    for (size_t i = 0; i < d->n_actors; i++)
        sort_rules(d->actors[i]);
}
