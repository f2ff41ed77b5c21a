// SPDX-License-Identifier: Apache-2.0
// NDJSON: docs/schema/alert.schema.json and summary.schema.json, docs/output.md. A line is line_bounded whatever the log claims: texts and
// lists are shortened, and the line says so in `cut`.
#include "report/common/counters.h"
#include "report/json/campaign.h"
#include "report/json/incident.h"
#include "report/json/line.h"
#include "report/json/process.h"
#include "report/common/techniques.h"

// --- alert ---------------------------------------------------------------------------------------------------------------------------

static void write_rule(struct line *line, const struct rule *rule)
{
    json_key(&line->w, STR("rule"));
    json_open_object(&line->w);
    line_text(line, STR("id"), rule->id);
    line_text(line, STR("title"), rule->title);
    json_key_string(&line->w, STR("level"), rule_level_name(rule->level));
    line_list(line, STR("tags"), rule->tags, rule->n_tags);
    line_optional(line, STR("description"), rule->description);
    line_optional(line, STR("advice"), rule->advice);
    json_close_object(&line->w);
}

static void write_details(struct line *line, const struct alert *alert)
{
    json_key(&line->w, STR("details"));
    json_open_array(&line->w);
    size_t kept = line_bounded(line, alert->n_details);
    for (size_t i = 0; i < kept; i++) {
        json_open_object(&line->w);
        line_text(line, STR("name"), alert->details[i].name);
        line_text(line, STR("value"), alert->details[i].value);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_techniques(struct line *line, const struct techniques *t, const struct rule *rule)
{
    struct hit hits[HITS_MAX];
    size_t n = t ? techniques_of(t, rule, hits) : 0;
    json_key(&line->w, STR("techniques"));
    json_open_array(&line->w);
    for (size_t i = 0; i < n; i++) {
        const struct technique *technique = hits[i].technique == TECHNIQUE_NONE ? NULL : &t->items[hits[i].technique];
        json_open_object(&line->w);
        json_key_string(&line->w, STR("id"), technique ? technique->id : STR_NONE);
        json_key_string(&line->w, STR("name"), technique ? technique->name : STR_NONE);
        json_key_string(&line->w, STR("tactic"), t->tactics[hits[i].tactic].tag);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void json_alert(struct report *r, const struct alert *alert)
{
    struct line line;
    digest_count(&r->digest, alert);
    line_open(&line, r, STR("alert"));
    write_rule(&line, alert->rule);
    line_text(&line, STR("cluster"), alert->cluster);
    line_time(&line, STR("time"), alert->time);
    line_actor(&line, &alert->actor);
    line_action(&line, &alert->action);
    line_evidence(&line, alert->evidence, alert->n_evidence);
    json_key_number(&line.w, STR("count"), (int64_t)alert->count);
    line_time(&line, STR("first"), alert->first);
    write_details(&line, alert);
    line_optional(&line, STR("decision"), alert->decision);
    line_optional(&line, STR("reason"), alert->reason);
    write_techniques(&line, r->options.techniques, alert->rule);
    line_host_event(&line, alert->process);
    line_close(&line, r);
}

// --- summary -------------------------------------------------------------------------------------------------------------------------

static void write_levels(struct line *line, struct str key, const uint64_t by_level[LEVEL_CRITICAL + 1])
{
    json_key(&line->w, key);
    json_open_object(&line->w);
    for (unsigned i = LEVEL_CRITICAL + 1; i-- > 0;)
        json_key_number(&line->w, rule_level_name((enum rule_level)i), (int64_t)by_level[i]);
    json_close_object(&line->w);
}

static void write_blindness(struct line *line, const struct engine_summary *summary)
{
    json_key(&line->w, STR("not_judged"));
    json_open_array(&line->w);
    size_t kept = line_bounded(line, summary->n_blind);
    for (size_t i = 0; i < kept; i++) {
        const struct blindness *b = &summary->blind[i];
        json_open_object(&line->w);
        line_text(line, STR("cluster"), b->cluster);
        line_text(line, STR("why"), b->why);
        json_key_number(&line->w, STR("records"), (int64_t)b->records);
        json_key_number(&line->w, STR("rules"), (int64_t)b->rules);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void json_finish(struct report *r, const struct engine_summary *summary)
{
    struct line line;
    line_open(&line, r, STR("summary"));
    json_key_number(&line.w, STR("alerts"), (int64_t)r->digest.alerts);
    write_levels(&line, STR("by_level"), r->digest.by_level);
    write_levels(&line, STR("hidden"), r->hidden);
    json_key_number(&line.w, STR("clusters"), (int64_t)summary->clusters);
    line_time(&line, STR("first"), summary->first);
    line_time(&line, STR("last"), summary->last);
    json_key(&line.w, STR("counters"));
    json_open_object(&line.w);
    size_t n;
    const struct counter *table = counter_table(&n);
    for (size_t i = 0; i < n; i++)
        json_key_number(&line.w, table[i].key, (int64_t)counter_value(&table[i], summary));
    json_close_object(&line.w);
    write_blindness(&line, summary);
    line_close(&line, r);
}

const struct format format_json = {
    .name = {"json", 4}, .alert = json_alert, .incident = json_incident, .campaign = json_campaign, .finish = json_finish};
