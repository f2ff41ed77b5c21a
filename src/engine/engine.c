// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include "base/clock.h"
#include "base/status.h"
#include "engine/stream/cluster.h"
#include "engine/controls/doors.h"
#include "engine/lookback/lookback.h"
#include "engine/stream/pipeline.h"
#include "engine/lookback/retrieve.h"
#include "engine/stream/showing.h"
#include "os/os.h"

#include <stdlib.h>

struct engine_run {
    struct engine_config config;
    struct engine_summary summary;
    struct arena arena;
    struct plan *plan, *host_plan;
    struct blindness *blind;
    size_t n_blind, cap_blind;
};

// The sequencer: sees blocks in the order of the input.
struct sequencer {
    struct engine_run *run;
    const struct engine_handler *handler;
    struct source_reader *reader;
    struct diags *diags;
    struct source_lines lines;
    struct lane {
        uint32_t input;
        struct clock clock;
    } lanes[SOURCE_LANES_MAX];
    struct cluster *cluster; // the one whose records are passing
    struct cluster *hosts;   // the same, for what was found in records of its nodes; NULL: they are not read
    struct str cluster_name;
    struct engine_handler inner; // what clusters tell their alerts to: the inquiry, then the caller's handler
    struct inquiry *inquiry;     // of this cluster; NULL: nothing is reconstructed
    struct spool *spool;
    struct doors *doors;           // which controls would have found them
    struct campaigns *campaigns;   // among the incidents of all clusters; NULL: not looked for
    int64_t first_time, last_time; // of this cluster's findings
    uint64_t sequence;
    int64_t last_progress;
    uint64_t writes, writes_without_bodies, truncated; // of this cluster
    bool stopped_by_strict;
};

// --- what could not be judged -----------------------------------------------------------------------------------------------------

static void add_blindness(struct engine_run *run, struct str cluster, uint64_t records, uint64_t rules, struct str why)
{
    if (run->n_blind == run->cap_blind) {
        run->cap_blind = run->cap_blind ? run->cap_blind * 2 : 8;
        run->blind = must_alloc(reallocarray(run->blind, run->cap_blind, sizeof *run->blind));
    }
    run->blind[run->n_blind++] = (struct blindness){arena_str(&run->arena, cluster), why, records, rules};
}

static void note_blindness(struct sequencer *s)
{
    struct engine_run *run = s->run;
    size_t rules = plan_stats(run->plan).need_bodies;
    if (s->writes_without_bodies && rules)
        add_blindness(run, s->cluster_name, s->writes_without_bodies, rules,
                      arena_printf(&run->arena,
                                   "%llu of %llu writes were logged at level Metadata, without bodies: rules that look at what was created "
                                   "or changed could not judge them (log create, update and patch at level RequestResponse)",
                                   (unsigned long long)s->writes_without_bodies, (unsigned long long)s->writes));
    if (s->truncated && rules)
        add_blindness(run, s->cluster_name, s->truncated, rules,
                      arena_printf(&run->arena,
                                   "%llu events lost their bodies because they were larger than the audit backend takes; an intruder can "
                                   "force this by padding (raise --audit-webhook-truncate-max-event-size)",
                                   (unsigned long long)s->truncated));
    s->writes = s->writes_without_bodies = s->truncated = 0;
}

// --- blocks in order ---------------------------------------------------------------------------------------------------------------

static void take_alert(void *context, const struct alert *alert)
{
    struct sequencer *s = context;
    s->handler->alert(s->handler->context, alert);
    if (s->inquiry)
        inquiry_alert(s->inquiry, alert);
}

static void tell_incidents(struct sequencer *s, bool without_bodies, status looked)
{
    struct engine_summary *summary = &s->run->summary;
    struct inquiry_reading reading = {s->first_time, s->last_time, without_bodies, spool_partial(s->spool) || looked != ST_OK};
    size_t n;
    const struct incident *incidents = inquiry_conclude(s->inquiry, reading, &n);
    struct inquiry_counters counters = inquiry_counters(s->inquiry);
    for (size_t i = 0; i < n; i++) {
        if (s->handler->incident) {
            struct incident told = incidents[i];
            doors_find(s->doors, &told);
            s->handler->incident(s->handler->context, &told);
        }
        if (s->campaigns)
            campaigns_add(s->campaigns, &incidents[i]);
    }
    if (s->handler->evidence)
        summary->evidence_lost +=
            retrieve_run(incidents, n, s->spool, s->run->config.inputs, s->handler->evidence, s->handler->context, s->diags);
    summary->incidents += n;
    summary->lookback_events += counters.events;
    summary->lookback_dropped +=
        counters.dropped_facts + counters.dropped_terms + counters.dropped_seeds + counters.dropped_marks + counters.dropped_processes;
}

