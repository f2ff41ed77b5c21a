// SPDX-License-Identifier: Apache-2.0
// davy detect: alerts in audit logs.
#include "cmd/cmd.h"
#include "cmd/exports.h"
#include "cmd/live.h"
#include "cmd/options.h"
#include "content/content.h"
#include "engine/pack/knowledge.h"
#include "engine/pack/pack.h"
#include "os/os.h"
#include "engine/engine.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    OPT_CLUSTER,
    OPT_RULES,
    OPT_PLACEHOLDERS,
    OPT_OBJECTS,
    OPT_FORMAT,
    OPT_OUTPUT,
    OPT_LEVEL,
    OPT_FAIL_ON,
    OPT_THREADS,
    OPT_STRICT,
    OPT_DISORDER,
    OPT_MAX_RECORD,
    OPT_MAX_DEPTH,
    OPT_START,
    OPT_ALERTS_ONLY,
    OPT_NAVIGATOR,
    OPT_STIX,
    OPT_CAMPAIGN_WINDOW,
    OPT_EVIDENCE,
    OPT_COLOUR,
    OPT_QUIET,
    LIVE_OPTIONS,
    OPT_DEFAULT_REGISTRY,
};

static const char *const formats[] = {"text", "json", "html", NULL};
static const char *const levels[] = {"informational", "low", "medium", "high", "critical", NULL};
static const char *const whens[] = {"auto", "always", "never", NULL};

static const struct arg_spec options[] = {
    [OPT_CLUSTER] = {.name = "cluster", .kind = ARG_STRING, .value = "NAME", .about = "name the cluster that all inputs belong to"},
    [OPT_RULES] = OPTION_RULES("use the rules in DIR (or a file) instead of the built-in ones"),
    [OPT_PLACEHOLDERS] = {.name = "placeholders",
                          .kind = ARG_STRING,
                          .complete = COMPLETE_FILE,
                          .value = "FILE",
                          .about = "YAML with the lists that rules refer to by %name% (modifier expand)"},
    [OPT_OBJECTS] = OPTION_OBJECTS("objects of the clusters (manifests, dumps), to name causes and what is left by; may be given again"),
    [OPT_FORMAT] = OPTION_FORMAT(formats, "text", "how to print alerts"),
    [OPT_OUTPUT] = {.name = "output",
                    .letter = 'o',
                    .kind = ARG_STRING,
                    .complete = COMPLETE_FILE,
                    .value = "FILE",
                    .about = "write to FILE instead of standard output"},
    [OPT_LEVEL] = {.name = "level",
                   .letter = 'l',
                   .kind = ARG_ENUM,
                   .value = "LEVEL",
                   .choices = levels,
                   .initial = "low",
                   .about = "show alerts of this level and above"},
    [OPT_FAIL_ON] = OPTION_FAIL_ON("an alert"),
    [OPT_THREADS] = {.name = "threads",
                     .letter = 'j',
                     .kind = ARG_NUMBER,
                     .value = "N",
                     .min = 1,
                     .max = 256,
                     .about = "threads that read and match; one for each processor when not given"},
    [OPT_STRICT] = {.name = "strict",
                    .kind = ARG_FLAG,
                    .about = "check every byte of every record, and stop at the first that is not valid"},
    [OPT_DISORDER] = {.name = "disorder",
                      .kind = ARG_DURATION,
                      .value = "SPAN",
                      .initial = "60s",
                      .max = 86400,
                      .about = "how late an event may be and still be put in order"},
    [OPT_MAX_RECORD] = {.name = "max-record",
                        .kind = ARG_SIZE,
                        .value = "SIZE",
                        .initial = "64M",
                        .min = 1024,
                        .max = 1u << 30,
                        .about = "skip and count records longer than this"},
    [OPT_MAX_DEPTH] = {.name = "max-depth",
                       .kind = ARG_NUMBER,
                       .value = "N",
                       .initial = "256",
                       .min = 8,
                       .max = 1024,
                       .about = "refuse records nested deeper than this"},
    [OPT_START] = {.name = "start",
                   .kind = ARG_LIST,
                   .value = "WHERE",
                   .about = "also start the search at WHERE, alerts or not: host:PATH-OR-EXE, image:REF, ip:ADDR or user:NAME"},
    [OPT_ALERTS_ONLY] = {.name = "alerts-only", .kind = ARG_FLAG, .about = "do not reconstruct incidents from the alerts"},
    [OPT_NAVIGATOR] = {.name = "navigator",
                       .kind = ARG_STRING,
                       .complete = COMPLETE_FILE,
                       .value = "FILE",
                       .about = "also write the techniques of the incidents to FILE, a layer for ATT&CK Navigator"},
    [OPT_STIX] = {.name = "stix",
                  .kind = ARG_STRING,
                  .complete = COMPLETE_FILE,
                  .value = "FILE",
                  .about = "also write the incidents to FILE, a bundle of STIX 2.1"},
    [OPT_CAMPAIGN_WINDOW] = OPTION_CAMPAIGN_WINDOW,
    [OPT_EVIDENCE] = {.name = "evidence",
                      .kind = ARG_STRING,
                      .complete = COMPLETE_FILE,
                      .value = "FILE",
                      .about = "also write what the incidents rest on to FILE, a bundle for davy evidence (tar.zst)"},
    [OPT_COLOUR] = {.name = "colour",
                    .kind = ARG_ENUM,
                    .value = "WHEN",
                    .choices = whens,
                    .initial = "auto",
                    .about = "when to colour the text (auto: on a terminal, unless NO_COLOR is set)"},
    [OPT_QUIET] = {.name = "quiet", .letter = 'q', .kind = ARG_FLAG, .about = "no progress bar"},
    LIVE_SPECS,
    [OPT_DEFAULT_REGISTRY] = OPTION_DEFAULT_REGISTRY,
};
static const struct objects_options objects_at = LIVE_PLACES;

