// SPDX-License-Identifier: Apache-2.0
// davy campaign: which of the incidents that many runs found are the work of one hand.
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "engine/pack/knowledge.h"
#include "engine/pack/pack.h"
#include "engine/lookback/retell.h"
#include "os/os.h"
#include "engine/engine.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>

enum { OPT_FORMAT, OPT_WINDOW, OPT_RULES, OPT_FAIL_ON, OPT_STRICT };

static const char *const formats[] = {"text", "json", NULL};

static const struct arg_spec options[] = {
    [OPT_FORMAT] = OPTION_FORMAT(formats, "text", "how to print campaigns"),
    [OPT_WINDOW] = OPTION_CAMPAIGN_WINDOW,
    [OPT_RULES] = OPTION_RULES("use the lists of what is trusted and stock in DIR instead of the built-in ones"),
    [OPT_FAIL_ON] = OPTION_FAIL_ON("a campaign"),
    [OPT_STRICT] = {.name = "strict", .kind = ARG_FLAG, .about = "stop at the first line that is not right"},
};

static const struct example examples[] = {
    {"davy detect --format json logs/ | davy campaign -", "from a pipe"},
    {"davy campaign monday.jsonl.zst tuesday.jsonl.zst", "over what several runs found"},
};

struct output {
    enum rule_level fail_on;
    bool never_fail, found;
};

static status write_out(void *context, struct str bytes)
{
    (void)context;
    return fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len ? ST_OK : ST_IO;
}

static status print(const struct args *args, struct campaigns *campaigns, struct output *o)
{
    size_t n;
    const struct campaign *list = campaigns_conclude(campaigns, &n);
    const char *no_colour = getenv("NO_COLOR");
    struct report_options wanted = {
        .format = (enum report_format)arg_choice(args, OPT_FORMAT),
        .colour = os_is_terminal(1) && !(no_colour && *no_colour),
        .width = os_terminal_width(1),
        .campaigns_only = true,
    };
    struct report *report = report_new(wanted, write_out, NULL);
    status result = ST_OK;
    for (size_t i = 0; i < n && result == ST_OK; i++) {
        o->found = o->found || (!o->never_fail && list[i].severity >= o->fail_on);
        result = report_campaign(report, &list[i]);
    }
    report_free(report);
    return result == ST_OK && fflush(stdout) != 0 ? ST_IO : result;
}

// What was read, and what a limit left out: nothing is lost in silence.
static void tell_counters(const struct retelling *read, const struct campaigns_counters *c)
{
    fprintf(stderr, "davy: %llu incidents read", (unsigned long long)read->incidents);
    const struct {
        uint64_t n;
        const char *what;
    } counts[] = {
        {c->repeated, "told more than once"},
        {read->bad, "lines skipped"},
        {c->dropped_incidents, "oldest incidents dropped, beyond the limit"},
        {c->dropped_indicators, "indicators dropped, beyond the limit of an incident"},
        {c->cut_texts, "texts shortened"},
        {c->without_time, "without a time, which join nothing"},
        {c->refused, "weak links refused, between groups that do not agree"},
    };
    for (size_t i = 0; i < COUNT(counts); i++)
        if (counts[i].n)
            fprintf(stderr, "; %llu %s", (unsigned long long)counts[i].n, counts[i].what);
    fputc('\n', stderr);
}

static status find(const struct args *args, const struct pack *pack, struct output *o, struct diags *diags)
{
    struct arena arena;
    struct source_list *inputs = NULL;
    struct retelling read = {0};
    TRY(source_expand(&inputs, args->operands, args->n_operands, STR("-"), diags));
    arena_init(&arena, ARENA_UNLIMITED);
    struct campaign_knowledge knowledge = campaign_knowledge_of(pack, &arena);
    struct campaigns *campaigns = campaigns_new(&knowledge, arg_duration(args, OPT_WINDOW));
    status result = retell(campaigns, inputs, arg_flag(args, OPT_STRICT), &read, diags);
    if (result == ST_OK) {
        result = print(args, campaigns, o);
        struct campaigns_counters counters = campaigns_counters(campaigns);
        tell_counters(&read, &counters);
    }
    campaigns_free(campaigns);
    arena_fini(&arena);
    source_list_free(inputs);
    return result;
}

static int run(const struct args *args)
{
    struct diags diags;
    struct pack *pack = NULL;
    size_t fail_on = arg_choice(args, OPT_FAIL_ON);
    struct output o = {.fail_on = (enum rule_level)fail_on, .never_fail = fail_on > LEVEL_CRITICAL};
    struct pack_options wanted = {.stream = STR("audit")};
    wanted.paths = arg_list(args, OPT_RULES, &wanted.n_paths);
    diags_init(&diags);
    status result = pack_load(&pack, &wanted, &diags);
    if (result == ST_OK)
        result = find(args, pack, &o, &diags);
    cmd_print_diags(&diags);
    diags_fini(&diags);
    pack_free(pack);
    if (result != ST_OK)
        return cmd_exit_status(result);
    return o.found ? EXIT_FOUND : EXIT_NOTHING;
}

const struct command command_campaign = {
    .name = "campaign",
    .about = "find campaigns: intrusions into several clusters that are the work of one hand",
    .details =
        "A FILE holds what `davy detect --format json` printed, of one run or of many, plain or compressed; lines that are no incidents "
        "are passed over. The order of files and lines does not matter, and what was told twice counts once.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "FILE", .about = "incidents as NDJSON: files or -", .complete = COMPLETE_FILE, .min = 1, .max = SIZE_MAX},
    .examples = examples,
    .n_examples = COUNT(examples),
    .run = run,
};
