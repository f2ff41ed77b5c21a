// SPDX-License-Identifier: Apache-2.0
#include "engine/policies/replay.h"

#include "base/map.h"
#include "engine/policies/identities.h"

#include <stdlib.h>

enum { FORMER_MAX = 1 << 20 }; // objects whose last state is remembered

struct replay_run {
    struct policies *policies;
    const struct policies_item *items;
    size_t n_items;
    const struct replay_options *options;
    struct source_list *inputs;
    struct identities *identities;
    struct replay *table;
    struct arena arena; // keys
    struct map former;  // "KIND\0NAMESPACE\0NAME" -> hash of what is judged
    struct map seen;    // identities of lines
    const struct replay_refusal *refusals;
    size_t n_refusals;
    struct replay_counters counters;
    const struct replay_request *request; // at hand
    const struct policy_kind *kind;
    bool some, told; // some policy refuses it; and it is told
};

// --- what was written ------------------------------------------------------------------------------------------------------------

static bool is_of(const struct json_value *body, const struct policy_kind *kind)
{
    return body && body->kind == JSON_OBJECT && str_eq(json_text(json_get(body, STR("kind"))), kind->kind);
}

struct written {
    const struct json_value *body; // NULL: not in the log
    bool answered;                 // it is the API server's
};

static struct written written_by(const struct history_record *h, const struct policy_kind *kind)
{
    const struct json_value *response = json_get(h->tree, STR("responseObject")), *request = json_get(h->tree, STR("requestObject"));
    if (is_of(response, kind))
        return (struct written){response, true};
    if (str_eq(h->event->action.verb, STR("patch")) || !is_of(request, kind))
        return (struct written){NULL, false};
    return (struct written){request, false};
}

static bool is_exempt(const struct replay_run *r, struct str ns)
{
    for (size_t i = 0; i < r->options->n_exempt; i++) {
        if (str_eq(r->options->exempt[i], ns))
            return true;
    }
    return false;
}

static bool is_repeated(struct replay_run *r, const struct event *e)
{
    bool added;
    char key[sizeof e->identity];
    __builtin_memcpy(key, &e->identity, sizeof key);
    if (map_get(&r->seen, str_make(key, sizeof key)))
        return true;
    if (r->seen.n >= FORMER_MAX) {
        r->counters.dropped++;
        return false;
    }
    *map_put(&r->seen, arena_str(&r->arena, str_make(key, sizeof key)), &added) = 1;
    return false;
}

// --- what it was before ----------------------------------------------------------------------------------------------------------

enum change { CHANGED, UNCHANGED, UNKNOWN };

// The same text is the same object, as long as the same side wrote it.
static uint64_t state_of(const struct written *w, const struct policy_kind *kind)
{
    const struct json_value *spec = json_get(w->body, kind->spec);
    const uint64_t hash = spec ? str_hash(spec->raw) : 0;
    return (hash & ~(uint64_t)1) | w->answered;
}

// Notes the state of the object, and tells how it stands to the one before.
static enum change note_state(struct replay_run *r, const struct written *w, const struct replay_object *o, bool update)
{
    struct arena scratch;
    enum change change = UNKNOWN;
    arena_init(&scratch, ARENA_UNLIMITED);
    const struct str key = arena_printf(&scratch, "%.*s%c%.*s%c%.*s", STR_ARG(r->kind->kind), 0, STR_ARG(o->ns), 0, STR_ARG(o->name));
    const uint64_t state = state_of(w, r->kind);
    uint64_t *former = map_get(&r->former, key);
    if (former && (*former & 1) == (state & 1))
        change = *former == state ? UNCHANGED : CHANGED;
    if (former)
        *former = state;
    else if (r->former.n < FORMER_MAX)
        *map_put(&r->former, arena_str(&r->arena, key), NULL) = state;
    else
        r->counters.dropped++;
    arena_fini(&scratch);
    return update ? change : CHANGED;
}

// --- judging ---------------------------------------------------------------------------------------------------------------------

static void refuse(struct replay_run *r, const struct finding_control *policy, struct str rule_id)
{
    r->some = true;
    if (r->told)
        replay_refuse(r->table, policy, rule_id, r->request);
}

static void hit(void *context, size_t item)
{
    struct replay_run *r = context;
    refuse(r, &r->items[item].control, r->items[item].rule_id);
}

static void hit_level(void *context, size_t level)
{
    struct replay_run *r = context;
    size_t n;
    const struct finding_control *policy = &policies_levels(&n)[level];
    if (policy->severity >= r->options->least)
        refuse(r, policy, STR_NONE);
}

