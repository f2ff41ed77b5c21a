// SPDX-License-Identifier: Apache-2.0
// davy posture: how exposed objects are.
#include "cmd/cmd.h"
#include "engine/survey.h"
#include "posture/pss.h"
#include "report/posture.h"

#include <stdio.h>

enum { OPT_CLUSTER, OPT_PROFILE, OPT_FORMAT, OPT_FAIL_ON, OPT_ALL, OPT_STRICT };

static const char *const formats[] = {"text", "json", NULL};
static const char *const fail_levels[] = {"low", "medium", "high", "critical", "never", NULL};

static const struct arg_spec options[] = {
    [OPT_CLUSTER] = {.name = "cluster", .kind = ARG_STRING, .value = "NAME", .about = "name the cluster that all inputs belong to"},
    [OPT_PROFILE] =
        {.name = "profile",
         .kind = ARG_STRING,
         .value = "PROFILE",
         .initial = "pss:baseline:latest",
         .about =
             "what to judge by: pss:LEVEL:VERSION, a Pod Security level (baseline, restricted) of a version of Kubernetes (v1.24, latest)"},
    [OPT_FORMAT] = {.name = "format",
                    .letter = 'f',
                    .kind = ARG_ENUM,
                    .value = "FORMAT",
                    .choices = formats,
                    .initial = "text",
                    .about = "how to print findings"},
    [OPT_FAIL_ON] = {.name = "fail-on",
                     .kind = ARG_ENUM,
                     .value = "LEVEL",
                     .choices = fail_levels,
                     .initial = "high",
                     .about = "exit with status 1 when there is an unhealthy finding of this severity or above"},
    [OPT_ALL] = {.name = "all", .letter = 'a', .kind = ARG_FLAG, .about = "print what is healthy, too"},
    [OPT_STRICT] = {.name = "strict", .kind = ARG_FLAG, .about = "stop at the first document that cannot be read"},
};

static const struct example examples[] = {
    {"davy posture --profile pss:restricted:v1.31 deploy/", "whether manifests may run in a namespace with that level"},
    {"kubectl get pods,deployments -A -o json | davy posture --profile pss:baseline:latest -f json -", "a cluster's pods, as NDJSON"},
};

// A run over objects, and what is remembered for the exit status.
struct run {
    const struct args *args;
    enum pss_level level;
    unsigned minor;
    struct str cluster;
    const struct object *object; // at hand
    struct access_place place;
    struct buf out;
    size_t unhealthy, judged;
};

static void tell(void *context, const struct pss_check *check, struct str why)
{
    struct run *r = context;
    const struct json_value *metadata = json_get(r->object->tree, STR("metadata"));
    const struct finding f = {
        .cluster = r->cluster,
        .control = {check->id, check->title, SEVERITY_HIGH}, // whoever asks for a level wants it kept
        .object = {r->object->api_version, r->object->kind, json_text(json_get(metadata, STR("namespace"))),
                   json_text(json_get(metadata, STR("name")))},
        .status = why.len ? FINDING_UNHEALTHY : FINDING_HEALTHY,
        .why = why,
        .fix = why.len ? check->fix : STR_NONE,
        .place = r->place,
    };
    r->unhealthy += why.len > 0;
    if (!why.len && !arg_flag(r->args, OPT_ALL))
        return;
    if (arg_choice(r->args, OPT_FORMAT) == 1)
        posture_json_finding(&r->out, &f);
    else
        posture_text_finding(&r->out, &f);
}

static void begin(void *context, struct str cluster)
{
    struct run *r = context;
    r->cluster = cluster;
}

static status flush(struct run *r)
{
    const size_t written = fwrite(r->out.ptr ? r->out.ptr : "", 1, r->out.len, stdout);
    const bool good = written == r->out.len;
    buf_clear(&r->out);
    return good ? ST_OK : ST_IO;
}

static void judge(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct run *r = context;
    struct pod pod;
    (void)diags;
    if (!pod_of(o->tree, o->api_version, o->kind, &pod))
        return;
    r->object = o;
    r->place = place;
    r->judged++;
    pss_judge(r->level, r->minor, &pod, tell, r);
    if (r->out.len > 64 << 10 && flush(r) != ST_OK)
        buf_clear(&r->out); // told at the end: the stream remembers
}

static status end(void *context, struct diags *diags)
{
    if (flush(context) == ST_OK && fflush(stdout) == 0 && !ferror(stdout))
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL, "the output could not be written");
    return ST_IO;
}

static bool parse_profile(struct run *r)
{
    struct str rest = arg_string(r->args, OPT_PROFILE);
    const struct str kind = str_split(&rest, ':'), level = str_split(&rest, ':');
    return str_eq(kind, STR("pss")) && pss_parse_level(level, &r->level) && rest.ptr && pss_parse_version(rest, &r->minor);
}

static status survey(struct run *r, struct diags *diags)
{
    const struct survey_options wanted = {arg_string(r->args, OPT_CLUSTER), arg_flag(r->args, OPT_STRICT)};
    struct survey *s;
    TRY(survey_open(&s, r->args->operands, r->args->n_operands, wanted, diags));
    status result = survey_run(s, (struct survey_sink){r, begin, judge, end}, diags);
    const struct objects_counters c = survey_counters(s);
    if (result == ST_OK && !c.objects) { // no finding is no all-clear
        diags_add(diags, DIAG_ERROR, NULL, "no Kubernetes object was found");
        result = ST_INPUT;
    }
    survey_close(s);
    return result;
}

static int run(const struct args *args)
{
    struct run r = {.args = args};
    struct diags diags;
    if (!parse_profile(&r)) {
        fprintf(stderr, "davy: --profile is pss:LEVEL:VERSION, with LEVEL privileged, baseline or restricted, VERSION latest or v1.N\n");
        return EXIT_USAGE;
    }
    diags_init(&diags);
    buf_init(&r.out, SIZE_MAX);
    const status result = survey(&r, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    buf_fini(&r.out);
    if (result != ST_OK)
        return cmd_exit_status(result);
    return r.unhealthy && arg_choice(args, OPT_FAIL_ON) <= SEVERITY_HIGH ? EXIT_FOUND : EXIT_NOTHING;
}

const struct command command_posture = {
    .name = "posture",
    .about = "how exposed a cluster is, from manifests and dumps",
    .details = "With a profile pss:LEVEL:VERSION the pods, and the pod templates of workloads, are judged as Kubernetes' own Pod Security "
               "admission "
               "judges them at that level in that version; each finding's control is one of the official checks. Versions newer than the "
               "newest known one are "
               "judged by that one.",
    .options = options,
    .n_options = COUNT(options),
    .operand =
        {.name = "PATH", .about = "manifests and dumps: files, directories or -", .complete = COMPLETE_FILE, .min = 1, .max = SIZE_MAX},
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
