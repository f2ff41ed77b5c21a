// SPDX-License-Identifier: Apache-2.0
// davy policy replay: what would have been refused, and to whom.
#include "cmd/live.h"
#include "cmd/options.h"
#include "cmd/policy.h"
#include "engine/policies/replay.h"
#include "engine/policies/replay_objects.h"
#include "report/answers/replay.h"

#include <stdio.h>

enum {
    OPT_FROM,
    OPT_FORMAT,
    OPT_CONTROL,
    OPT_EXEMPT,
    OPT_REGISTRY,
    OPT_RULES,
    OPT_SEVERITY,
    OPT_DEFAULT_REGISTRY,
    OPT_PROFILE,
    OPT_OBJECTS,
    OPT_CLUSTER,
    LIVE_OPTIONS
};
static const char *const formats[] = {"text", "json", NULL};

static const struct arg_spec options[] = {
    [OPT_FROM] = OPTION_FROM("audit logs of one cluster, files, directories or -: what would have been refused of what they tell"),
    [OPT_FORMAT] = OPTION_FORMAT(formats, "text", "how to print"),
    [OPT_CONTROL] = POLICY_CONTROL,
    [OPT_EXEMPT] = POLICY_EXEMPT,
    [OPT_REGISTRY] = POLICY_REGISTRY,
    [OPT_RULES] = POLICY_RULES,
    [OPT_SEVERITY] = POLICY_SEVERITY,
    [OPT_DEFAULT_REGISTRY] = OPTION_DEFAULT_REGISTRY,
    [OPT_PROFILE] = POLICY_PROFILE,
    [OPT_OBJECTS] = OPTION_OBJECTS("manifests or a dump of the cluster: what of it would be refused, if it were made today"),
    [OPT_CLUSTER] = {.name = "cluster", .kind = ARG_STRING, .value = "NAME", .about = "name the cluster that all objects belong to"},
    LIVE_SPECS,
};

static const struct policy_places policies_at = {OPT_CONTROL, OPT_REGISTRY, OPT_DEFAULT_REGISTRY, OPT_RULES, OPT_SEVERITY, OPT_PROFILE};

static const struct objects_options objects_at = LIVE_PLACES;

static const struct example examples[] = {
    {"davy policy replay --from logs/ --except-namespace kube-system", "what the policies would have refused, and to whom"},
    {"davy policy replay --objects deploy.yaml --control privileged-container", "what one of them would say to these manifests"},
};

struct replaying {
    const struct args *args;
    struct policies *policies;
    struct survey *survey;          // NULL: no objects
    struct replay_objects *objects; // what they meet
    struct replay_run *run;         // NULL: no logs
    struct str cluster;             // at hand
    bool found;
};

static void begin(void *context, struct str cluster)
{
    struct replaying *r = context;
    r->cluster = cluster;
}

static void take(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct replaying *r = context;
    (void)diags;
    replay_objects_take(r->objects, r->cluster, o, place);
}

static status end(void *context, struct diags *diags)
{
    (void)context, (void)diags;
    return ST_OK;
}

static bool wants_levels(const struct args *args)
{
    return !arg_given(args, OPT_CONTROL) && !arg_given(args, OPT_PROFILE);
}

static status replay_there(struct replaying *r, struct diags *diags)
{
    struct replay_objects_options wanted = {.least = (enum severity)arg_choice(r->args, OPT_SEVERITY), .levels = wants_levels(r->args)};
    wanted.exempt = arg_list(r->args, OPT_EXEMPT, &wanted.n_exempt);
    if (!r->survey)
        return ST_OK;
    r->objects = replay_objects_new(r->policies, &wanted);
    TRY(survey_run(r->survey, (struct survey_sink){.context = r, .begin = begin, .object = take, .end = end}, diags));
    if (survey_counters(r->survey).objects)
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL, "no Kubernetes object was found");
    return ST_INPUT;
}