static void tell_campaigns(struct sequencer *s)
{
    size_t n;
    if (!s->campaigns)
        return;
    const struct campaign *campaigns = campaigns_conclude(s->campaigns, &n);
    for (size_t i = 0; i < n; i++)
        s->handler->campaign(s->handler->context, &campaigns[i]);
    struct campaigns_counters counters = campaigns_counters(s->campaigns);
    s->run->summary.campaigns = n;
    s->run->summary.campaign_dropped = counters.dropped_incidents + counters.dropped_indicators;
    s->run->summary.campaign_timeless = counters.without_time;
    s->run->summary.campaign_refused = counters.refused;
    campaigns_free(s->campaigns);
}

static void end_inquiry(struct sequencer *s, bool without_bodies)
{
    if (!s->inquiry)
        return;
    if (inquiry_wanted(s->inquiry))
        tell_incidents(s, without_bodies, lookback_run(s->inquiry, s->spool, s->run->config.inputs, s->diags));
    inquiry_free(s->inquiry);
    spool_free(s->spool);
    s->inquiry = NULL;
    s->spool = NULL;
}

static void end_cluster(struct sequencer *s)
{
    bool without_bodies = s->writes_without_bodies > 0;
    if (!s->cluster)
        return;
    note_blindness(s);
    cluster_end(s->cluster);
    if (s->hosts)
        cluster_end(s->hosts);
    s->cluster = s->hosts = NULL;
    end_inquiry(s, without_bodies);
}

static void begin_inquiry(struct sequencer *s)
{
    const struct engine_config *config = &s->run->config;
    s->first_time = s->last_time = TIME_NONE;
    if (!config->knowledge)
        return;
    s->inquiry = inquiry_new(config->knowledge, s->cluster_name);
    for (size_t i = 0; i < config->n_starts; i++)
        must(inquiry_start_at(s->inquiry, config->starts[i])); // as inquiry_begin_parse made it
    inquiry_standing(s->inquiry, dumps_of(config->objects, s->cluster_name, config->inputs));
    s->spool = spool_new(config->inputs, config->source, s->cluster_name);
}

static void enter_cluster(struct sequencer *s, struct str name)
{
    if (s->cluster && str_eq(name, s->cluster_name))
        return;
    end_cluster(s);
    s->cluster_name = name;
    s->cluster = cluster_new(&s->run->config, s->run->plan, name, &s->inner, &s->run->summary, false);
    if (s->run->host_plan)
        s->hosts = cluster_new(&s->run->config, s->run->host_plan, name, &s->inner, &s->run->summary, true);
    begin_inquiry(s);
}

static void add_counts(struct sequencer *s, const struct block_result *r)
{
    struct engine_summary *summary = &s->run->summary;
    summary->records += r->records;
    summary->bytes += r->bytes;
    summary->bad_records += r->bad_records;
    summary->foreign_records += r->foreign;
    summary->truncated += r->truncated;
    summary->without_time += r->without_time;
    summary->without_bodies += r->writes_without_bodies;
    summary->host_records += r->hosts;
    summary->host_cut += r->host_cut;
    summary->host_timeless += r->host_timeless;
    s->writes += r->writes;
    s->writes_without_bodies += r->writes_without_bodies;
    s->truncated += r->truncated;
}

static void report_bad(struct sequencer *s, const struct block_result *r, struct str file, uint64_t first_line)
{
    enum diag_level level = s->run->config.strict ? DIAG_ERROR : DIAG_WARNING;
    for (size_t i = 0; i < r->n_bad; i++) {
        const struct bad_record *bad = &r->bad[i];
        struct place place = {
            .file = file, .line = (unsigned)(first_line + bad->line), .column = bad->item ? 0 : (unsigned)bad->offset + 1};
        if (bad->item)
            diags_add(s->diags, level, &place, "record %u of this line skipped: %s at byte %zu", bad->item, bad->reason, bad->offset + 1);
        else
            diags_add(s->diags, level, &place, "record skipped: %s", bad->reason);
        if (s->run->config.strict)
            return;
    }
}

static void note_time(int64_t *first, int64_t *last, int64_t time)
{
    if (time == TIME_NONE)
        return;
    if (*first == TIME_NONE || time < *first)
        *first = time;
    if (time > *last)
        *last = time;
}

static void show_progress(struct sequencer *s, const struct source_counters *read)
{
    enum { EVERY_MS = 100 };
    int64_t now = os_monotonic_ns();
    if (!s->handler->progress || now - s->last_progress < EVERY_MS * 1000000ll)
        return;
    s->last_progress = now;
    struct engine_progress progress = {read->read_bytes, read->total_bytes, s->run->summary.records, s->run->summary.alerts};
    s->handler->progress(s->handler->context, &progress);
}

static struct clock *clock_of(struct sequencer *s, const struct source_block *block)
{
    struct lane *lane = &s->lanes[block->lane];
    if (lane->input != block->input)
        *lane = (struct lane){.input = block->input, .clock = CLOCK_INIT};
    return &lane->clock;
}

