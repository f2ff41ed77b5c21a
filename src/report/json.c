// SPDX-License-Identifier: Apache-2.0
// NDJSON: docs/schema/alert.schema.json and summary.schema.json, docs/output.md. A line is bounded whatever the log claims: texts and
// lists are shortened, and the line says so in `cut`.
#include "codec/json/json.h"

#include "report/counters.h"
#include "report/format.h"
#include "report/keep.h"
#include "report/techniques.h"

enum {
    TEXT_MAX = 64 << 10, // bytes of one text
    LINE_MAX = 1 << 20,  // bytes of texts in a line; what comes after it is cut to
    TEXT_LEAST = 256,    // this
    LIST_MAX = 256,      // elements of a list
};

struct line {
    struct json_writer w;
    size_t left;  // of LINE_MAX
    uint64_t cut; // texts and lists shortened
};

static void add_text(struct line *line, struct str s)
{
    size_t most = line->left < TEXT_LEAST ? TEXT_LEAST : line->left < TEXT_MAX ? line->left : TEXT_MAX;
    struct str kept = keep_cut(s, most);
    line->cut += kept.len < s.len;
    line->left -= kept.len < line->left ? kept.len : line->left;
    json_string(&line->w, kept);
}

static void text_member(struct line *line, struct str key, struct str s)
{
    json_key(&line->w, key);
    add_text(line, s);
}

// Only when there is something: members beyond the contract.
static void optional_text(struct line *line, struct str key, struct str s)
{
    if (s.ptr)
        text_member(line, key, s);
}

static size_t bounded(struct line *line, size_t n)
{
    line->cut += n > LIST_MAX;
    return n > LIST_MAX ? LIST_MAX : n;
}

static void list_member(struct line *line, struct str key, const struct str *items, size_t n)
{
    json_key(&line->w, key);
    json_open_array(&line->w);
    size_t kept = bounded(line, n);
    for (size_t i = 0; i < kept; i++)
        add_text(line, items[i]);
    json_close_array(&line->w);
}

static void time_member(struct line *line, struct str key, int64_t ns)
{
    json_key(&line->w, key);
    if (ns == TIME_NONE) {
        json_null(&line->w);
        return;
    }
    struct buf text;
    buf_init(&text, 64);
    time_write(&text, ns);
    json_string(&line->w, buf_str(&text));
    buf_fini(&text);
}

static void open_line(struct line *line, struct report *r, struct str kind)
{
    *line = (struct line){.w = json_writer_to(&r->out.buf), .left = LINE_MAX};
    json_open_object(&line->w);
    json_key_string(&line->w, STR("kind"), kind);
}

static void close_line(struct line *line, struct report *r)
{
    if (line->cut)
        json_key_number(&line->w, STR("cut"), (int64_t)line->cut);
    json_close_object(&line->w);
    buf_add_char(&r->out.buf, '\n');
}

// --- alert ---------------------------------------------------------------------------------------------------------------------------

static void write_rule(struct line *line, const struct rule *rule)
{
    json_key(&line->w, STR("rule"));
    json_open_object(&line->w);
    text_member(line, STR("id"), rule->id);
    text_member(line, STR("title"), rule->title);
    json_key_string(&line->w, STR("level"), rule_level_name(rule->level));
    list_member(line, STR("tags"), rule->tags, rule->n_tags);
    optional_text(line, STR("description"), rule->description);
    optional_text(line, STR("advice"), rule->advice);
    json_close_object(&line->w);
}

static void write_actor(struct line *line, const struct event_actor *a)
{
    json_key(&line->w, STR("actor"));
    json_open_object(&line->w);
    text_member(line, STR("principal"), a->principal);
    list_member(line, STR("groups"), a->groups, a->n_groups);
    list_member(line, STR("addresses"), a->addresses, a->n_addresses);
    text_member(line, STR("agent"), a->agent);
    optional_text(line, STR("uid"), a->uid);
    optional_text(line, STR("impersonated"), a->impersonated);
    if (a->n_impersonated_groups)
        list_member(line, STR("impersonated_groups"), a->impersonated_groups, a->n_impersonated_groups);
    optional_text(line, STR("credential_id"), a->credential_id);
    optional_text(line, STR("pod"), a->pod);
    optional_text(line, STR("node"), a->node);
    json_close_object(&line->w);
}

