// SPDX-License-Identifier: Apache-2.0
// davy posture: how exposed objects are.
#include "cmd/posture.h"

#include "cmd/options.h"

#include "os/os.h"
#include "pod/pss.h"
#include "report/posture/formats.h"

#include <stdio.h>
#include <string.h>

enum { EARLIER_MAX = 1 << 30 };
enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF, FORMAT_JUNIT, FORMAT_PROMETHEUS, FORMAT_HTML };
static const char *const formats[] = {[FORMAT_TEXT] = "text",
                                      [FORMAT_JSON] = "json",
                                      [FORMAT_SARIF] = "sarif",
                                      [FORMAT_JUNIT] = "junit",
                                      [FORMAT_PROMETHEUS] = "prometheus",
                                      [FORMAT_HTML] = "html",
                                      NULL};
static const char *const fail_levels[] = {"low", "medium", "high", "critical", "never", NULL};

static const struct arg_spec options[] = {
    [POSTURE_CLUSTER] = {.name = "cluster", .kind = ARG_STRING, .value = "NAME", .about = "name the cluster that all inputs belong to"},
    [POSTURE_PROFILE] =
        {.name = "profile",
         .kind = ARG_STRING,
         .value = "PROFILE",
         .about = "judge by pss:LEVEL:VERSION instead, a Pod Security level (baseline, restricted) of a version (v1.24, latest)"},
    [POSTURE_FORMAT] = OPTION_FORMAT(formats, "text", "how to print findings"),
    [POSTURE_FAIL_ON] = {.name = "fail-on",
                         .kind = ARG_ENUM,
                         .value = "LEVEL",
                         .choices = fail_levels,
                         .initial = "high",
                         .about = "exit with status 1 when there is an unhealthy finding of this severity or above"},
    [POSTURE_MIN_SCORE] = {.name = "min-score",
                           .kind = ARG_NUMBER,
                           .value = "PERCENT",
                           .initial = "0",
                           .max = 100,
                           .about = "exit with status 1 when the score of a cluster is below this, or nothing could be judged"},
    [POSTURE_REGISTRY] = {.name = "trusted-registry",
                          .kind = ARG_LIST,
                          .value = "REGISTRY",
                          .about = "images may come from REGISTRY, or REGISTRY/PATH, and from nowhere else that is not named so; * stands "
                                   "for any text"},
    [POSTURE_EXEMPTIONS] = {.name = "exemptions",
                            .kind = ARG_STRING,
                            .complete = COMPLETE_FILE,
                            .value = "FILE",
                            .about = "YAML with findings that were accepted: control, object, cluster, reason, until"},
    [POSTURE_ALL] = {.name = "all", .letter = 'a', .kind = ARG_FLAG, .about = "print what is healthy, too"},
    [POSTURE_STRICT] = {.name = "strict", .kind = ARG_FLAG, .about = "stop at the first document that cannot be read"},
    [POSTURE_KUBECONFIG] = OPTION_KUBECONFIG,
    [POSTURE_CONTEXT] = OPTION_CONTEXT,
    [POSTURE_TIMEOUT] = OPTION_TIMEOUT,
    [POSTURE_NAMESPACE] = OPTION_NAMESPACE,
    [POSTURE_DEFAULT_REGISTRY] = OPTION_DEFAULT_REGISTRY,
    [POSTURE_COMPARE] = {.name = "compare",
                         .kind = ARG_STRING,
                         .complete = COMPLETE_FILE,
                         .value = "FILE",
                         .about = "what an earlier run printed with --format json: say what became better or worse; --fail-on then counts "
                                  "what is new only"},
    [POSTURE_HISTORY] = {.name = "history",
                         .kind = ARG_STRING,
                         .complete = COMPLETE_FILE,
                         .value = "FILE",
                         .about = "add what each cluster came to as a line to FILE, and tell how it went since the runs in it"},
    [POSTURE_WEIGHTS] = {.name = "weights",
                         .kind = ARG_STRING,
                         .complete = COMPLETE_FILE,
                         .value = "FILE",
                         .about = "YAML with what clusters weigh in the score of them all: cluster, criticality, weight"},
    [POSTURE_WATCH] = {.name = "watch",
                       .kind = ARG_FLAG,
                       .about = "without PATH: go on, and say what becomes unhealthy or healthy as it happens, until interrupted"},
    [POSTURE_SHOW] = {.name = "show", .kind = ARG_FLAG, .about = "show what is in the file of --history, and judge nothing"},
};

static const struct example examples[] = {
    {"davy posture dump.json", "the secure score of a cluster, and what to fix first"},
    {"davy posture --context prod", "of a live cluster, read as policies/davy-reader.yaml allows it"},
    {"davy posture --context prod --watch", "and what becomes better or worse, as it happens"},
    {"davy posture --min-score 80 --fail-on critical deploy/", "in a pipeline"},
    {"davy posture --trusted-registry registry.example.com --trusted-registry docker.io/library deploy/", "with registries of your own"},
    {"davy posture --compare yesterday.json --context prod", "what is new since yesterday's davy posture -f json --context prod"},
    {"davy posture --weights weights.yaml clusters/", "a directory of dumps for each cluster: the score of them all"},
    {"davy posture --history score.jsonl --context prod", "how the score goes, day by day"},
    {"davy posture --history score.jsonl --show", "how it went"},
    {"davy posture --format html --compare yesterday.json dump.json >posture.html", "as a page"},
    {"davy posture --format sarif deploy/ >davy.sarif", "for a code host, beside the lines of the manifests"},
    {"davy posture --profile pss:restricted:v1.31 deploy/", "whether manifests may run in a namespace with that level"},
};