static void tell_pod(const struct replay_run *r, const struct json_value *body)
{
    struct pod pod;
    if (r->options->pod && str_eq(r->kind->kind, STR("Pod")) && pod_of(body, STR("v1"), r->kind->kind, &pod))
        r->options->pod(r->options->context, r->request->object.ns, &pod);
}

static void judge(struct replay_run *r, const struct json_value *body, bool told)
{
    r->some = false;
    r->told = told;
    policies_judge(r->policies, r->kind, body, body->raw, hit, r);
    tell_pod(r, body);
    if (r->options->levels)
        policies_judge_levels(r->kind, body, hit_level, r);
}

// --- requests --------------------------------------------------------------------------------------------------------------------

static void judge_written(struct replay_run *r, const struct history_record *h, const struct written *w, struct replay_request *request)
{
    const struct json_value *metadata = json_get(w->body, STR("metadata"));
    const struct event_action *a = &h->event->action;
    const struct str name = json_text(json_get(metadata, STR("name")));
    const bool update = !str_eq(a->verb, STR("create")) && a->code != 201; // a patch may create
    enum change change = CHANGED;
    request->object.name = name.len ? name : request->object.name;
    r->request = request;
    if (r->kind->spec.ptr && request->object.name.len)
        change = note_state(r, w, &request->object, update);
    if (change == UNCHANGED) {
        r->counters.judged++;
        r->counters.unchanged++;
        return;
    }
    judge(r, w->body, change == CHANGED);
    if (change == UNKNOWN && r->some) {
        r->counters.undecided++;
        return;
    }
    r->counters.judged++;
    r->counters.refused += r->some;
}

static bool is_write(struct str verb)
{
    return str_eq(verb, STR("create")) || str_eq(verb, STR("update")) || str_eq(verb, STR("patch"));
}

static void take(void *context, const struct history_record *h)
{
    struct replay_run *r = context;
    const struct event *e = h->event;
    const struct event_action *a = &e->action;
    identities_take(r->identities, h);
    if (r->options->also)
        r->options->also(r->options->context, h);
    r->kind = is_write(a->verb) ? policy_kind_of(a->group.ptr ? a->group : STR(""), a->resource, a->subresource) : NULL;
    if (!r->kind || str_eq(e->stage, STR("ResponseStarted")))
        return;
    struct replay_request request = {
        .user = e->actor.impersonated.len ? e->actor.impersonated : e->actor.principal,
        .time = e->time,
        .object = {a->resource, a->namespace, a->name},
        .place = {h->file, h->line, e->audit_id},
    };
    const struct written w = written_by(h, r->kind);
    if (is_repeated(r, e))
        r->counters.repeated++;
    else if (a->code >= 400)
        r->counters.failed++;
    else if (is_exempt(r, a->namespace))
        r->counters.exempt++;
    else if (w.body)
        judge_written(r, h, &w, &request);
    else if (str_eq(a->verb, STR("patch")) && e->has_request)
        r->counters.patches++;
    else
        r->counters.no_body++;
}

// --- the run ---------------------------------------------------------------------------------------------------------------------

static enum replay_who who_of(void *context, struct str user)
{
    const struct replay_run *r = context;
    return identities_who(r->identities, user);
}

static status run(struct replay_run *r, struct diags *diags)
{
    struct history_counters counters;
    TRY(identities_open(&r->identities, policies_registry(r->policies), diags));
    TRY(source_expand(&r->inputs, r->options->logs, r->options->n_logs, STR("-"), diags));
    TRY(history_records(r->inputs, take, r, &counters, diags));
    r->counters.events = counters.events;
    r->counters.dropped += replay_dropped(r->table);
    r->refusals = replay_all(r->table, who_of, r, &r->n_refusals);
    return ST_OK;
}

status replay_logs(struct replay_run **out, struct policies *policies, const struct replay_options *options, struct diags *diags)
{
    struct replay_run *r = must_alloc(calloc(1, sizeof *r));
    r->policies = policies;
    r->options = options;
    r->items = policies_items(policies, &r->n_items);
    r->table = replay_new();
    arena_init(&r->arena, ARENA_UNLIMITED);
    const status result = run(r, diags);
    *out = r;
    if (result != ST_OK) {
        replay_run_free(r);
        *out = NULL;
    }
    return result;
}

void replay_run_free(struct replay_run *r)
{
    if (!r)
        return;
    identities_close(r->identities);
    source_list_free(r->inputs);
    replay_free(r->table);
    map_fini(&r->former);
    map_fini(&r->seen);
    arena_fini(&r->arena);
    free(r);
}

const struct replay_refusal *replay_refusals(const struct replay_run *r, size_t *n)
{
    *n = r->n_refusals;
    return r->refusals;
}

struct replay_counters replay_counters(const struct replay_run *r)
{
    return r->counters;
}
