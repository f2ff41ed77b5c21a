// SPDX-License-Identifier: Apache-2.0
// davy detect: alerts in audit logs.
#include "cmd/cmd.h"

#include <stdio.h>

enum {
    OPT_CLUSTER,
    OPT_RULES,
    OPT_PLACEHOLDERS,
    OPT_FORMAT,
    OPT_OUTPUT,
    OPT_LEVEL,
    OPT_FAIL_ON,
    OPT_THREADS,
    OPT_STRICT,
    OPT_DISORDER,
    OPT_MAX_RECORD,
    OPT_MAX_DEPTH,
    OPT_COLOUR,
    OPT_QUIET,
};

static const char *const formats[] = {"text", "json", "html", NULL};
static const char *const levels[] = {"informational", "low", "medium", "high", "critical", NULL};
static const char *const fail_levels[] = {"informational", "low", "medium", "high", "critical", "never", NULL};
static const char *const whens[] = {"auto", "always", "never", NULL};

static const struct arg_spec options[] = {
    [OPT_CLUSTER] = {.name = "cluster", .kind = ARG_STRING, .value = "NAME", .about = "name the cluster that all inputs belong to"},
    [OPT_RULES] = {.name = "rules",
                   .letter = 'r',
                   .kind = ARG_LIST,
                   .complete = COMPLETE_DIRECTORY,
                   .value = "DIR",
                   .about = "use the rules in DIR (or a file) instead of the built-in ones"},
    [OPT_PLACEHOLDERS] = {.name = "placeholders",
                          .kind = ARG_STRING,
                          .complete = COMPLETE_FILE,
                          .value = "FILE",
                          .about = "YAML with the lists that rules refer to by %name% (modifier expand)"},
    [OPT_FORMAT] = {.name = "format",
                    .letter = 'f',
                    .kind = ARG_ENUM,
                    .value = "FORMAT",
                    .choices = formats,
                    .initial = "text",
                    .about = "how to print alerts"},
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
    [OPT_FAIL_ON] = {.name = "fail-on",
                     .kind = ARG_ENUM,
                     .value = "LEVEL",
                     .choices = fail_levels,
                     .initial = "high",
                     .about = "exit with status 1 when there is an alert of this level or above"},
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
    [OPT_COLOUR] = {.name = "colour",
                    .kind = ARG_ENUM,
                    .value = "WHEN",
                    .choices = whens,
                    .initial = "auto",
                    .about = "when to colour the text (auto: on a terminal, unless NO_COLOR is set)"},
    [OPT_QUIET] = {.name = "quiet", .letter = 'q', .kind = ARG_FLAG, .about = "no progress bar"},
};

static const struct example examples[] = {
    {"davy detect audit.log", "alerts of one log, as text"},
    {"davy detect --format json logs/ | jq .rule.title", "one cluster a file or folder of logs/, as NDJSON"},
    {"zcat audit.log.gz | davy detect --cluster blue -", "from a pipe"},
};

static int run(const struct args *args)
{
    (void)args;
    fprintf(stderr, "davy detect: not in this build yet\n");
    return EXIT_TROUBLE;
}

const struct command command_detect = {
    .name = "detect",
    .about = "find intrusions in Kubernetes audit logs",
    .details = "A PATH is a file, a directory (one cluster a subdirectory or file) or - for standard input; plain, gzip or zstd. The shape "
               "is found out: NDJSON, a JSON array, an EventList, or the envelopes of AKS, EKS and GKE.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "PATH", .about = "audit logs: files, directories or -", .complete = COMPLETE_FILE, .min = 1, .max = SIZE_MAX},
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