static status replay_requests(struct replaying *r, struct replay_options *wanted, struct diags *diags)
{
    wanted->logs = arg_list(r->args, OPT_FROM, &wanted->n_logs);
    wanted->exempt = arg_list(r->args, OPT_EXEMPT, &wanted->n_exempt);
    wanted->least = (enum severity)arg_choice(r->args, OPT_SEVERITY);
    wanted->levels = wants_levels(r->args);
    return wanted->n_logs ? replay_logs(&r->run, r->policies, wanted, diags) : ST_OK;
}

static void fill_page(struct replaying *r, struct replay_page *page)
{
    *page = (struct replay_page){.of_logs = r->run, .of_objects = r->objects};
    if (r->run) {
        page->items = replay_refusals(r->run, &page->n);
        page->counters = replay_counters(r->run);
    }
    if (r->objects) {
        const struct replay_objects_counters c = replay_objects_counters(r->objects);
        page->objects = refused_all(replay_objects_table(r->objects), &page->n_objects);
        page->objects_judged = c.judged;
        page->objects_refused = c.refused;
        page->objects_exempt = c.exempt;
        page->objects_dropped = refused_dropped(replay_objects_table(r->objects));
    }
    r->found = page->n || page->n_objects;
}

static status print(struct replaying *r)
{
    struct replay_page page;
    struct buf out;
    fill_page(r, &page);
    buf_init(&out, SIZE_MAX);
    if (arg_choice(r->args, OPT_FORMAT) == 1)
        replay_json(&out, &page);
    else
        replay_text(&out, &page);
    const status result = cmd_print(buf_str(&out)) == EXIT_NOTHING ? ST_OK : ST_IO;
    buf_fini(&out);
    return result;
}

static status replay(struct replaying *r, const struct policies_options *wanted, struct diags *diags)
{
    struct replay_options of_logs = {0};
    const struct survey_options of_objects = {.cluster = arg_string(r->args, OPT_CLUSTER)};
    TRY(cmd_survey_objects(r->args, objects_at, of_objects, &r->survey, diags));
    status result = policies_load(&r->policies, *wanted, diags);
    if (result == ST_OK)
        result = replay_there(r, diags);
    if (result == ST_OK)
        result = replay_requests(r, &of_logs, diags);
    if (result == ST_OK)
        result = print(r);
    if (result == ST_OK && r->survey)
        result = cmd_survey_whole(r->survey, diags);
    replay_run_free(r->run);
    replay_objects_free(r->objects);
    policies_free(r->policies);
    survey_close(r->survey);
    return result;
}

static int run(const struct args *args)
{
    struct replaying r = {.args = args};
    struct policies_options wanted;
    struct diags diags;
    if (!arg_given(args, OPT_FROM) && !cmd_wants_objects(args, objects_at)) {
        fprintf(stderr, "davy: what was requested stands in audit logs, --from AUDIT-LOG; what is there in --objects PATH, or --live\n");
        return EXIT_USAGE;
    }
    if (!policy_wanted(args, policies_at, &wanted))
        return EXIT_USAGE;
    diags_init(&diags);
    const status result = replay(&r, &wanted, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    return result == ST_OK && r.found ? EXIT_FOUND : cmd_exit_status(result);
}

const struct command policy_replay = {
    .name = "replay",
    .about = "what policies would have refused of what audit logs tell, and to whom; and of objects that are there",
    .details =
        "Every request that wrote an object which `davy policy export` has a policy for is judged by the policy's rule, and pods by Pod "
        "Security (baseline, restricted; the newest version), too. An update that leaves the specification as it was passes, as in the "
        "exported policies. What the log does not have (bodies, results of patches, former states) is counted, and not judged.\n\n"
        "Identities are `component` (parts of Kubernetes, which act on what others asked for), `alerted` (a rule of level high or "
        "critical has hit something that they did) or `other`: these are whom a policy would stand in the way of.\n\n"
        "With --objects or --live each object is judged as if it were made today. Exit status 1: something would have been refused.",
    .options = options,
    .n_options = COUNT(options),
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