static status read_earlier(struct posture *p, struct diags *diags)
{
    const struct str file = arg_string(p->args, POSTURE_COMPARE);
    struct buf text;
    if (!file.ptr)
        return ST_OK;
    p->comparison = comparison_new();
    buf_init(&text, EARLIER_MAX + JSON_PADDING);
    status result = os_read_file(file, EARLIER_MAX, &text, diags);
    if (result == ST_OK) {
        const size_t len = text.len;
        memset(must_alloc(buf_reserve(&text, JSON_PADDING)), 0, JSON_PADDING);
        result = comparison_read(p->comparison, file, str_make(text.ptr, len), diags);
    }
    buf_fini(&text);
    return result;
}

// A sentence on standard error, and false, when options do not go together.
static bool go_together(const struct args *args)
{
    const struct str profile = arg_string(args, POSTURE_PROFILE);
    const size_t format = arg_choice(args, POSTURE_FORMAT);
    const char *wrong = NULL;
    struct pss_profile parsed;
    if (profile.ptr && !pss_parse_profile(profile, &parsed))
        wrong = PSS_PROFILE_IS;
    else if (profile.ptr && format >= FORMAT_JUNIT)
        wrong = "with --profile the format is text, json or sarif";
    else if (arg_given(args, POSTURE_COMPARE) && format != FORMAT_TEXT && format != FORMAT_JSON && format != FORMAT_HTML)
        wrong = "with --compare the format is text, json or html";
    else if (arg_given(args, POSTURE_HISTORY) && profile.ptr)
        wrong = "--history keeps scores, and a profile has none";
    else if (arg_given(args, POSTURE_WEIGHTS) && profile.ptr)
        wrong = "--weights is about scores, and a profile has none";
    else if (arg_flag(args, POSTURE_SHOW) && (!arg_given(args, POSTURE_HISTORY) || args->n_operands))
        wrong = "--show shows what is in the file of --history, and takes no PATH";
    else if (arg_flag(args, POSTURE_SHOW) && format != FORMAT_TEXT && format != FORMAT_JSON && format != FORMAT_HTML)
        wrong = "with --show the format is text, json or html";
    else if (arg_flag(args, POSTURE_WATCH) && (args->n_operands || profile.ptr || arg_flag(args, POSTURE_SHOW)))
        wrong = "--watch watches the live cluster: no PATH, --profile or --show";
    else if (arg_flag(args, POSTURE_WATCH) && (arg_given(args, POSTURE_COMPARE) || (format != FORMAT_TEXT && format != FORMAT_JSON)))
        wrong = "with --watch the format is text or json, and each state is compared with the one before";
    else if (arg_flag(args, POSTURE_WATCH) && arg_given(args, POSTURE_NAMESPACE))
        wrong = "--watch watches whole clusters: no --namespace";
    if (wrong)
        fprintf(stderr, "davy: %s\n", wrong);
    return !wrong;
}

// What comes behind the last cluster.
static status finish(struct posture *p, struct diags *diags)
{
    if (p->comparison)
        comparison_tell_missing(p->comparison, diags);
    if (p->sarif)
        posture_sarif_end(p->sarif);
    if (p->junit)
        posture_junit_end(&p->out);
    if (p->fleet)
        posture_fleet_print(p);
    return posture_flush(p, diags);
}

static status judge(struct posture *p, struct diags *diags)
{
    if (!arg_given(p->args, POSTURE_PROFILE))
        TRY(posture_fleet_open(p, diags));
    TRY(read_earlier(p, diags));
    TRY(posture_history_open(p, diags));
    if (arg_flag(p->args, POSTURE_SHOW))
        return posture_history_show(p, diags);
    if (arg_given(p->args, POSTURE_PROFILE))
        return posture_by_level(p, diags);
    TRY(posture_by_controls(p, diags));
    return posture_history_save(p, diags);
}

static int run(const struct args *args)
{
    const size_t format = arg_choice(args, POSTURE_FORMAT);
    struct posture p = {.args = args,
                        .json = format == FORMAT_JSON,
                        .junit = format == FORMAT_JUNIT,
                        .prometheus = format == FORMAT_PROMETHEUS,
                        .all = arg_flag(args, POSTURE_ALL)};
    struct diags diags;
    if (!go_together(args))
        return EXIT_USAGE;
    diags_init(&diags);
    buf_init(&p.out, SIZE_MAX);
    if (p.junit)
        posture_junit_begin(&p.out);
    if (format == FORMAT_SARIF)
        p.sarif = posture_sarif_new(&p.out);
    if (format == FORMAT_HTML)
        p.page = posture_page_new();
    status result = judge(&p, &diags);
    if (result == ST_OK)
        result = finish(&p, &diags);
    posture_sarif_free(p.sarif);
    posture_page_free(p.page);
    comparison_free(p.comparison);
    posture_history_close(&p);
    posture_fleet_close(&p);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    buf_fini(&p.out);
    if (result != ST_OK)
        return cmd_exit_status(result);
    return p.found ? EXIT_FOUND : EXIT_NOTHING;
}

const struct command command_posture = {
    .name = "posture",
    .about = "how exposed a cluster is, from manifests, dumps or the cluster itself",
    .details =
        "Objects, and who may do what by them, are judged by the built-in controls. A control's points times the share of what is healthy "
        "is its score; "
        "the gain is what fixing the rest would add.\n\n"
        "With a profile pss:LEVEL:VERSION pods, and the pod templates of workloads, are judged as Kubernetes' own Pod Security admission "
        "judges them at that level in that version, and nothing else is printed; each finding's control is one of the official checks. "
        "Versions newer than "
        "the newest known one are judged by that one.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "PATH",
                .about = "manifests and dumps: files, directories or -; without it, the live cluster",
                .complete = COMPLETE_FILE,
                .min = 0,
                .max = SIZE_MAX},
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
