// SPDX-License-Identifier: Apache-2.0
#include "cmd/policy_gather.h"

#include "cmd/suggested.h"
#include "engine/policies/replay_objects.h"

#include <stdlib.h>

enum { EXAMPLES = 5 };

struct gathered {
    struct policies *policies;
    const struct policies_item *items;
    size_t n;
    struct replay_objects *objects; // what the policies would refuse of them; NULL: none were given
    struct gather_wishes wishes;
    struct levels *levels;
    struct network *network;
    struct usage *usage;
    struct access *graph;
    struct replay_options replay;
    struct replay_run *run;
    struct str cluster; // at hand
};

// --- objects ---------------------------------------------------------------------------------------------------------------------

static struct str metadata(const struct object *o, struct str key)
{
    return json_text(json_get(json_get(o->tree, STR("metadata")), key));
}

static bool is_page(void *context, struct str name)
{
    const struct gathered *g = context;
    return policies_is_page(g->policies, name);
}

static void begin(void *context, struct str cluster)
{
    struct gathered *g = context;
    g->cluster = cluster;
}

static void take(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct gathered *g = context;
    struct pod pod;
    const bool has_pod = pod_of(o->tree, o->api_version, o->kind, &pod);
    replay_objects_take(g->objects, g->cluster, o, place);
    access_add(g->graph, o->tree, o->api_version, o->kind, place, diags);
    network_add(g->network, o->tree, o->kind, has_pod, is_page, g);
    if (has_pod)
        levels_pod(g->levels, metadata(o, STR("namespace")), &pod, false);
    else if (str_eq(o->kind, STR("Namespace")))
        levels_namespace(g->levels, o->tree);
}

static status end(void *context, struct diags *diags)
{
    (void)context, (void)diags;
    return ST_OK;
}

static status read_objects(struct gathered *g, struct diags *diags)
{
    const struct gather_wishes *w = &g->wishes;
    if (!w->objects)
        return ST_OK;
    g->graph = access_new();
    g->objects = replay_objects_new(g->policies, &(struct replay_objects_options){.exempt = w->exempt, .n_exempt = w->n_exempt});
    TRY(survey_run(w->objects, (struct survey_sink){.context = g, .begin = begin, .object = take, .end = end}, diags));
    access_seal(g->graph, diags);
    if (survey_counters(w->objects).objects)
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL, "no Kubernetes object was found");
    return ST_INPUT;
}

// --- logs ------------------------------------------------------------------------------------------------------------------------

static void take_record(void *context, const struct history_record *h)
{
    const struct gathered *g = context;
    suggest_take(g->usage, h->event);
}

static void take_pod(void *context, struct str ns, const struct pod *pod)
{
    const struct gathered *g = context;
    levels_pod(g->levels, ns, pod, true);
}

static status read_logs(struct gathered *g, struct diags *diags)
{
    const struct gather_wishes *w = &g->wishes;
    if (!w->n_logs)
        return ST_OK;
    g->usage = usage_new();
    g->replay = (struct replay_options){.logs = w->logs,
                                        .n_logs = w->n_logs,
                                        .exempt = w->exempt,
                                        .n_exempt = w->n_exempt,
                                        .also = take_record,
                                        .pod = take_pod,
                                        .context = g};
    return replay_logs(&g->run, g->policies, &g->replay, diags);
}

status policy_gather(struct gathered **out, struct policies *policies, const struct gather_wishes *wishes, struct diags *diags)
{
    struct gathered *g = must_alloc(calloc(1, sizeof *g));
    g->policies = policies;
    g->items = policies_items(policies, &g->n);
    g->wishes = *wishes;
    g->levels = levels_new();
    g->network = network_new();
    status result = read_objects(g, diags);
    if (result == ST_OK)
        result = read_logs(g, diags);
    *out = g;
    if (result != ST_OK) {
        policy_gather_free(g);
        *out = NULL;
    }
    return result;
}

void policy_gather_free(struct gathered *g)
{
    if (!g)
        return;
    replay_objects_free(g->objects);
    levels_free(g->levels);
    network_free(g->network);
    usage_free(g->usage);
    access_free(g->graph);
    replay_run_free(g->run);
    free(g);
}

// --- answers ---------------------------------------------------------------------------------------------------------------------

static void add_objects(const struct refused_policy *p, struct buf *out)
{
    buf_addf(out, "Would have refused %llu of the %llu objects given that it is about", (unsigned long long)p->refused,
             (unsigned long long)p->judged);
    for (size_t i = 0; i < p->n_objects && i < EXAMPLES; i++) {
        const struct finding_object *o = &p->objects[i].object;
        buf_addf(out, "%s%.*s %.*s%s%.*s", i ? ", " : ": ", STR_ARG(o->kind), STR_ARG(o->ns), o->ns.len ? "/" : "", STR_ARG(o->name));
    }
    if (p->refused > EXAMPLES)
        buf_addf(out, ", and %llu more", (unsigned long long)(p->refused - EXAMPLES));
}

static void add_logs(const struct gathered *g, struct str control, struct buf *out)
{
    uint64_t requests[3] = {0};
    size_t n, named = 0;
    struct buf names;
    const struct replay_refusal *all = replay_refusals(g->run, &n);
    buf_init(&names, SIZE_MAX);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(all[i].policy->id, control))
            continue;
        requests[all[i].who] += all[i].requests;
        if (all[i].who == REPLAY_OTHER && named++ < EXAMPLES)
            buf_addf(&names, "%s%.*s (%llu)", named > 1 ? ", " : "", STR_ARG(all[i].user), (unsigned long long)all[i].requests);
    }
    const uint64_t all_requests = requests[REPLAY_COMPONENT] + requests[REPLAY_ALERTED] + requests[REPLAY_OTHER];
    buf_addf(out, "Would have refused %llu requests of the logs", (unsigned long long)all_requests);
    if (requests[REPLAY_ALERTED])
        buf_addf(out, ", %llu of them by identities that a grave rule has hit", (unsigned long long)requests[REPLAY_ALERTED]);
    if (requests[REPLAY_COMPONENT])
        buf_addf(out, ", %llu by parts of Kubernetes", (unsigned long long)requests[REPLAY_COMPONENT]);
    if (requests[REPLAY_OTHER])
        buf_addf(out, ", %llu by others: %.*s%s", (unsigned long long)requests[REPLAY_OTHER], STR_ARG(buf_str(&names)),
                 named > EXAMPLES ? ", ..." : "");
    buf_fini(&names);
}

void policy_gather_refused(const struct gathered *g, size_t item, struct buf *out)
{
    if (g->objects) {
        const struct refused_policy of_objects = replay_objects_of(g->objects, item);
        add_objects(&of_objects, out);
    }
    if (g->run) {
        buf_add(out, out->len ? STR("\n") : STR(""));
        add_logs(g, g->items[item].control.id, out);
    }
}

struct levels *policy_gather_levels(struct gathered *g)
{
    return g->levels;
}

struct network *policy_gather_network(struct gathered *g)
{
    return g->network;
}

struct usage *policy_gather_usage(struct gathered *g, const struct access **graph)
{
    *graph = g->graph;
    return g->usage;
}
