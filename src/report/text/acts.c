// SPDX-License-Identifier: Apache-2.0
// Acts of a rule under an actor, a line each, for a terminal.
#include "report/text/text.h"

enum {
    SHOWN_OBJECTS = 6, // of an act
    VERB_COLUMNS = 20,
};

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

void text_acts(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule)
{
    if (rule->rule->kind == RULE_CORRELATION && rule->events > 1) {
        text_pad(&r->out.buf, BODY);
        buf_add(&r->out.buf, STR("counted from "));
        phrase_count(&r->out.buf, rule->events, "event", "events, the newest:");
        buf_add_char(&r->out.buf, '\n');
    }
    for (const struct seen_action *a = rule->actions; a; a = a->next)
        if (!was_joined(rule, a))
            write_action(r, actor, rule, a);
    text_more(r, BODY, rule->more_actions, "alert on another kind of act", "alerts on other kinds of acts");
}
