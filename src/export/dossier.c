// SPDX-License-Identifier: Apache-2.0
#include "export/dossier.h"

#include "base/vec.h"
#include "codec/json/json.h"

#include <stdlib.h>

struct told {
    struct str id, cluster, member; // of its events
    uint64_t events;
};

struct dossier {
    struct dossier_facts facts;
    struct arena arena;
    struct bundle *bundle;
    struct report *text, *json;
    bool *fired; // by index of the rule: it, or a correlation above it
    VEC(struct told) incidents;
    struct buf scratch;
};

static status to_text(void *context, struct str bytes)
{
    bundle_add(context, STR("report.txt"), bytes);
    return ST_OK;
}

static status to_json(void *context, struct str bytes)
{
    bundle_add(context, STR("report.ndjson"), bytes);
    return ST_OK;
}

struct dossier *dossier_new(const struct dossier_facts *facts)
{
    struct dossier *d = must_alloc(calloc(1, sizeof *d));
    struct report_options options = {.format = REPORT_TEXT, .least = facts->least, .techniques = facts->techniques};
    d->facts = *facts;
    d->bundle = bundle_new();
    d->fired = must_alloc(calloc(facts->rules->n + 1, sizeof *d->fired));
    arena_init(&d->arena, ARENA_UNLIMITED);
    buf_init(&d->scratch, SIZE_MAX);
    d->text = report_new(options, to_text, d->bundle);
    options.format = REPORT_JSON;
    d->json = report_new(options, to_json, d->bundle);
    return d;
}

void dossier_free(struct dossier *d)
{
    if (!d)
        return;
    report_free(d->text);
    report_free(d->json);
    bundle_free(d->bundle);
    vec_fini(&d->incidents);
    buf_fini(&d->scratch);
    arena_fini(&d->arena);
    free(d->fired);
    free(d);
}

// --- what happens ----------------------------------------------------------------------------------------------------------------

// With the rules that a correlation counts.
static void note_rule(struct dossier *d, size_t index)
{
    if (d->fired[index])
        return;
    d->fired[index] = true;
    const struct correlation *c = d->facts.rules->rules[index].correlation;
    for (size_t i = 0; c && i < c->n_inputs; i++)
        note_rule(d, c->inputs[i]);
}

// Bundles never refuse bytes: that they could not be kept is said when they are written.
void dossier_alert(struct dossier *d, const struct alert *alert)
{
    note_rule(d, (size_t)(alert->rule - d->facts.rules->rules));
    (void)report_alert(d->text, alert);
    (void)report_alert(d->json, alert);
}

static struct str member_of(struct dossier *d, const struct incident *incident)
{
    buf_clear(&d->scratch);
    buf_add(&d->scratch, STR("events/"));
    bundle_name_part(&d->scratch, incident->cluster);
    buf_add_char(&d->scratch, '/');
    bundle_name_part(&d->scratch, incident->id);
    return arena_str(&d->arena, buf_str(&d->scratch));
}

void dossier_incident(struct dossier *d, const struct incident *incident)
{
    (void)report_incident(d->text, incident);
    (void)report_incident(d->json, incident);
    *vec_push(&d->incidents) =
        (struct told){arena_str(&d->arena, incident->id), arena_str(&d->arena, incident->cluster), member_of(d, incident), 0};
}

void dossier_campaign(struct dossier *d, const struct campaign *campaign)
{
    (void)report_campaign(d->text, campaign);
    (void)report_campaign(d->json, campaign);
}

static struct told *told_of(struct dossier *d, const struct incident *incident)
{
    for (size_t i = d->incidents.n; i-- > 0;) // those of the newest cluster are asked for
        if (str_eq(d->incidents.items[i].id, incident->id) && str_eq(d->incidents.items[i].cluster, incident->cluster))
            return &d->incidents.items[i];
    return NULL;
}

// Line breaks can stand between the tokens of a record that was cut out of a document; in NDJSON they are spaces.
static void add_line(struct dossier *d, struct str record)
{
    buf_clear(&d->scratch);
    buf_add(&d->scratch, record);
    for (size_t i = 0; i < record.len; i++)
        if (d->scratch.ptr[i] == '\n')
            d->scratch.ptr[i] = ' ';
    buf_add_char(&d->scratch, '\n');
}

void dossier_evidence(struct dossier *d, const struct incident *incident, const struct evidence *place, struct str record)
{
    struct told *told = told_of(d, incident);
    char name[4096];
    must(told && told->member.len + sizeof ".origins" < sizeof name);
    struct buf member;
    buf_init(&member, sizeof name);
    buf_add(&member, told->member);
    buf_add(&member, STR(".ndjson"));
    add_line(d, record);
    bundle_add(d->bundle, buf_str(&member), buf_str(&d->scratch));
    buf_clear(&member);
    buf_add(&member, told->member);
    buf_add(&member, STR(".origins"));
    buf_clear(&d->scratch);
    text_escape(&d->scratch, place->file);
    buf_addf(&d->scratch, ":%llu", (unsigned long long)place->line);
    if (place->item)
        buf_addf(&d->scratch, ":%u", place->item);
    buf_add_char(&d->scratch, '\n');
    bundle_add(d->bundle, buf_str(&member), buf_str(&d->scratch));
    buf_fini(&member);
    told->events++;
}