static const struct example examples[] = {
    {"davy detect audit.log", "alerts of one log, as text"},
    {"davy detect --format json logs/ | jq .rule.title", "one cluster a file or folder of logs/, as NDJSON"},
    {"davy detect audit.log falco.jsonl --start host:/tmp/kworkerds", "who brought that program there, and all they did"},
    {"davy detect --objects cluster.yaml audit.log",
     "with what kubectl get -A -o yaml printed: causes and leftovers are checked against it"},
    {"davy detect --live audit.log", "checked against the cluster as it is now"},
    {"zcat audit.log.gz | davy detect --cluster blue -", "from a pipe"},
};

// Where alerts go, and what is remembered about them for the exit status.
struct output {
    FILE *file;
    struct report *report;
    struct exports *exports;
    enum rule_level fail_on;
    bool never_fail, found;
    bool started; // at what the caller named: then incidents need no alert
    status failure;
    bool bar; // a progress bar is on the terminal
};

static status write_out(void *context, struct str bytes)
{
    struct output *o = context;
    return fwrite(bytes.ptr, 1, bytes.len, o->file) == bytes.len ? ST_OK : ST_IO;
}

static void on_alert(void *context, const struct alert *alert)
{
    struct output *o = context;
    o->found = o->found || (!o->never_fail && alert->rule->level >= o->fail_on);
    exports_alert(o->exports, alert);
    if (o->failure == ST_OK)
        o->failure = report_alert(o->report, alert);
}

static void on_incident(void *context, const struct incident *incident)
{
    struct output *o = context;
    o->found = o->found || (o->started && !o->never_fail && incident->severity >= o->fail_on);
    exports_incident(o->exports, incident);
    if (o->failure == ST_OK)
        o->failure = report_incident(o->report, incident);
}

static void on_campaign(void *context, const struct campaign *campaign)
{
    struct output *o = context;
    exports_campaign(o->exports, campaign);
    if (o->failure == ST_OK)
        o->failure = report_campaign(o->report, campaign);
}

static void on_evidence(void *context, const struct incident *incident, const struct evidence *place, struct str record)
{
    struct output *o = context;
    exports_evidence(o->exports, incident, place, record);
}

static void on_progress(void *context, const struct engine_progress *now)
{
    struct output *o = context;
    enum { WIDTH = 30 };
    o->bar = true;
    if (now->total) {
        int filled = (int)((double)now->bytes / (double)now->total * WIDTH);
        fprintf(stderr, "\r[%-*.*s] %3d %%", WIDTH, filled, "##############################", filled * 100 / WIDTH);
    } else {
        fprintf(stderr, "\r%.1f MB", (double)now->bytes / 1e6);
    }
    fprintf(stderr, "  %llu events, %llu alerts ", (unsigned long long)now->records, (unsigned long long)now->alerts);
}

static void clear_bar(const struct output *o)
{
    if (o->bar)
        fprintf(stderr, "\r%80s\r", "");
}

static bool wants_colour(const struct args *args)
{
    enum { AUTO, ALWAYS };
    size_t when = arg_choice(args, OPT_COLOUR);
    const char *no_colour = getenv("NO_COLOR");
    return when == ALWAYS || (when == AUTO && !arg_given(args, OPT_OUTPUT) && os_is_terminal(1) && !(no_colour && *no_colour));
}