static void write_action(struct line *line, const struct event_action *a)
{
    json_key(&line->w, STR("action"));
    json_open_object(&line->w);
    text_member(line, STR("verb"), a->verb);
    text_member(line, STR("group"), a->group);
    text_member(line, STR("resource"), a->resource);
    text_member(line, STR("subresource"), a->subresource);
    text_member(line, STR("namespace"), a->namespace);
    text_member(line, STR("name"), a->name);
    json_key(&line->w, STR("code"));
    if (a->code)
        json_number(&line->w, a->code);
    else
        json_null(&line->w);
    optional_text(line, STR("version"), a->version);
    optional_text(line, STR("uri"), a->uri);
    optional_text(line, STR("command"), a->command);
    if (a->dry_run) {
        json_key(&line->w, STR("dry_run"));
        json_bool(&line->w, true);
    }
    json_close_object(&line->w);
}

static void write_evidence(struct line *line, const struct evidence *evidence, size_t n)
{
    json_key(&line->w, STR("evidence"));
    json_open_array(&line->w);
    size_t kept = bounded(line, n);
    for (size_t i = n - kept; i < n; i++) { // the newest
        json_open_object(&line->w);
        text_member(line, STR("file"), evidence[i].file);
        json_key_number(&line->w, STR("line"), (int64_t)evidence[i].line);
        text_member(line, STR("audit_id"), evidence[i].audit_id);
        if (evidence[i].item)
            json_key_number(&line->w, STR("item"), evidence[i].item);
        time_member(line, STR("time"), evidence[i].time);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void write_details(struct line *line, const struct alert *alert)
{
    json_key(&line->w, STR("details"));
    json_open_array(&line->w);
    size_t kept = bounded(line, alert->n_details);
    for (size_t i = 0; i < kept; i++) {
        json_open_object(&line->w);
        text_member(line, STR("name"), alert->details[i].name);
        text_member(line, STR("value"), alert->details[i].value);
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
    open_line(&line, r, STR("alert"));
    write_rule(&line, alert->rule);
    text_member(&line, STR("cluster"), alert->cluster);
    time_member(&line, STR("time"), alert->time);
    write_actor(&line, &alert->actor);
    write_action(&line, &alert->action);
    write_evidence(&line, alert->evidence, alert->n_evidence);
    json_key_number(&line.w, STR("count"), (int64_t)alert->count);
    time_member(&line, STR("first"), alert->first);
    write_details(&line, alert);
    optional_text(&line, STR("decision"), alert->decision);
    optional_text(&line, STR("reason"), alert->reason);
    write_techniques(&line, r->options.techniques, alert->rule);
    close_line(&line, r);
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
    size_t kept = bounded(line, summary->n_blind);
    for (size_t i = 0; i < kept; i++) {
        const struct blindness *b = &summary->blind[i];
        json_open_object(&line->w);
        text_member(line, STR("cluster"), b->cluster);
        text_member(line, STR("why"), b->why);
        json_key_number(&line->w, STR("records"), (int64_t)b->records);
        json_key_number(&line->w, STR("rules"), (int64_t)b->rules);
        json_close_object(&line->w);
    }
    json_close_array(&line->w);
}

static void json_finish(struct report *r, const struct engine_summary *summary)
{
    struct line line;
    open_line(&line, r, STR("summary"));
    json_key_number(&line.w, STR("alerts"), (int64_t)r->digest.alerts);
    write_levels(&line, STR("by_level"), r->digest.by_level);
    write_levels(&line, STR("hidden"), r->hidden);
    json_key_number(&line.w, STR("clusters"), (int64_t)summary->clusters);
    time_member(&line, STR("first"), summary->first);
    time_member(&line, STR("last"), summary->last);
    json_key(&line.w, STR("counters"));
    json_open_object(&line.w);
    size_t n;
    const struct counter *table = counter_table(&n);
    for (size_t i = 0; i < n; i++)
        json_key_number(&line.w, table[i].key, (int64_t)counter_value(&table[i], summary));
    json_close_object(&line.w);
    write_blindness(&line, summary);
    close_line(&line, r);
}

const struct format format_json = {.name = {"json", 4}, .alert = json_alert, .finish = json_finish};
