// SPDX-License-Identifier: Apache-2.0
#include "incident/extract.h"
#include "incident/processes.h"
#include "incident/starts.h"
#include "incident/taint.h"

#include "base/status.h"

#include <stdlib.h>

enum { NAMES_BYTES_MAX = 256 << 20 };

struct inquiry *inquiry_new(const struct incident_knowledge *knowledge, struct str cluster)
{
    struct inquiry *q = must_alloc(calloc(1, sizeof *q));
    q->knowledge = knowledge;
    intern_init(&q->names, NAMES_BYTES_MAX, knowledge->seed);
    arena_init(&q->arena, ARENA_UNLIMITED);
    arena_init(&q->round, ARENA_UNLIMITED);
    arena_init(&q->scratch, ARENA_UNLIMITED);
    q->cluster = arena_str(&q->arena, cluster);
    extract_prepare(q);
    return q;
}

void inquiry_free(struct inquiry *q)
{
    if (!q)
        return;
    model_clear(q);
    vec_fini(&q->marks);
    vec_fini(&q->actors);
    vec_fini(&q->circles);
    vec_fini(&q->facts);
    vec_fini(&q->clocks);
    vec_fini(&q->things);
    vec_fini(&q->edges);
    vec_fini(&q->nodes);
    vec_fini(&q->processes);
    vec_fini(&q->starts);
    vec_fini(&q->terms);
    vec_fini(&q->incidents);
    vec_fini(&q->permits);
    map_fini(&q->followed);
    map_fini(&q->term_of);
    map_fini(&q->wanted);
    map_fini(&q->kept_of);
    vec_fini(&q->kept);
    arena_fini(&q->arena);
    arena_fini(&q->round);
    arena_fini(&q->scratch);
    intern_fini(&q->names);
    free(q);
}

void inquiry_standing(struct inquiry *q, const struct standing *standing)
{
    q->standing = standing;
}

// --- alerts -----------------------------------------------------------------------------------------------------------------------

static bool is_seed(const struct rule *rule)
{
    return rule->level >= LEVEL_HIGH && !has_tag(rule, STR("davy.door"));
}

static void follow_seed(struct inquiry *q, const struct alert *alert)
{
    const struct event_actor *actor = &alert->actor;
    struct str address = actor->n_addresses ? actor->addresses[actor->n_addresses - 1] : STR_NONE;
    enum actor_kind kind = actor_kind_of(q, actor->principal);
    if (alert->process) {
        host_follow(q, alert->process);
        return;
    }
    if (kind == ACTOR_COMPONENT && !has_tag(alert->rule, STR("davy.hand"))) {
        follow_object(q, alert->action.name);
        return;
    }
    follow_identity(q, kind == ACTOR_NOBODY ? address : actor->principal); // others' addresses: once they are known to be foreign
    want_actor(q, actor->principal, address);
    follow_binding(q, last_part(binding_of(q, alert->reason)));
    if (str_eq(alert->action.verb, STR("create")) && alert->action.name.ptr && !alert->action.subresource.ptr)
        follow_object(q, alert->action.name);
}

// A correlation is about the event that completed it; what it gathered may be others' work.
void inquiry_alert(struct inquiry *q, const struct alert *alert)
{
    bool seed = is_seed(alert->rule), weak = has_tag(alert->rule, STR("davy.indicator"));
    for (size_t i = 0; i < alert->n_evidence; i++) {
        const struct evidence *e = &alert->evidence[i];
        bool newest = i + 1 == alert->n_evidence;
        if (q->marks.n == INCIDENT_MARKS_MAX && !(seed && newest)) {
            q->counters.dropped_marks++;
            continue;
        }
        if (q->marks.n >= INCIDENT_MARKS_MAX + INCIDENT_SEEDS_MAX) {
            q->counters.dropped_seeds++;
            continue;
        }
        *vec_push(&q->marks) =
            (struct mark){name_keep(q, e->file), e->line, e->item, name_keep(q, e->audit_id), seed && newest, weak, alert->rule};
    }
    q->seeds += seed;
    if (seed)
        follow_seed(q, alert);
    else if (has_tag(alert->rule, STR("davy.door")))
        follow_object(q, alert->action.name);
    arena_reset(&q->scratch);
}

bool inquiry_wanted(const struct inquiry *q)
{
    return q->seeds > 0 || q->starts.n > 0;
}

void inquiry_hosts(struct inquiry *q)
{
    q->hosts = true;
}

// --- rounds -----------------------------------------------------------------------------------------------------------------------

const struct str *inquiry_terms(const struct inquiry *q, size_t *n)
{
    *n = q->terms.n;
    return q->terms.items;
}

// What is found while reading is looked for in the round after it.
static void begin_round(struct inquiry *q)
{
    if (!q->reading)
        q->terms_of_round = q->terms.n;
    q->reading = true;
}

static void take_event(struct inquiry *q, const struct evidence *place, const struct json_value *tree, const struct event *event)
{
    struct clue clue = clue_of(q, event);
    bool about =
        is_object_followed(q, &clue) || extract_names_subject(q, tree, event) || host_names_object(q, tree) || starts_name_object(q, tree);
    if (about || is_followed(q, &clue))
        extract_fact(q, place, tree, event, &clue, about);
}

static void take_process(struct inquiry *q, const struct evidence *place, struct str record)
{
    struct host_event e;
    if (host_read(&e, record, &q->scratch) == HOST_EVENT)
        extract_process(q, place, &e);
}

void inquiry_event(struct inquiry *q, const struct evidence *place, struct str record)
{
    struct json_limits limits = {.depth = JSON_DEPTH_MAX, .size = UINT32_MAX - JSON_PADDING, .mend = true};
    struct json_error ignored; // detection has told of it
    struct event event;
    begin_round(q);
    const struct json_value *tree = NULL;
    bool again = extract_again(q, place, record);
    if (!again)
        tree = json_parse(&q->scratch, record, limits, &ignored);
    if (tree && event_decode(&event, tree, &q->scratch))
        take_event(q, place, tree, &event);
    else if (q->hosts && !again)
        take_process(q, place, record);
    arena_reset(&q->scratch);
}

bool inquiry_round(struct inquiry *q)
{
    begin_round(q);
    size_t terms = q->terms_of_round, wanted = q->wanted.n;
    q->reading = false;
    q->counters.rounds++;
    taint_spread(q);
    arena_reset(&q->scratch);
    if ((q->terms.n == terms && q->wanted.n == wanted) || q->counters.rounds == INCIDENT_ROUNDS_MAX)
        return false;
    model_clear(q);
    return true;
}

struct inquiry_counters inquiry_counters(const struct inquiry *q)
{
    return q->counters;
}