static struct engine_config make_config(const struct args *args, const struct pack *pack, const struct source_list *inputs)
{
    struct engine_config config = {
        .inputs = inputs,
        .rules = pack->rules,
        .dictionary = pack->dictionary,
        .pack = pack,
        .hosts = pack->hosts,
        .threads = (unsigned)arg_number(args, OPT_THREADS),
        .json = {.depth = (unsigned)arg_number(args, OPT_MAX_DEPTH),
                 .size = arg_size(args, OPT_MAX_RECORD),
                 .strict = arg_flag(args, OPT_STRICT)},
        .source = SOURCE_LIMITS_DEFAULT,
        .correlator = CORRELATOR_LIMITS_DEFAULT,
        .strict = arg_flag(args, OPT_STRICT),
        .disorder = arg_duration(args, OPT_DISORDER),
        .campaign_window = arg_duration(args, OPT_CAMPAIGN_WINDOW),
    };
    config.source.record = config.json.size;
    return config;
}

static status load_techniques(struct techniques **out, struct diags *diags)
{
    const struct content_file *file = content_find(STR("techniques.yml"));
    return techniques_load(out, content_source(file), diags);
}

// The files beside the report. Of the options those are facts that bear on what is found: where and how it is printed, and how many
// threads look for it, do not.
static status open_exports(const struct args *args, struct arena *a, struct output *o, const struct pack *pack,
                           const struct source_list *inputs, const struct techniques *techniques, struct diags *diags)
{
    enum { LEAVE_OUT = 1 << OPT_FORMAT | 1 << OPT_OUTPUT | 1 << OPT_FAIL_ON | 1 << OPT_THREADS | 1 << OPT_COLOUR | 1 << OPT_QUIET };
    uint64_t leave_out = LEAVE_OUT | 1ull << OPT_NAVIGATOR | 1ull << OPT_STIX | 1ull << OPT_EVIDENCE | 1ull << OPT_TIMEOUT;
    struct export_paths paths = {
        .navigator = arg_string(args, OPT_NAVIGATOR), .stix = arg_string(args, OPT_STIX), .evidence = arg_string(args, OPT_EVIDENCE)};
    struct dossier_facts facts = {
        .version = STR(DAVY_VERSION),
        .inputs = inputs,
        .rules = pack->rules,
        .sources = pack->sources,
        .n_sources = pack->n_sources,
        .lists = pack->lists,
        .n_lists = pack->n_lists,
        .techniques = techniques,
        .least = (enum rule_level)arg_choice(args, OPT_LEVEL),
    };
    facts.options = exports_options(a, args, leave_out, &facts.n_options);
    if (arg_flag(args, OPT_ALERTS_ONLY) && (paths.navigator.ptr || paths.stix.ptr || paths.evidence.ptr)) {
        diags_add(diags, DIAG_ERROR, NULL, "--alerts-only leaves no incidents for --navigator, --stix and --evidence");
        return ST_USAGE;
    }
    return exports_open(&o->exports, &paths, &facts, diags);
}

static status parse_starts(const struct args *args, struct arena *a, struct engine_config *config, struct diags *diags)
{
    size_t n;
    const struct str *texts = arg_list(args, OPT_START, &n);
    struct inquiry_begin *starts = arena_array(a, struct inquiry_begin, n);
    config->starts = starts;
    config->n_starts = n;
    for (size_t i = 0; i < n; i++)
        if (!inquiry_begin_parse(texts[i], &starts[i])) {
            diags_add(diags, DIAG_ERROR, NULL, "--start %.*s: not host:PATH-OR-EXE, image:REF, ip:ADDR or user:NAME", STR_ARG(texts[i]));
            return ST_USAGE;
        }
    if (n && arg_flag(args, OPT_ALERTS_ONLY)) {
        diags_add(diags, DIAG_ERROR, NULL, "--alerts-only leaves nothing for --start");
        return ST_USAGE;
    }
    return ST_OK;
}

static status load_objects(const struct args *args, const struct source_list *inputs, struct dumps **out, struct diags *diags)
{
    const struct survey_options wanted = {arg_string(args, OPT_CLUSTER), arg_flag(args, OPT_STRICT)};
    struct survey *survey;
    TRY(cmd_survey_objects(args, objects_at, wanted, &survey, diags));
    if (!survey)
        return ST_OK;
    TRY(dumps_load(out, survey, arg_string(args, OPT_DEFAULT_REGISTRY), diags));
    dumps_warn(*out, inputs, diags);
    return ST_OK;
}

