// SPDX-License-Identifier: Apache-2.0
// Actors and what they did, for a terminal.
//
//   1  system:serviceaccount:kube-system:kubernetes-dashboard
//      from 10.244.3.33, cluster prod, 2026-11-22 01:09:22–01:09:45, 41 alerts of 5 rules
//      let in by  ClusterRoleBinding "kubernetes-dashboard" ...
//
//      CRITICAL  Deployment of a known miner image                                  01:09:33
//                create deployments.apps kube-system/kube-control (201)
//                image     kannix/monero-miner
//                evidence  audit.jsonl:2322
#include "report/keep.h"
#include "report/text.h"

#include <inttypes.h>

enum {
    SHOWN_ACTORS = 40, // of each section
    SHOWN_OBJECTS = 6, // of an action
    SHOWN_DETAILS = 6, // of a rule
    SHOWN_LINES = 12,  // of evidence
    VERB_COLUMNS = 20,
    ADDRESS_COLUMNS = 45, // the longest IPv6 text
    OBJECT_COLUMNS = 70,
    FACET_COLUMNS = 160,
    LABEL = 10,            // columns of level words and labels
    INDENT = 4,            // of everything under an actor
    BODY = INDENT + LABEL, // of everything under a rule
};

static void write_label(struct report *r, struct str label, size_t indent)
{
    text_pad(&r->out.buf, indent);
    text_style(r, STYLE_DIM);
    size_t used = text_fit(&r->out.buf, label, label.len, LABEL - 1);
    text_style(r, STYLE_PLAIN);
    text_pad(&r->out.buf, LABEL - used);
}

// --- under a rule --------------------------------------------------------------------------------------------------------------------

static void write_objects(struct buf *line, const struct seen_action *a)
{
    struct buf object;
    buf_init(&object, 4 * DIGEST_TEXT);
    size_t shown = 0;
    uint64_t told = 0;
    for (const struct seen_object *o = a->objects; o && shown < SHOWN_OBJECTS; o = o->next) {
        buf_clear(&object);
        phrase_object(&object, a, o);
        if (object.len == 0)
            continue;
        buf_add(line, shown ? STR(", ") : STR(" "));
        text_fit(line, buf_str(&object), object.len + (kept_cut(&o->name) || kept_cut(&o->namespace)), OBJECT_COLUMNS);
        told += o->alerts;
        shown++;
    }
    if (shown && told < a->alerts) {
        buf_add(line, STR(" and "));
        phrase_number(line, a->alerts - told);
        buf_add(line, STR(" more"));
    }
    buf_fini(&object);
}

static void write_resource(struct buf *line, const struct seen_action *a)
{
    struct buf resource;
    buf_init(&resource, 4 * DIGEST_TEXT);
    phrase_resource(&resource, a);
    bool cut = kept_cut(&a->resource) || kept_cut(&a->group) || kept_cut(&a->subresource);
    if (resource.len)
        buf_add_char(line, ' ');
    text_fit(line, buf_str(&resource), resource.len + cut, OBJECT_COLUMNS);
    buf_fini(&resource);
}

static void write_times(struct buf *line, uint64_t alerts)
{
    if (alerts < 2)
        return;
    phrase_number(line, alerts);
    buf_add(line, STR(" \xc3\x97 ")); // multiplication sign
}

static void write_answer(struct buf *line, const struct seen_action *a)
{
    struct str said = phrase_code(a->code);
    if (a->code)
        buf_addf(line, " (%u%s%.*s)", a->code, said.len ? " " : "", STR_ARG(said));
    if (a->dry_run)
        buf_add(line, STR(" (dry run)"));
}

// Whether an act names no single object: such acts of one verb are told in one line.
static bool is_sweep(const struct seen_action *a)
{
    for (const struct seen_object *o = a->objects; o; o = o->next)
        if (o->name.text.len)
            return false;
    return a->resource.text.len && !a->more;
}

// What belongs to the line that begins with a, a itself included.
static bool joins(const struct seen_action *a, const struct seen_action *other)
{
    return a == other || (is_sweep(a) && is_sweep(other) && a->code == other->code && a->dry_run == other->dry_run &&
                          str_eq(a->verb.text, other->verb.text));
}