// --- what it was made of ---------------------------------------------------------------------------------------------------------

// The path of a rule file below "rules/" (where those inside the binary say that they are), part by part.
static void write_rule_name(struct buf *out, struct str path)
{
    buf_add(out, STR("rules"));
    struct str rest = str_starts(path, STR("rules/")) ? str_slice(path, sizeof "rules", path.len) : path;
    while (rest.ptr) {
        struct str part = str_split(&rest, '/');
        if (!part.len)
            continue;
        buf_add_char(out, '/');
        bundle_name_part(out, part);
    }
}

static void write_rule(struct json_writer *w, const struct rule *rule)
{
    struct buf member;
    buf_init(&member, SIZE_MAX);
    write_rule_name(&member, rule->file);
    json_open_object(w);
    json_key_string(w, STR("id"), rule->id);
    json_key_string(w, STR("title"), rule->title);
    json_key_string(w, STR("level"), rule_level_name(rule->level));
    json_key_string(w, STR("status"), rule->status);
    json_key_string(w, STR("date"), rule->date);
    json_key_string(w, STR("file"), rule->file);
    json_key_number(w, STR("line"), rule->line);
    json_key_string(w, STR("member"), buf_str(&member));
    json_close_object(w);
    buf_fini(&member);
}

static void write_made_of(const struct dossier *d, struct json_writer *w)
{
    const struct dossier_facts *f = &d->facts;
    json_key_string(w, STR("davy"), f->version);
    json_key(w, STR("options"));
    json_open_array(w);
    for (size_t i = 0; i < f->n_options; i++)
        json_string(w, f->options[i]);
    json_close_array(w);
    json_key(w, STR("inputs"));
    json_open_array(w);
    for (size_t i = 0; i < f->inputs->n; i++) {
        json_open_object(w);
        json_key_string(w, STR("cluster"), f->inputs->inputs[i].cluster);
        json_key_string(w, STR("path"), f->inputs->inputs[i].path);
        json_close_object(w);
    }
    json_close_array(w);
}

static void write_found(const struct dossier *d, const struct engine_summary *summary, struct json_writer *w)
{
    json_key(w, STR("rules"));
    json_open_array(w);
    for (size_t i = 0; i < d->facts.rules->n; i++)
        if (d->fired[i])
            write_rule(w, &d->facts.rules->rules[i]);
    json_close_array(w);
    json_key(w, STR("incidents"));
    json_open_array(w);
    for (size_t i = 0; i < d->incidents.n; i++) {
        json_open_object(w);
        json_key_string(w, STR("cluster"), d->incidents.items[i].cluster);
        json_key_string(w, STR("id"), d->incidents.items[i].id);
        json_key_string(w, STR("member"), d->incidents.items[i].member);
        json_key_number(w, STR("events"), (int64_t)d->incidents.items[i].events);
        json_close_object(w);
    }
    json_close_array(w);
    json_key_number(w, STR("evidence_lost"), (int64_t)summary->evidence_lost);
}

static void add_about(struct dossier *d, const struct engine_summary *summary)
{
    buf_clear(&d->scratch);
    struct json_writer w = json_writer_to(&d->scratch);
    json_open_object(&w);
    json_key_number(&w, STR("format"), 1);
    write_made_of(d, &w);
    write_found(d, summary, &w);
    json_close_object(&w);
    buf_add_char(&d->scratch, '\n');
    bundle_add(d->bundle, STR("about.json"), buf_str(&d->scratch));
}

// A filter fires on nothing, and says what others do not fire on.
static bool holds_filter(struct str text)
{
    return str_starts(text, STR("filter:")) || str_find(text, STR("\nfilter:"), 0) != SIZE_MAX;
}

static bool is_needed(const struct dossier *d, const struct yaml_source *source)
{
    for (size_t i = 0; i < d->facts.rules->n; i++)
        if (d->fired[i] && str_eq(d->facts.rules->rules[i].file, source->name))
            return true;
    return holds_filter(source->text);
}

static void add_source(struct dossier *d, const struct yaml_source *source)
{
    buf_clear(&d->scratch);
    write_rule_name(&d->scratch, source->name);
    bundle_add(d->bundle, buf_str(&d->scratch), source->text);
}

// The built-in lists, given once more with --rules.
static bool is_told_before(const struct dossier *d, size_t list)
{
    const struct yaml_source *lists = d->facts.lists;
    for (size_t i = 0; i < list; i++)
        if (str_eq(lists[i].name, lists[list].name) && str_eq(lists[i].text, lists[list].text))
            return true;
    return false;
}

static void add_rules(struct dossier *d)
{
    for (size_t i = 0; i < d->facts.n_sources; i++)
        if (is_needed(d, &d->facts.sources[i]))
            add_source(d, &d->facts.sources[i]);
    for (size_t i = 0; i < d->facts.n_lists; i++)
        if (!is_told_before(d, i))
            add_source(d, &d->facts.lists[i]);
}

status dossier_write(struct dossier *d, const struct engine_summary *summary, bundle_write_fn *write, void *context,
                     char manifest[SHA256_HEX], struct diags *diags)
{
    TRY(report_finish(d->text, summary));
    TRY(report_finish(d->json, summary));
    add_about(d, summary);
    add_rules(d);
    return bundle_write(d->bundle, write, context, manifest, diags);
}
