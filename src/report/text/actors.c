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
#include "report/text/text.h"

enum {
    SHOWN_ACTORS = 40,    // of each section
    ADDRESS_COLUMNS = 45, // the longest IPv6 text
    FACET_COLUMNS = 160,
};

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
    text_label(r, phrase_facet(facet), INDENT);
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = INDENT + LABEL, .width = r->options.width, .max_lines = 4});
    buf_fini(&line);
}

static void write_actor_head(struct report *r, const struct seen_actor *a, size_t number)
{
    struct buf *out = &r->out.buf;
    const size_t width = r->options.width;
    buf_addf(out, "\n%2zu  ", number);
    text_style(r, STYLE_BOLD);
    buf_add(out, a->process ? STR("process ") : STR(""));
    if (a->principal.text.ptr)
        text_fit(out, a->principal.text, a->principal.whole, width - INDENT);
    else
        buf_add(out, a->process ? STR("without a name") : STR("(not authenticated)"));
    text_style(r, STYLE_PLAIN);
    struct buf line;
    buf_init(&line, 1 << 14);
    buf_add(&line, a->process ? STR("on node ") : STR("from "));
    if (a->address.text.ptr)
        text_fit(&line, a->address.text, a->address.whole, ADDRESS_COLUMNS);
    else
        buf_add(&line, a->process ? STR("(not named)") : STR("(no address)"));
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
    text_rules(r, a);
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
        text_more(r, INDENT, left, "more actor, shown by --format html and json", "more actors, shown by --format html and json");
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
        text_more(r, INDENT, dropped, "alert of an actor beyond those kept, in the totals only (--format json has it)",
                  "alerts of actors beyond those kept, in the totals only (--format json has them)");
    }
}
