// SPDX-License-Identifier: Apache-2.0
// fake_report FORMAT TECHNIQUES SCENARIO [colour] [width=N] [least=LEVEL]: prints the report of alerts and incidents that a YAML file
// describes, so that reports can be looked at, and compared with golden ones, without an engine.
#include "fake_incident.h"

#include "incident/campaign.h"

#include "base/status.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scenario {
    struct arena arena;
    struct rule *rules;
    size_t n_rules;
    struct engine_summary summary;
    const struct yaml_value *alerts, *incidents;
};

_Noreturn static void fail(const char *what, const char *which)
{
    fprintf(stderr, "fake_report: %s: %s\n", what, which);
    exit(2);
}

static struct str read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        fail("cannot open", path);
    struct buf b;
    buf_init(&b, 16u << 20);
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&b, str_make(block, n));
    fclose(f);
    struct str text = arena_str(a, buf_str(&b));
    buf_fini(&b);
    return text;
}

static struct str text(const struct yaml_value *map, const char *key)
{
    return yaml_text(yaml_get(map, str_from_c(key)));
}

static uint64_t number(const struct yaml_value *map, const char *key)
{
    uint64_t n = 0;
    struct str s = text(map, key);
    if (s.ptr && !str_to_u64(s, &n))
        fail("not a number", key);
    return n;
}

static int64_t instant(const struct yaml_value *map, const char *key)
{
    int64_t ns = TIME_NONE;
    struct str s = text(map, key);
    if (s.ptr && !time_parse(s, &ns))
        fail("not a time", key);
    return ns;
}

static struct str *texts(struct arena *a, const struct yaml_value *map, const char *key, size_t *n)
{
    const struct yaml_value *list = yaml_get(map, str_from_c(key));
    struct str *out = arena_array(a, struct str, list ? list->count : 0);
    *n = 0;
    for (const struct yaml_value *v = list ? list->first : NULL; v; v = v->next)
        out[(*n)++] = yaml_text(v);
    return out;
}

static void load_rules(struct scenario *s, const struct yaml_value *list)
{
    s->rules = arena_array(&s->arena, struct rule, list->count);
    for (const struct yaml_value *v = list->first; v; v = v->next) {
        struct rule *rule = &s->rules[s->n_rules++];
        rule->id = text(v, "id");
        rule->title = text(v, "title");
        rule->description = text(v, "description");
        rule->advice = text(v, "advice");
        rule->tags = texts(&s->arena, v, "tags", &rule->n_tags);
        rule->kind = yaml_get(v, STR("correlation")) ? RULE_CORRELATION : RULE_DETECTION;
        if (!rule_level_parse(text(v, "level"), &rule->level))
            fail("level", "unknown");
    }
}

static void load_summary(struct scenario *s, const struct yaml_value *v, const struct yaml_value *blind)
{
    s->summary = (struct engine_summary){
        .records = number(v, "records"),
        .bytes = number(v, "bytes"),
        .clusters = number(v, "clusters"),
        .bad_records = number(v, "bad_records"),
        .stages_joined = number(v, "stages_joined"),
        .truncated = number(v, "truncated"),
        .without_bodies = number(v, "without_bodies"),
        .first = instant(v, "first"),
        .last = instant(v, "last"),
    };
    struct blindness *items = arena_array(&s->arena, struct blindness, blind ? blind->count : 0);
    for (const struct yaml_value *b = blind ? blind->first : NULL; b; b = b->next)
        items[s->summary.n_blind++] = (struct blindness){text(b, "cluster"), text(b, "why"), number(b, "records"), number(b, "rules")};
    s->summary.blind = items;
}

static const struct yaml_value *only_document(struct arena *a, const char *path)
{
    struct diags diags;
    struct yaml_value **documents;
    size_t n;
    diags_init(&diags);
    struct yaml_source source = {.name = str_from_c(path), .text = read_file(a, path)};
    if (yaml_read(a, source, YAML_LIMITS_DEFAULT, &documents, &n, &diags) != ST_OK || n != 1)
        fail("not one YAML document", path);
    diags_fini(&diags);
    return documents[0];
}

