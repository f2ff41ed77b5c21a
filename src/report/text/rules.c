// SPDX-License-Identifier: Apache-2.0
// Rules that fired under an actor, for a terminal. Those that fired on the very same records are told together: their titles, worst
// first, and once what was done, the values worth seeing, and the lines.
#include "report/common/keep.h"
#include "report/text/text.h"

#include <inttypes.h>

enum {
    SHOWN_DETAILS = 8, // of rules told together
    SHOWN_LINES = 12,  // of evidence
    WHY_LINES = 3,
    VALUE_LINES = 2,
};

// --- heads ---------------------------------------------------------------------------------------------------------------------------

// How often and when, at the right margin of a rule's first line.
static void write_right(struct buf *right, const struct seen_actor *actor, const struct seen_rule *rule)
{
    if (rule->alerts > 1) {
        phrase_count(right, rule->alerts, "alert", "alerts");
        buf_add(right, STR("  "));
    }
    phrase_span(right, rule->first, rule->last, actor->first);
}

// Level, title (on two lines if it must be), how often and when.
static void write_rule_head(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule)
{
    struct buf *out = &r->out.buf, right, title;
    buf_init(&right, 256);
    buf_init(&title, 1 << 14);
    write_right(&right, actor, rule);
    size_t edge = r->options.width - text_columns(buf_str(&right)) - 1; // of the title
    text_wrap(&title, keep_cut(rule->rule->title, DIGEST_TEXT), (struct wrap){.indent = BODY, .width = edge, .max_lines = 2});
    struct str rest = str_trim(buf_str(&title)), first = str_split(&rest, '\n');
    unsigned style = rule->rule->level >= LEVEL_HIGH ? STYLE_BOLD : STYLE_PLAIN;
    text_pad(out, INDENT);
    text_level(r, rule->rule->level, LABEL);
    text_styled(r, style, first, SIZE_MAX);
    text_pad(out, edge + 1 - BODY - text_columns(first));
    buf_add(out, buf_str(&right));
    buf_add_char(out, '\n');
    if (rest.len) {
        text_styled(r, style, rest, SIZE_MAX);
        buf_add_char(out, '\n');
    }
    buf_fini(&title);
    buf_fini(&right);
}

// The first sentence of a description is why; the whole stands in the HTML page.
static void write_why(struct report *r, const struct rule *rule)
{
    struct str text = str_trim(keep_cut(rule->description, LONG_TEXT));
    if (rule->level < LEVEL_MEDIUM || !text.len)
        return;
    size_t stop = str_find(text, STR(". "), 0), line = str_find(text, STR(".\n"), 0);
    stop = stop < line ? stop : line;
    text_label(r, STR("why"), BODY);
    text_wrap(&r->out.buf, str_slice(text, 0, stop == SIZE_MAX ? stop : stop + 1),
              (struct wrap){.indent = BODY + LABEL, .width = r->options.width, .max_lines = WHY_LINES});
}

// --- values --------------------------------------------------------------------------------------------------------------------------

static bool is_quoted_in(struct str text, struct str name)
{
    for (size_t at = str_find(text, name, 0); at != SIZE_MAX && name.len; at = str_find(text, name, at + 1))
        if (at > 0 && text.ptr[at - 1] == '"' && at + name.len < text.len && text.ptr[at + name.len] == '"')
            return true;
    return false;
}

// Whether the head of the actor says it already: its name, address, agent, or the binding that let it in.
static bool is_in_head(const struct seen_actor *actor, struct str value)
{
    if (str_eq(value, actor->principal.text) || str_eq(value, actor->address.text))
        return true;
    const struct seen_facet *agents = &actor->facets[FACET_AGENT], *reasons = &actor->facets[FACET_REASON];
    for (size_t i = 0; i < agents->n; i++)
        if (str_eq(value, agents->values[i].text))
            return true;
    size_t slash = str_find_char(value, '/', 0); // ClusterRoleBinding/NAME
    for (size_t i = 0; slash != SIZE_MAX && i < reasons->n; i++)
        if (is_quoted_in(reasons->values[i].text, str_slice(value, slash + 1, value.len)))
            return true;
    return false;
}

// Values of rules told together, each once.
struct values {
    const struct seen_detail *items[SHOWN_DETAILS];
    size_t n;
    uint64_t left;
};

static void add_values(struct values *values, const struct seen_actor *actor, const struct seen_rule *rule)
{
    values->left += rule->more_details;
    for (const struct seen_detail *d = rule->details; d; d = d->next) {
        bool told = is_in_head(actor, d->value.text);
        for (size_t i = 0; i < values->n; i++)
            told |= str_eq(values->items[i]->value.text, d->value.text);
        if (!told && values->n < SHOWN_DETAILS)
            values->items[values->n++] = d;
        else if (!told)
            values->left++;
    }
}

// Of pod.image the last part says enough, of rbac.role.name the one before it.
static struct str short_label(struct str name)
{
    struct str label = name, part;
    while (name.ptr) {
        part = str_split(&name, '.');
        if (name.ptr || !str_eq(part, STR("name")))
            label = part;
    }
    return label;
}

static void write_values(struct report *r, const struct values *values)
{
    struct buf value;
    buf_init(&value, 1 << 14);
    for (size_t i = 0; i < values->n; i++) {
        const struct seen_detail *d = values->items[i];
        text_label(r, short_label(d->name.text), BODY);
        buf_clear(&value);
        text_fit(&value, d->value.text, d->value.whole, 2 * DIGEST_TEXT);
        text_wrap(&r->out.buf, buf_str(&value), (struct wrap){.indent = BODY + LABEL, .width = r->options.width, .max_lines = VALUE_LINES});
    }
    buf_fini(&value);
    text_more(r, BODY + LABEL, values->left, "more value", "more values");
}

// --- evidence ------------------------------------------------------------------------------------------------------------------------

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
        text_label(r, STR("evidence"), BODY);
        text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = BODY + LABEL, .width = r->options.width});
    }
    buf_fini(&line);
}

// --- together ------------------------------------------------------------------------------------------------------------------------

// One of the rules told together whose acts are told: a correlation knows only the act that completed it.
static const struct seen_rule *teller(const struct seen_rule *lead)
{
    for (const struct seen_rule *rule = lead; rule; rule = rule->next)
        if (rule->rule->kind == RULE_DETECTION && digest_same_evidence(lead, rule))
            return rule;
    return lead;
}

static void write_together(struct report *r, const struct seen_actor *actor, const struct seen_rule *lead)
{
    struct values values = {0};
    for (const struct seen_rule *rule = lead; rule; rule = rule->next)
        if (rule == lead || digest_same_evidence(lead, rule)) {
            write_rule_head(r, actor, rule);
            add_values(&values, actor, rule);
        }
    if (lead->rule->level > LEVEL_LOW || actor->worst < LEVEL_HIGH) { // of what is mild beside something urgent the title is enough
        write_why(r, lead->rule);
        text_acts(r, actor, teller(lead));
        write_values(r, &values);
    }
    write_evidence(r, lead);
    out_flush(&r->out);
}

static bool was_told(const struct seen_actor *actor, const struct seen_rule *rule)
{
    for (const struct seen_rule *before = actor->rules; before != rule; before = before->next)
        if (digest_same_evidence(before, rule))
            return true;
    return false;
}

void text_rules(struct report *r, const struct seen_actor *actor)
{
    for (const struct seen_rule *rule = actor->rules; rule; rule = rule->next)
        if (!was_told(actor, rule))
            write_together(r, actor, rule);
    text_more(r, INDENT, actor->more_rules, "alert of another rule", "alerts of other rules");
}