// "7 × get secrets payments/stripe-key, shop/db-credentials (403 forbidden), 01:09:31–01:09:33", or
// "8 × list nodes, pods, secrets (200), 01:35:45–01:35:48"
static void write_action(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule, const struct seen_action *a)
{
    struct buf line;
    buf_init(&line, 1 << 16);
    uint64_t alerts = 0;
    int64_t first = a->first, last = a->last;
    size_t joined = 0;
    for (const struct seen_action *other = a; other; other = other->next)
        if (joins(a, other)) {
            alerts += other->alerts;
            first = first == TIME_NONE || (other->first != TIME_NONE && other->first < first) ? other->first : first;
            last = other->last > last ? other->last : last;
            joined++;
        }
    write_times(&line, alerts);
    text_fit(&line, a->verb.text, a->verb.whole, VERB_COLUMNS);
    for (const struct seen_action *other = a; other; other = other->next)
        if (joins(a, other)) {
            buf_add(&line, other == a ? STR("") : STR(","));
            write_resource(&line, other);
        }
    if (joined == 1)
        write_objects(&line, a);
    write_answer(&line, a);
    if (rule->n_actions > joined) {
        buf_add(&line, STR(", "));
        phrase_span(&line, first, last, actor->first);
    }
    text_pad(&r->out.buf, BODY);
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = BODY + 2, .width = r->options.width, .max_lines = 4});
    buf_fini(&line);
}

static bool was_joined(const struct seen_rule *rule, const struct seen_action *a)
{
    for (const struct seen_action *before = rule->actions; before != a; before = before->next)
        if (joins(before, a))
            return true;
    return false;
}

static void write_more(struct report *r, size_t indent, uint64_t n, const char *one, const char *many)
{
    if (!n)
        return;
    struct buf line;
    buf_init(&line, 512);
    buf_add(&line, STR("and "));
    phrase_count(&line, n, one, many);
    text_pad(&r->out.buf, indent);
    text_style(r, STYLE_DIM);
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = indent, .width = r->options.width});
    text_style(r, STYLE_PLAIN);
    buf_fini(&line);
}

static void write_details(struct report *r, const struct seen_rule *rule)
{
    size_t shown = 0;
    uint64_t left = rule->more_details;
    for (const struct seen_detail *d = rule->details; d; d = d->next) {
        if (shown++ >= SHOWN_DETAILS) {
            left++;
            continue;
        }
        write_label(r, d->name.text, BODY);
        text_fit(&r->out.buf, d->value.text, d->value.whole, r->options.width - BODY - LABEL);
        buf_add_char(&r->out.buf, '\n');
    }
    write_more(r, BODY + LABEL, left, "more value", "more values");
}

// "audit.jsonl:2284 2300 2301 ... (of 12)"; another file begins with its name.
static void write_evidence(struct report *r, const struct seen_rule *rule)
{
    struct buf line;
    buf_init(&line, 1 << 16);
    size_t kept = digest_evidence_kept(rule), file = SIZE_MAX, shown = 0;
    for (size_t i = 0; i < kept && shown < SHOWN_LINES; i++, shown++) {
        const struct seen_evidence *e = digest_evidence(rule, i);
        if (e->file != file && e->file < DIGEST_FILES) {
            const struct kept *name = &r->digest.files[e->file];
            buf_add(&line, shown ? STR(" ") : STR(""));
            text_fit(&line, name->text, name->whole, r->options.width - BODY - LABEL - 12);
            buf_add_char(&line, ':');
        } else {
            buf_add_char(&line, ' ');
        }
        file = e->file;
        buf_addf(&line, "%" PRIu64, e->line);
        if (e->item)
            buf_addf(&line, "#%" PRIu32, e->item);
    }
    if (rule->n_evidence > shown) {
        buf_add(&line, STR(" \xe2\x80\xa6 ("));
        phrase_count(&line, rule->n_evidence, "line", "lines");
        buf_add(&line, STR(" in all)"));
    }
    if (shown) {
        write_label(r, STR("evidence"), BODY);
        text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = BODY + LABEL, .width = r->options.width});
    }
    buf_fini(&line);
}

// Level, title, and how often and when at the right margin.
static void write_rule_head(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule)
{
    struct buf *out = &r->out.buf, right;
    buf_init(&right, 256);
    if (rule->alerts > 1) {
        phrase_count(&right, rule->alerts, "alert", "alerts");
        buf_add(&right, STR("  "));
    }
    phrase_span(&right, rule->first, rule->last, actor->first);
    size_t room = r->options.width - BODY - text_columns(buf_str(&right)) - 2;
    text_pad(out, INDENT);
    text_level(r, rule->rule->level, LABEL);
    text_style(r, rule->rule->level >= LEVEL_HIGH ? STYLE_BOLD : STYLE_PLAIN);
    size_t used = text_fit(out, rule->rule->title, rule->rule->title.len, room);
    text_style(r, STYLE_PLAIN);
    text_pad(out, room + 2 - used);
    buf_add(out, buf_str(&right));
    buf_add_char(out, '\n');
    buf_fini(&right);
}