static void fill_alert(struct scenario *s, const struct yaml_value *v, struct alert *alert)
{
    struct arena *a = &s->arena;
    *alert = (struct alert){
        .cluster = text(v, "cluster"), .time = instant(v, "time"), .first = instant(v, "first"), .count = number(v, "count")};
    alert->count += alert->count == 0;
    alert->reason = text(v, "reason");
    for (size_t i = 0; i < s->n_rules; i++)
        if (str_eq(s->rules[i].id, text(v, "rule")))
            alert->rule = &s->rules[i];
    must(alert->rule);
    alert->actor = (struct event_actor){.principal = text(v, "principal"), .agent = text(v, "agent")};
    alert->actor.groups = texts(a, v, "groups", &alert->actor.n_groups);
    alert->actor.addresses = texts(a, v, "addresses", &alert->actor.n_addresses);
    alert->action = (struct event_action){
        .verb = text(v, "verb"),
        .group = text(v, "group"),
        .resource = text(v, "resource"),
        .subresource = text(v, "subresource"),
        .namespace = text(v, "namespace"),
        .name = text(v, "name"),
        .uri = text(v, "uri"),
        .command = text(v, "command"),
        .code = (unsigned)number(v, "code"),
    };
    const struct yaml_value *list = yaml_get(v, STR("evidence"));
    struct evidence *evidence = arena_array(a, struct evidence, list ? list->count : 0);
    for (const struct yaml_value *e = list ? list->first : NULL; e; e = e->next)
        evidence[alert->n_evidence++] = (struct evidence){
            .file = STR("audit.jsonl"), .line = number(e, "line"), .audit_id = text(e, "audit_id"), .time = instant(e, "time")};
    alert->evidence = evidence;
    const struct yaml_value *map = yaml_get(v, STR("details"));
    struct alert_detail *details = arena_array(a, struct alert_detail, map ? map->count : 0);
    for (const struct yaml_value *d = map ? map->first : NULL; d; d = d->next)
        details[alert->n_details++] = (struct alert_detail){d->key, yaml_text(d)};
    alert->details = details;
}

static status write_bytes(void *context, struct str bytes)
{
    return fwrite(bytes.ptr, 1, bytes.len, context) == bytes.len ? ST_OK : ST_IO;
}

static struct report_options read_options(int argc, char **argv)
{
    struct report_options options = {0};
    if (!report_format_parse(str_from_c(argv[1]), &options.format))
        fail("no such format", argv[1]);
    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], "colour") == 0)
            options.colour = true;
        else if (strncmp(argv[i], "width=", 6) == 0)
            options.width = (unsigned)atoi(argv[i] + 6);
        else if (strncmp(argv[i], "least=", 6) != 0 || !rule_level_parse(str_from_c(argv[i] + 6), &options.least))
            fail("no such option", argv[i]);
    }
    return options;
}

// The campaigns among the incidents are those that davy finds.
static void tell_campaigns(struct report *r, struct scenario *s, struct campaigns *campaigns)
{
    size_t n;
    const struct campaign *list = campaigns_conclude(campaigns, &n);
    s->summary.campaigns = n;
    for (size_t i = 0; i < n; i++)
        if (report_campaign(r, &list[i]) != ST_OK)
            fail("write", "campaign");
}

static void write_report(struct scenario *s, struct report_options options)
{
    static const struct campaign_knowledge nothing_is_stock = {.pools = {NULL, 0}};
    struct campaigns *campaigns = campaigns_new(&nothing_is_stock, CAMPAIGN_WINDOW_DEFAULT);
    struct report *r = report_new(options, write_bytes, stdout);
    for (const struct yaml_value *v = s->alerts ? s->alerts->first : NULL; v; v = v->next) {
        struct alert alert;
        fill_alert(s, v, &alert);
        if (report_alert(r, &alert) != ST_OK)
            fail("write", "alert");
    }
    for (const struct yaml_value *v = s->incidents ? s->incidents->first : NULL; v; v = v->next) {
        struct incident incident = fake_incident(&s->arena, v, s->rules, s->n_rules);
        if (report_incident(r, &incident) != ST_OK)
            fail("write", "incident");
        campaigns_add(campaigns, &incident);
    }
    tell_campaigns(r, s, campaigns);
    campaigns_free(campaigns);
    if (report_finish(r, &s->summary) != ST_OK)
        fail("write", "end");
    report_free(r);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        fail("usage", "fake_report FORMAT TECHNIQUES SCENARIO [colour] [width=N] [least=LEVEL]");
    struct scenario s = {0};
    arena_init(&s.arena, ARENA_UNLIMITED);
    struct report_options options = read_options(argc, argv);
    struct techniques *techniques;
    struct diags diags;
    diags_init(&diags);
    if (techniques_load(&techniques, (struct yaml_source){.name = str_from_c(argv[2]), .text = read_file(&s.arena, argv[2])}, &diags) !=
        ST_OK)
        fail("bad table", argv[2]);
    options.techniques = techniques;
    const struct yaml_value *document = only_document(&s.arena, argv[3]);
    load_rules(&s, yaml_get(document, STR("rules")));
    load_summary(&s, yaml_get(document, STR("summary")), yaml_get(document, STR("blind")));
    s.alerts = yaml_get(document, STR("alerts"));
    s.incidents = yaml_get(document, STR("incidents"));
    write_report(&s, options);
    techniques_free(techniques);
    diags_fini(&diags);
    arena_fini(&s.arena);
    return 0;
}
