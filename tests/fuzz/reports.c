// SPDX-License-Identifier: Apache-2.0
// Does any text, in any field of any alerts and incidents, leave every report inert: text without control characters, NDJSON that parses
// and still says it, HTML without a tag or a quote that is not the program's own?
//
// The input is an incident, if its first byte asks for one, and alerts: a byte of length (from ABSENT on: no text) before each text, then
// the next field. What is missing is absent.
#include "inert.h"

#include "base/status.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ABSENT = 0xf8, ALERTS_MAX = 6, RULES = 2, LIST = 2, STEPS = 8, WITH_INCIDENT = 4 };

struct input {
    const uint8_t *at, *end;
    struct arena *arena;
    bool twin; // characters of markup in texts change places with others
};

static uint8_t take(struct input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

static int64_t take_time(struct input *in)
{
    uint8_t which = take(in);
    int64_t ns = (int64_t)take(in) * 60 * NS_PER_SECOND;
    return which == 255 ? TIME_NONE : which == 254 ? INT64_MAX - ns : which == 253 ? INT64_MIN + 1 + ns : ns;
}

// '<' for '(' and '(' for '<' and so on: equal texts stay equal, and a text is as long as before.
static char swapped(char c)
{
    static const char markup[] = "<>\"'&", other[] = "()~^+";
    const char *in_markup = c ? strchr(markup, c) : NULL, *in_other = c ? strchr(other, c) : NULL;
    return in_markup ? other[in_markup - markup] : in_other ? markup[in_other - other] : c;
}

static struct str take_text(struct input *in)
{
    size_t len = in->at < in->end ? take(in) : ABSENT, left = (size_t)(in->end - in->at);
    if (len >= ABSENT)
        return STR_NONE;
    len = len < left ? len : left;
    char *text = arena_alloc(in->arena, len + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = in->twin ? swapped((char)in->at[i]) : (char)in->at[i];
    in->at += len;
    return str_make(text, len);
}

static struct str *take_texts(struct input *in, size_t *n)
{
    struct str *texts = arena_array(in->arena, struct str, LIST);
    *n = take(in) % (LIST + 1);
    for (size_t i = 0; i < *n; i++)
        texts[i] = take_text(in);
    return texts;
}

static void take_rules(struct input *in, struct rule rules[RULES])
{
    for (size_t i = 0; i < RULES; i++) {
        rules[i] = (struct rule){.level = (enum rule_level)(take(in) % (LEVEL_CRITICAL + 1))};
        rules[i].id = take_text(in);
        rules[i].title = take_text(in);
        rules[i].description = take_text(in);
        rules[i].advice = take_text(in);
        rules[i].tags = take_texts(in, &rules[i].n_tags);
    }
}

static void take_actor(struct input *in, struct event_actor *a)
{
    *a = (struct event_actor){.principal = take_text(in)};
    a->agent = take_text(in);
    a->addresses = take_texts(in, &a->n_addresses);
    a->groups = take_texts(in, &a->n_groups);
    a->impersonated_groups = take_texts(in, &a->n_impersonated_groups);
    struct str *const rest[] = {&a->uid, &a->impersonated, &a->credential_id, &a->pod, &a->node};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        *rest[i] = take_text(in);
}

static void take_action(struct input *in, struct event_action *a)
{
    *a = (struct event_action){.verb = take_text(in)};
    struct str *const rest[] = {&a->resource, &a->name, &a->namespace, &a->uri, &a->group, &a->version, &a->subresource, &a->command};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        *rest[i] = take_text(in);
    a->code = take(in) * 4;
    a->dry_run = take(in) & 1;
}

static void take_alert(struct input *in, const struct rule *rules, struct alert *out)
{
    struct evidence *evidence = arena_array(in->arena, struct evidence, LIST);
    struct alert_detail *details = arena_array(in->arena, struct alert_detail, LIST);
    *out = (struct alert){.rule = &rules[take(in) % RULES], .evidence = evidence, .details = details};
    out->time = take_time(in);
    out->first = take_time(in);
    out->count = take(in);
    take_actor(in, &out->actor);
    take_action(in, &out->action);
    out->cluster = take_text(in);
    out->decision = take_text(in);
    out->reason = take_text(in);
    out->n_evidence = take(in) % (LIST + 1);
    for (size_t i = 0; i < out->n_evidence; i++)
        evidence[i] = (struct evidence){take_text(in), take(in), take(in), take_text(in), out->time};
    out->n_details = take(in) % (LIST + 1);
    for (size_t i = 0; i < out->n_details; i++) {
        details[i].name = take_text(in);
        details[i].value = take_text(in);
    }
}

// --- an incident -------------------------------------------------------------------------------------------------------------------

static struct evidence take_evidence(struct input *in)
{
    return (struct evidence){take_text(in), take(in), take(in), take_text(in), take_time(in)};
}

static enum certainty take_certainty(struct input *in)
{
    return take(in) & 1 ? INFERRED : CERTAIN;
}

static void take_steps(struct input *in, const struct rule *rules, struct incident *x)
{
    x->timeline = arena_array(in->arena, struct incident_step, STEPS);
    x->n_timeline = take(in) % (STEPS + 1);
    for (size_t i = 0; i < x->n_timeline; i++) {
        struct incident_step *s = &x->timeline[i];
        s->time = take_time(in);
        s->part = (enum step_part)(take(in) % (STEP_CONSEQUENCE + 1));
        s->act = (enum act)(take(in) % (ACT_READ_LOGS + 1));
        s->outcome = (enum outcome)(take(in) % (OUTCOME_UNKNOWN + 1));
        s->certainty = take_certainty(in);
        s->text = take_text(in);
        if (take(in) & 1) { // else all that stands between acts that are folded stays the same
            take_actor(in, &s->actor);
            take_action(in, &s->action);
            s->reason = take_text(in);
        }
        s->rules = arena_array(in->arena, const struct rule *, 1);
        s->rules[0] = rules;
        s->n_rules = take(in) & 1;
        s->evidence = arena_array(in->arena, struct evidence, LIST);
        s->n_evidence = take(in) % (LIST + 1);
        for (size_t e = 0; e < s->n_evidence; e++)
            s->evidence[e] = take_evidence(in);
        s->count = 1 + take(in);
    }
}

static void take_who(struct input *in, struct incident *x)
{
    x->actors = arena_array(in->arena, struct incident_actor, LIST);
    x->n_actors = take(in) % (LIST + 1);
    for (size_t i = 0; i < x->n_actors; i++) {
        struct incident_actor *a = &x->actors[i];
        *a = (struct incident_actor){
            .principal = take_text(in), .role = (enum incident_role)(take(in) % (ROLE_DOOR + 1)), .events = take(in)};
        a->first = take_time(in);
        a->last = take_time(in);
        a->addresses = take_texts(in, &a->n_addresses);
        a->agents = take_texts(in, &a->n_agents);
    }
    x->pivots = arena_array(in->arena, struct incident_pivot, STEPS);
    x->n_pivots = take(in) % (STEPS + 1);
    for (size_t i = 0; i < x->n_pivots; i++) {
        struct incident_pivot *p = &x->pivots[i];
        *p = (struct incident_pivot){.from = take_text(in)};
        p->to = take_text(in);
        p->kind = take_text(in);
        p->time = take_time(in);
        p->certainty = take_certainty(in);
        p->evidence = take_evidence(in);
    }
}

static void take_causes(struct input *in, struct incident *x)
{
    struct str *const texts[] = {&x->cause.kind,       &x->cause.object, &x->cause.role,       &x->cause.subject,
                                 &x->cause.granted_by, &x->cause.text,   &x->vector.interface, &x->vector.verdict};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = take_text(in);
    x->cause.granted_at = take_time(in);
    x->cause.fix = take_texts(in, &x->cause.n_fix);
    x->cause.grants = arena_array(in->arena, struct standing_grant, 1);
    x->cause.n_grants = take(in) & 1;
    struct standing_grant *grant = x->cause.grants;
    struct str *const words[] = {&grant->binding,          &grant->role,          &grant->subject, &grant->object.file,
                                 &grant->object.made_with, &grant->object.made_by};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        *words[i] = take_text(in);
    grant->object.created = take_time(in);
    x->vector.certainty = take_certainty(in);
    x->vector.n_hypotheses = take(in) % (HYPOTHESES_MAX + 1);
    for (size_t i = 0; i < x->vector.n_hypotheses; i++) {
        struct hypothesis *h = &x->vector.hypotheses[i];
        h->name = take_text(in);
        h->pro = take_texts(in, &h->n_pro);
        h->contra = take_texts(in, &h->n_contra);
        h->missing = take_texts(in, &h->n_missing);
    }
}

static void take_aftermath(struct input *in, struct incident *x)
{
    x->prevention = arena_array(in->arena, struct incident_fix, LIST);
    x->n_prevention = take(in) % (LIST + 1);
    for (size_t i = 0; i < x->n_prevention; i++) {
        struct incident_fix *f = &x->prevention[i];
        f->fix = take_text(in);
        f->command = take_text(in);
        f->first_step = take(in);
        f->stopped = take(in);
        f->unjudged = take(in);
        f->chosen = take(in) & 1;
    }
    x->leftovers = arena_array(in->arena, struct incident_leftover, STEPS);
    x->n_leftovers = take(in) % (STEPS + 1);
    for (size_t i = 0; i < x->n_leftovers; i++) {
        struct incident_leftover *l = &x->leftovers[i];
        l->object = take_text(in);
        l->why = take_text(in);
        l->fix = take_text(in);
        l->certainty = take_certainty(in);
        l->presence = (enum presence)(take(in) % (PRESENCE_GONE + 1u));
        l->evidence = take_evidence(in);
    }
    x->indicators = arena_array(in->arena, struct incident_indicator, LIST);
    x->n_indicators = take(in) % (LIST + 1);
    for (size_t i = 0; i < x->n_indicators; i++) {
        x->indicators[i].type = take_text(in);
        x->indicators[i].value = take_text(in);
    }
}

static void take_incident(struct input *in, const struct rule *rules, struct incident *x)
{
    *x = (struct incident){.id = take_text(in), .severity = (enum rule_level)(take(in) % (LEVEL_CRITICAL + 1))};
    x->cluster = take_text(in);
    x->title = take_text(in);
    x->spread = take_text(in);
    x->first = take_time(in);
    x->last = take_time(in);
    take_steps(in, rules, x);
    take_who(in, x);
    take_causes(in, x);
    take_aftermath(in, x);
    x->severity_reasons = take_texts(in, &x->n_severity_reasons);
    x->spread_reasons = take_texts(in, &x->n_spread_reasons);
    x->certain = take_texts(in, &x->n_certain);
    x->inferred = take_texts(in, &x->n_inferred);
    x->unknown = take_texts(in, &x->n_unknown);
}

// --- reports -----------------------------------------------------------------------------------------------------------------------

struct world {
    bool told; // there is an incident
    struct incident incident;
    struct rule rules[RULES];
    struct alert alerts[ALERTS_MAX];
    size_t n;
    struct blindness blind;
    struct engine_summary summary;
};

static void take_world(struct world *w, struct input in, bool told)
{
    *w = (struct world){.told = told};
    take_rules(&in, w->rules);
    if (told)
        take_incident(&in, w->rules, &w->incident);
    w->blind = (struct blindness){.cluster = take_text(&in), .why = take_text(&in), .records = take(&in), .rules = take(&in)};
    w->summary = (struct engine_summary){.records = 9, .first = 0, .last = NS_PER_SECOND, .blind = &w->blind, .n_blind = 1};
    while (w->n < ALERTS_MAX && (w->n == 0 || in.at < in.end))
        take_alert(&in, w->rules, &w->alerts[w->n++]);
}

static const struct techniques *techniques(void) // read once for the process: the target has no other place to keep them
{
    static struct techniques *t;
    static const struct yaml_source source = {
        .name = STR("techniques.yml"),
        .text = STR("tactics:\n"
                    "  - {id: TA0002, tag: execution, name: Execution, drawn: true}\n"
                    "  - {id: TA0040, tag: impact, name: Impact, drawn: true}\n"
                    "techniques:\n"
                    "  - {id: T1496, name: Resource Hijacking, tactics: [impact]}\n"
                    "  - {id: MS-TA9006, name: Exec into container, tactics: [execution, impact], attack: [T1609]}\n"
                    "  - {id: T1609, name: Container Administration Command, tactics: [execution]}\n")};
    if (!t) {
        struct diags diags;
        diags_init(&diags);
        status loaded = techniques_load(&t, source, &diags);
        must(loaded == ST_OK);
        diags_fini(&diags);
    }
    return t;
}

static status write_to(void *context, struct str bytes)
{
    buf_add(context, bytes);
    return ST_OK;
}

static struct buf report_of(const struct world *w, struct report_options options)
{
    struct buf out;
    buf_init(&out, 64u << 20);
    options.techniques = techniques();
    struct report *r = report_new(options, write_to, &out);
    for (size_t i = 0; i < w->n; i++) {
        status told = report_alert(r, &w->alerts[i]);
        must(told == ST_OK);
    }
    if (w->told) {
        status told = report_incident(r, &w->incident);
        must(told == ST_OK);
    }
    status told = report_finish(r, &w->summary);
    must(told == ST_OK && !out.full);
    report_free(r);
    return out;
}

static struct buf inert(const struct world *w, struct report_options options)
{
    struct buf out = report_of(w, options);
    must(!inert_report(buf_str(&out), options));
    return out;
}

// Colours are all that a terminal gets beyond the plain report.
static void check_text(const struct world *w, unsigned width)
{
    struct report_options options = {.format = REPORT_TEXT, .width = width};
    struct buf plain = inert(w, options);
    options.colour = true;
    struct buf coloured = report_of(w, options);
    size_t n = 0;
    for (size_t i = 0; i < coloured.len; i++) {
        if (coloured.ptr[i] == '\x1b') {
            must(coloured.ptr[++i] == '[');
            while (coloured.ptr[++i] != 'm')
                must(coloured.ptr[i] == ';' || (coloured.ptr[i] >= '0' && coloured.ptr[i] <= '9'));
            continue;
        }
        must(n < plain.len && coloured.ptr[i] == plain.ptr[n++]);
    }
    must(n == plain.len);
    buf_fini(&coloured);
    buf_fini(&plain);
}

static void check_json(const struct world *w, struct arena *a)
{
    struct buf out = inert(w, (struct report_options){.format = REPORT_JSON});
    struct str rest = buf_str(&out);
    for (size_t i = 0; i < w->n; i++) {
        struct json_error error;
        struct str line = str_split(&rest, '\n');
        char *padded = arena_alloc(a, line.len + JSON_PADDING);
        memcpy(padded, line.ptr, line.len);
        const struct json_value *v = json_parse(a, str_make(padded, line.len), JSON_LIMITS_DEFAULT, &error);
        const struct str said = w->alerts[i].actor.principal;
        must(v && str_eq(json_text(json_get(v, STR("kind"))), STR("alert")));
        if (said.ptr && utf8_invalid_at(said) == SIZE_MAX)
            must(str_eq(json_text(json_get(json_get(v, STR("actor")), STR("principal"))), said));
    }
    buf_fini(&out);
}

static size_t count_markup(const struct buf *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->len; i++)
        n += b->ptr[i] == '<' || b->ptr[i] == '>' || b->ptr[i] == '"' || b->ptr[i] == '\'';
    return n;
}

// The page has as many tags and quotes, whatever characters of markup the texts hold.
static void check_html(const struct world *w, const struct world *twin)
{
    const struct report_options options = {.format = REPORT_HTML};
    struct buf page = inert(w, options), other = inert(twin, options);
    must(count_markup(&page) == count_markup(&other));
    buf_fini(&page);
    buf_fini(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned widths[] = {60, 72, 100, 200};
    struct arena a;
    struct world w, twin;
    arena_init(&a, ARENA_UNLIMITED);
    struct input in = {data, data + size, &a, false};
    unsigned first = take(&in), width = widths[first % 4];
    bool told = first & WITH_INCIDENT;
    take_world(&w, in, told);
    in.twin = true;
    take_world(&twin, in, told);
    check_text(&w, width);
    check_json(&w, &a);
    check_html(&w, &twin);
    arena_fini(&a);
    return 0;
}
