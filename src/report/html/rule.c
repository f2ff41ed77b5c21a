// SPDX-License-Identifier: Apache-2.0
// One rule under an actor: why it matters, the acts, the values, the evidence.
#include "report/html/html.h"

#include "report/common/keep.h"

#include <inttypes.h>

enum { TAGS = 24 };

static void write_more(struct buf *out, uint64_t n, const char *one, const char *many)
{
    if (!n)
        return;
    html_raw(out, "<p class=\"more\">and ");
    phrase_count(out, n, one, many);
    html_raw(out, "</p>\n");
}

static void write_objects(struct buf *out, const struct seen_action *a)
{
    struct buf object;
    buf_init(&object, 4 * DIGEST_TEXT);
    for (const struct seen_object *o = a->objects; o; o = o->next) {
        buf_clear(&object);
        phrase_object(&object, a, o);
        if (!object.len)
            continue;
        html_raw(out, "<div class=\"any\"><code>");
        html_text(out, buf_str(&object));
        if (kept_cut(&o->name) || kept_cut(&o->namespace))
            html_raw(out, "<span class=\"cut\">\xe2\x80\xa6</span>");
        html_raw(out, "</code>");
        if (o->alerts > 1) {
            html_raw(out, " \xc3\x97 ");
            phrase_number(out, o->alerts);
        }
        html_raw(out, "</div>");
    }
    write_more(out, a->more, "more", "more");
    buf_fini(&object);
}

static void write_action(struct buf *out, const struct seen_actor *actor, const struct seen_action *a)
{
    struct buf resource;
    buf_init(&resource, 4 * DIGEST_TEXT);
    phrase_resource(&resource, a);
    html_raw(out, "<tr><td class=\"right fit num\">");
    phrase_number(out, a->alerts);
    html_raw(out, "</td><td class=\"any\"><code>");
    html_kept(out, &a->verb);
    html_raw(out, " ");
    html_text(out, buf_str(&resource));
    if (kept_cut(&a->group) || kept_cut(&a->resource) || kept_cut(&a->subresource))
        html_raw(out, "<span class=\"cut\">\xe2\x80\xa6</span>");
    html_raw(out, "</code></td><td>");
    write_objects(out, a);
    struct str said = phrase_code(a->code);
    html_rawf(out, "</td><td class=\"fit%s\">", a->code >= 400 ? " refused" : "");
    if (a->code)
        html_rawf(out, "%u ", a->code);
    html_rawf(out, "%.*s%s</td><td class=\"fit num\">", STR_ARG(said), a->dry_run ? " dry run" : "");
    phrase_span(out, a->first, a->last, actor->first);
    html_raw(out, "</td></tr>\n");
    buf_fini(&resource);
}

static void write_actions(struct buf *out, const struct seen_actor *actor, const struct seen_rule *rule)
{
    if (rule->rule->kind == RULE_CORRELATION && rule->events > 1) {
        html_raw(out, "<p class=\"more\">counted from ");
        phrase_count(out, rule->events, "event", "events, the newest:");
        html_raw(out, "</p>\n");
    }
    html_raw(out, "<table class=\"grid\"><thead><tr><th "
                  "class=\"right\">alerts</th><th>act</th><th>object</th><th>answer</th><th>time</th></tr></thead>\n"
                  "<tbody>\n");
    for (const struct seen_action *a = rule->actions; a; a = a->next)
        write_action(out, actor, a);
    html_raw(out, "</tbody></table>\n");
    write_more(out, rule->more_actions, "alert on another kind of act", "alerts on other kinds of acts");
}

static void write_details(struct buf *out, const struct seen_rule *rule)
{
    if (!rule->details)
        return;
    html_raw(out, "<h4>Values</h4><dl class=\"facets\">\n");
    for (const struct seen_detail *d = rule->details; d; d = d->next) {
        html_raw(out, "<dt>");
        html_kept(out, &d->name);
        html_raw(out, "</dt><dd class=\"any\">");
        html_kept(out, &d->value);
        html_raw(out, "</dd>\n");
    }
    html_raw(out, "</dl>\n");
    write_more(out, rule->more_details, "more value", "more values");
}

static void write_one_evidence(struct buf *out, const struct digest *d, const struct seen_actor *actor, const struct seen_evidence *e)
{
    html_raw(out, "<tr><td class=\"fit num\">");
    phrase_span(out, e->time, e->time, actor->first);
    html_raw(out, "</td><td class=\"any\"><code>");
    if (e->file < DIGEST_FILES)
        html_kept(out, &d->files[e->file]);
    else
        html_raw(out, "(name not kept)");
    html_rawf(out, ":%" PRIu64, e->line);
    if (e->item)
        html_rawf(out, "#%" PRIu32, e->item);
    html_raw(out, "</code></td><td class=\"any\"><code>");
    html_text(out, str_make(e->id, e->id_len));
    html_raw(out, e->id_cut ? "<span class=\"cut\">\xe2\x80\xa6</span></code></td></tr>\n" : "</code></td></tr>\n");
}

static void write_evidence(struct buf *out, const struct digest *d, const struct seen_actor *actor, const struct seen_rule *rule)
{
    size_t kept = digest_evidence_kept(rule);
    if (!kept)
        return;
    html_raw(
        out,
        "<h4>Evidence</h4><table class=\"grid evidence\"><thead><tr><th>time</th><th>line</th><th>audit id</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < kept; i++)
        write_one_evidence(out, d, actor, digest_evidence(rule, i));
    html_raw(out, "</tbody></table>\n");
    write_more(out, rule->n_evidence - kept, "more line between the first and the newest", "more lines between the first and the newest");
}

static void write_tags(struct buf *out, const struct rule *rule)
{
    html_raw(out, "<p class=\"tags any\">");
    html_text(out, keep_cut(rule->id, DIGEST_TEXT));
    for (size_t i = 0; i < rule->n_tags && i < TAGS; i++) {
        html_raw(out, " \xc2\xb7 ");
        html_text(out, keep_cut(rule->tags[i], DIGEST_TEXT));
    }
    html_raw(out, "</p>\n");
}

// What is urgent is unfolded, but of rules that fired on the very same records only the worst.
static bool is_open(const struct seen_actor *actor, const struct seen_rule *rule)
{
    for (const struct seen_rule *before = actor->rules; before != rule; before = before->next)
        if (digest_same_evidence(before, rule))
            return false;
    return rule->rule->level >= LEVEL_HIGH;
}

void html_rule(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule)
{
    struct buf *out = &r->out.buf;
    enum rule_level level = rule->rule->level;
    html_rawf(out, "<details%s><summary><span class=\"pill l%d\">%.*s</span><span class=\"title any\">",
              is_open(actor, rule) ? " open" : "", (int)level, STR_ARG(phrase_level(level)));
    html_text(out, keep_cut(rule->rule->title, DIGEST_TEXT));
    html_raw(out, "</span><span class=\"when\">");
    if (rule->alerts > 1) {
        phrase_count(out, rule->alerts, "alert", "alerts");
        html_raw(out, ", ");
    }
    phrase_span(out, rule->first, rule->last, actor->first);
    html_raw(out, "</span></summary>\n<div class=\"body\">\n");
    if (rule->rule->description.len) {
        html_raw(out, "<p class=\"why any\">");
        html_text(out, keep_cut(str_trim(rule->rule->description), LONG_TEXT));
        html_raw(out, "</p>\n");
    }
    write_actions(out, actor, rule);
    write_details(out, rule);
    write_evidence(out, &r->digest, actor, rule);
    write_tags(out, rule->rule);
    html_raw(out, "</div></details>\n");
    out_flush(&r->out);
}