static void take_finding(struct sequencer *s, const struct finding *f, const struct source_block *block, uint64_t first_line)
{
    struct cluster_place place = {.file = s->run->config.inputs->inputs[block->input].path,
                                  .line = first_line + f->line,
                                  .sequence = s->sequence++,
                                  .position = f->host ? f->time : clock_tell(clock_of(s, block), f->time)};
    note_time(&s->run->summary.first, &s->run->summary.last, f->time);
    note_time(&s->first_time, &s->last_time, f->time);
    cluster_add(f->host ? s->hosts : s->cluster, f, place);
}

static bool take_block(void *context, const struct source_block *block, struct block_result *result, const struct source_counters *read)
{
    struct sequencer *s = context;
    const struct source_input *input = &s->run->config.inputs->inputs[block->input];
    uint64_t first_line = source_lines_add(&s->lines, block, result->newlines);
    if (block->shape != SHAPE_LINES)
        first_line = 0; // spans carry lines of the input
    enter_cluster(s, input->cluster);
    add_counts(s, result);
    if (s->inquiry && result->hosts)
        inquiry_hosts(s->inquiry);
    if (s->spool)
        spool_add(s->spool, block, first_line);
    if (s->spool && result->opened)
        spool_mixed(s->spool, block->input);
    report_bad(s, result, input->path, first_line);
    cluster_reach(s->cluster, block->begins);
    for (size_t i = 0; i < result->n_findings; i++)
        take_finding(s, &result->findings[i], block, first_line);
    show_progress(s, read);
    s->stopped_by_strict = s->run->config.strict && result->n_bad;
    return !s->stopped_by_strict;
}

static status run_sequencer(struct engine_run *run, const struct engine_handler *handler, struct diags *diags)
{
    struct sequencer s = {.run = run, .handler = handler, .diags = diags, .doors = doors_new(run->config.pack)};
    for (size_t i = 0; i < SOURCE_LANES_MAX; i++)
        s.lanes[i].clock = CLOCK_INIT;
    s.inner = (struct engine_handler){.context = &s, .alert = take_alert};
    struct matcher_counters counters = {0};
    status opened = source_reader_new(&s.reader, run->config.inputs, run->config.source);
    if (opened != ST_OK) {
        doors_free(s.doors);
        return opened;
    }
    if (run->config.campaigns && handler->campaign)
        s.campaigns =
            campaigns_new(run->config.campaigns, run->config.campaign_window ? run->config.campaign_window : CAMPAIGN_WINDOW_DEFAULT);
    status result = pipeline_run(&run->config, run->plan, run->host_plan, s.reader, take_block, &s, &counters, diags);
    end_cluster(&s);
    tell_campaigns(&s);
    struct source_counters read = source_counters(s.reader);
    run->summary.bad_records += read.skipped_records + read.oversized_records;
    run->summary.foreign_records += read.foreign_records;
    run->summary.gave_up = counters.gave_up;
    run->summary.dropped_state += counters.captures_cut;
    source_reader_free(s.reader);
    doors_free(s.doors);
    return s.stopped_by_strict ? ST_INPUT : result;
}

// "Nothing found" must not be said of an input in which there was nothing to find anything in.
static status refuse_foreign(const struct engine_summary *s, struct diags *diags)
{
    if (s->records || s->host_records || (!s->bad_records && !s->foreign_records))
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL, "no audit event in what was read: %llu records are not JSON, %llu are something else",
              (unsigned long long)s->bad_records, (unsigned long long)s->foreign_records);
    return ST_INPUT;
}

status engine_detect(struct engine_run **out, const struct engine_config *config, const struct engine_handler *handler, struct diags *diags)
{
    struct engine_run *run = must_alloc(calloc(1, sizeof *run));
    size_t n_shown;
    const struct str *shown = showing_fields(&n_shown);
    arena_init(&run->arena, ARENA_UNLIMITED);
    run->config = *config;
    run->config.source.leave_wrapped = true;
    if (!run->config.threads)
        run->config.threads = os_cpu_count();
    run->summary.first = run->summary.last = TIME_NONE;
    *out = run;
    status result = plan_new(&run->plan, config->rules, config->dictionary, shown, n_shown, diags);
    if (result == ST_OK && config->hosts)
        result = plan_new(&run->host_plan, config->rules, config->hosts, NULL, 0, diags);
    if (result == ST_OK)
        result = run_sequencer(run, handler, diags);
    if (result == ST_OK)
        result = refuse_foreign(&run->summary, diags);
    run->summary.blind = run->blind;
    run->summary.n_blind = run->n_blind;
    return result;
}

const struct engine_summary *engine_run_summary(const struct engine_run *run)
{
    return &run->summary;
}

void engine_run_free(struct engine_run *run)
{
    if (!run)
        return;
    plan_free(run->plan);
    plan_free(run->host_plan);
    free(run->blind);
    arena_fini(&run->arena);
    free(run);
}