static void write_rule(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule)
{
    write_rule_head(r, actor, rule);
    if (rule->rule->level >= LEVEL_MEDIUM && rule->rule->description.len) {
        write_label(r, STR("why"), BODY);
        text_wrap(&r->out.buf, keep_cut(rule->rule->description, LONG_TEXT),
                  (struct wrap){.indent = BODY + LABEL, .width = r->options.width, .max_lines = 2});
    }
    for (const struct seen_action *a = rule->actions; a; a = a->next)
        if (!was_joined(rule, a))
            write_action(r, actor, rule, a);
    write_more(r, BODY, rule->more_actions, "alert on another kind of act", "alerts on other kinds of acts");
    if (rule->rule->kind == RULE_CORRELATION && rule->events > rule->alerts) {
        text_pad(&r->out.buf, BODY);
        buf_add(&r->out.buf, STR("counted from "));
        phrase_count(&r->out.buf, rule->events, "event", "events");
        buf_add_char(&r->out.buf, '\n');
    }
    write_details(r, rule);
    write_evidence(r, rule);
    out_flush(&r->out);
}

// --- actors --------------------------------------------------------------------------------------------------------------------------

static void write_facet(struct report *r, const struct seen_actor *actor, enum facet facet)
{
    const struct seen_facet *f = &actor->facets[facet];
    if (f->n == 0 && !f->more)
        return;
    struct buf line;
    buf_init(&line, 1 << 14);
    for (size_t i = 0; i < f->n; i++) {
        struct str value = phrase_facet_value(facet, f->values[i].text);
        buf_add(&line, i ? STR(", ") : STR(""));
        text_fit(&line, value, value.len + kept_cut(&f->values[i]), FACET_COLUMNS);
    }
    if (f->more)
        buf_add(&line, STR(" and others"));
    write_label(r, phrase_facet(facet), INDENT);
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = INDENT + LABEL, .width = r->options.width, .max_lines = 4});
    buf_fini(&line);
}

static void write_actor_head(struct report *r, const struct seen_actor *a, size_t number)
{
    struct buf *out = &r->out.buf;
    const size_t width = r->options.width;
    buf_addf(out, "\n%2zu  ", number);
    text_style(r, STYLE_BOLD);
    if (a->principal.text.ptr)
        text_fit(out, a->principal.text, a->principal.whole, width - INDENT);
    else
        buf_add(out, STR("(not authenticated)"));
    text_style(r, STYLE_PLAIN);
    struct buf line;
    buf_init(&line, 1 << 14);
    buf_add(&line, STR("from "));
    if (a->address.text.ptr)
        text_fit(&line, a->address.text, a->address.whole, ADDRESS_COLUMNS);
    else
        buf_add(&line, STR("(no address)"));
    buf_add(&line, STR(", cluster "));
    text_fit(&line, a->cluster.text, a->cluster.whole, OBJECT_COLUMNS);
    buf_add(&line, STR(", "));
    phrase_span(&line, a->first, a->last, TIME_NONE);
    buf_add(&line, STR(" UTC, "));
    phrase_count(&line, a->alerts, "alert", "alerts");
    buf_add(out, STR("\n    "));
    text_wrap(out, buf_str(&line), (struct wrap){.indent = INDENT, .width = width, .max_lines = 3});
    buf_fini(&line);
    for (unsigned f = 0; f < FACETS; f++)
        write_facet(r, a, (enum facet)f);
    buf_add_char(out, '\n');
}

static void write_actor(struct report *r, const struct seen_actor *a, size_t number)
{
    write_actor_head(r, a, number);
    for (const struct seen_rule *rule = a->rules; rule; rule = rule->next)
        write_rule(r, a, rule);
    write_more(r, INDENT, a->more_rules, "alert of another rule", "alerts of other rules");
}

static void write_section(struct report *r, const char *title, size_t from, size_t to)
{
    if (from == to)
        return;
    text_heading(r, title, "newest work first");
    size_t shown = to - from < SHOWN_ACTORS ? to - from : SHOWN_ACTORS, left = to - from - shown;
    for (size_t i = from; i < from + shown; i++)
        write_actor(r, r->digest.actors[i], i + 1);
    if (left) {
        buf_add_char(&r->out.buf, '\n');
        write_more(r, INDENT, left, "more actor, shown by --format html and json", "more actors, shown by --format html and json");
    }
}

void text_actors(struct report *r)
{
    size_t urgent = digest_urgent(&r->digest);
    write_section(r, "ACT NOW", 0, urgent);
    write_section(r, urgent ? "ALSO SEEN" : "SEEN", urgent, r->digest.n_actors);
    uint64_t dropped = digest_dropped(&r->digest);
    if (dropped) {
        buf_add_char(&r->out.buf, '\n');
        write_more(r, INDENT, dropped, "alert of an actor beyond those kept, in the totals only (--format json has it)",
                   "alerts of actors beyond those kept, in the totals only (--format json has them)");
    }
}