static status report_all(const struct args *args, struct output *o, const struct pack *pack, const struct source_list *inputs,
                         const struct dumps *objects, struct diags *diags)
{
    struct engine_config config = make_config(args, pack, inputs);
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    struct incident_knowledge knowledge = knowledge_of(pack, &arena, os_random());
    struct campaign_knowledge stock = campaign_knowledge_of(pack, &arena);
    knowledge.stock = &stock;
    config.knowledge = arg_flag(args, OPT_ALERTS_ONLY) ? NULL : &knowledge;
    config.campaigns = &stock;
    status parsed = parse_starts(args, &arena, &config, diags);
    if (parsed != ST_OK) {
        arena_fini(&arena);
        return parsed;
    }
    config.objects = objects;
    struct engine_handler handler = {
        .context = o,
        .alert = on_alert,
        .incident = on_incident,
        .campaign = on_campaign,
        .progress = arg_flag(args, OPT_QUIET) || !os_is_terminal(2) ? NULL : on_progress,
    };
    struct engine_run *run = NULL;
    struct techniques *techniques = NULL;
    TRY(load_techniques(&techniques, diags));
    struct report_options wanted = {
        .format = (enum report_format)arg_choice(args, OPT_FORMAT),
        .colour = wants_colour(args),
        .width = arg_given(args, OPT_OUTPUT) ? 0 : os_terminal_width(1),
        .least = (enum rule_level)arg_choice(args, OPT_LEVEL),
        .techniques = techniques,
    };
    o->report = report_new(wanted, write_out, o);
    status result = open_exports(args, &arena, o, pack, inputs, techniques, diags);
    if (result == ST_OK && exports_want_evidence(o->exports))
        handler.evidence = on_evidence;
    if (result == ST_OK)
        result = engine_detect(&run, &config, &handler, diags);
    clear_bar(o);
    if (result == ST_OK && o->failure == ST_OK)
        o->failure = report_finish(o->report, engine_run_summary(run));
    if (result == ST_OK)
        result = exports_finish(o->exports, engine_run_summary(run), diags);
    exports_free(o->exports);
    report_free(o->report);
    engine_run_free(run);
    techniques_free(techniques);
    arena_fini(&arena);
    return result != ST_OK ? result : o->failure;
}

static status open_output(const struct args *args, struct output *o, struct diags *diags)
{
    struct str path = arg_string(args, OPT_OUTPUT);
    o->file = path.ptr ? fopen(path.ptr, "w") : stdout;
    if (o->file)
        return ST_OK;
    struct place place = {.file = path};
    diags_add(diags, DIAG_ERROR, &place, "cannot be written: %s", os_reason(errno));
    return ST_IO;
}

static status close_output(struct output *o, status result, struct diags *diags)
{
    bool good = fflush(o->file) == 0 && !ferror(o->file);
    if (o->file != stdout)
        good = fclose(o->file) == 0 && good;
    if (good && o->failure == ST_OK)
        return result;
    diags_add(diags, DIAG_ERROR, NULL, "the output could not be written: %s", os_reason(errno));
    return ST_IO;
}

static status detect(const struct args *args, struct output *o, struct diags *diags)
{
    struct pack *pack = NULL;
    struct source_list *inputs = NULL;
    struct pack_options wanted = {.stream = STR("audit"), .hosts = true, .placeholders = arg_string(args, OPT_PLACEHOLDERS)};
    struct dumps *objects = NULL;
    wanted.paths = arg_list(args, OPT_RULES, &wanted.n_paths);
    wanted.registry = arg_string(args, OPT_DEFAULT_REGISTRY);
    status result = pack_load(&pack, &wanted, diags);
    if (result == ST_OK)
        result = source_expand(&inputs, args->operands, args->n_operands, arg_string(args, OPT_CLUSTER), diags);
    if (result == ST_OK)
        result = load_objects(args, inputs, &objects, diags);
    if (result == ST_OK)
        result = open_output(args, o, diags);
    if (result == ST_OK) {
        result = report_all(args, o, pack, inputs, objects, diags);
        result = close_output(o, result, diags);
    }
    dumps_free(objects);
    source_list_free(inputs);
    pack_free(pack);
    return result;
}

static int run(const struct args *args)
{
    struct diags diags;
    size_t fail_on = arg_choice(args, OPT_FAIL_ON);
    struct output o = {.fail_on = (enum rule_level)fail_on, .never_fail = fail_on > LEVEL_CRITICAL, .started = arg_given(args, OPT_START)};
    diags_init(&diags);
    status result = detect(args, &o, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    if (result != ST_OK)
        return cmd_exit_status(result);
    return o.found ? EXIT_FOUND : EXIT_NOTHING;
}

const struct command command_detect = {
    .name = "detect",
    .about = "find intrusions in Kubernetes audit logs and in what nodes tell of processes",
    .details = "A PATH is a file, a directory (one cluster a subdirectory or file) or - for standard input; plain, gzip or zstd. The shape "
               "is found out: NDJSON, a JSON array, an EventList, or the envelopes of AKS, EKS and GKE; of nodes: Falco's, Tetragon's and "
               "Tracee's JSON, auditd, journald and process listings.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "PATH",
                .about = "audit logs and host logs: files, directories or -",
                .complete = COMPLETE_FILE,
                .min = 1,
                .max = SIZE_MAX},
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
