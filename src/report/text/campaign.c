// SPDX-License-Identifier: Apache-2.0
// A campaign for a terminal: what happened in a sentence, what joins its clusters, the curve of its spread, what to do in each cluster.
#include "report/common/campaigns.h"
#include "report/text/text.h"

#include "report/common/keep.h"

enum {
    PARAGRAPH = 1 << 14,
    SHARED = 12, // indicators shown that clusters share
    VARYING = 8, // and that they do not
    POINTS = 16, // of the curve
    BAR = 40,    // columns of its longest bar
    NAME = 32,   // of a cluster
    PLANS = 24,  // clusters whose plan is shown
    LEFT = 12,   // leftovers of a plan
};

static void add_name(struct buf *line, struct str name)
{
    text_fit(line, name, name.len, NAME);
}

static void write_sentence(struct report *r, const struct campaign *c)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    text_level(r, c->severity, LABEL);
    buf_add(&line, STR("One hand in "));
    phrase_count(&line, c->n_clusters, "cluster", "clusters");
    buf_add(&line, STR(" ("));
    phrase_count(&line, c->n_incidents, "incident", "incidents");
    buf_add(&line, STR("), "));
    phrase_span(&line, c->first, c->last, TIME_NONE);
    buf_add(&line, STR(" UTC. It began in "));
    add_name(&line, c->clusters[0].name);
    buf_add(&line, STR("; the last cluster hit was "));
    add_name(&line, c->clusters[c->n_clusters - 1].name);
    buf_add(&line, STR(", "));
    campaign_span(&line, c->first, c->clusters[c->n_clusters - 1].first);
    buf_add(&line, STR(" later."));
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = LABEL, .width = r->options.width});
    buf_fini(&line);
}

static void add_vector_count(struct buf *line, size_t n, const char *what)
{
    if (!n)
        return;
    buf_addf(line, "; %s ", what);
    phrase_count(line, n, "cluster", "clusters");
}

static void write_vector(struct report *r, const struct campaign *c)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    buf_add(&line, STR("How they got in: "));
    if (c->vector.ptr) {
        struct str words = story_verdict(c->vector);
        text_fit(&line, words, words.len, 2 * OBJECT_COLUMNS);
    } else {
        buf_add(&line, c->proven ? STR("not the same way everywhere") : STR("proven in none of them"));
    }
    add_vector_count(&line, c->proven, "proven in");
    add_vector_count(&line, c->carried, "inferred from those, and not proven, in");
    add_vector_count(&line, c->undecided, "undecided in");
    text_paragraph(r, (struct hang){INDENT, INDENT, STYLE_PLAIN, 0}, buf_str(&line));
    buf_fini(&line);
}

static void write_indicator(struct report *r, const struct campaign *c, const struct campaign_indicator *x)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    text_fit(&line, x->type, x->type.len, OBJECT_COLUMNS);
    buf_add_char(&line, ' ');
    text_fit(&line, x->value, x->value.len, 2 * OBJECT_COLUMNS);
    if (x->clusters > 1 && x->clusters == c->n_clusters)
        buf_add(&line, STR(" (all clusters)"));
    else if (x->clusters > 1)
        buf_addf(&line, " (%zu of %zu clusters)", x->clusters, c->n_clusters);
    if (!x->weight)
        buf_add(&line, STR(" (stock: says nothing)"));
    text_paragraph(r, (struct hang){INDENT, INDENT + 2, STYLE_PLAIN, 3}, buf_str(&line));
    buf_fini(&line);
}

// Shared ones come first in the list.
static void write_indicators(struct report *r, const struct campaign *c, bool shared)
{
    size_t shown = 0, more = shared ? 0 : (size_t)c->dropped_indicators;
    for (size_t i = 0; i < c->n_indicators; i++) {
        if ((c->indicators[i].clusters > 1) != shared)
            continue;
        if (shown == 0)
            text_subheading(r, shared ? "WHAT THEY SHARE" : "WHAT VARIES", NULL);
        if (shown < (shared ? SHARED : VARYING))
            write_indicator(r, c, &c->indicators[i]), shown++;
        else
            more++;
    }
    text_more(r, INDENT, more, "more, in --format json", "more, in --format json");
}

static void write_curve(struct report *r, const struct campaign *c)
{
    struct buf *out = &r->out.buf;
    size_t n = campaign_points(c, POINTS);
    text_subheading(r, "HOW IT SPREAD", "clusters hit until then");
    for (size_t i = 0; i < n; i++) {
        size_t at = campaign_point(c, n, i);
        size_t bar = ((at + 1) * BAR + c->n_clusters - 1) / c->n_clusters;
        text_pad(out, INDENT);
        phrase_time(out, c->clusters[at].first);
        buf_addf(out, "%7zu  ", at + 1);
        for (size_t k = 0; k < bar; k++)
            buf_add_char(out, '#');
        text_pad(out, BAR - bar + 2);
        text_fit(out, c->clusters[at].name, c->clusters[at].name.len, r->options.width > 100 ? NAME : NAME / 2);
        buf_add_char(out, '\n');
    }
}

static void write_plan(struct report *r, const struct campaign_cluster *x)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    add_name(&line, x->name);
    buf_add(&line, STR(": "));
    struct str words = x->vector.ptr ? story_verdict(x->vector) : STR("unknown how they got in");
    text_fit(&line, words, words.len, 2 * OBJECT_COLUMNS);
    buf_add(&line, x->carried ? STR(" (inferred from the other clusters)") : x->certainty == CERTAIN ? STR("") : STR(" (inferred)"));
    for (size_t i = 0; i < x->n_causes; i++) {
        buf_add(&line, i ? STR(", ") : STR("; let in by "));
        text_fit(&line, x->causes[i], x->causes[i].len, OBJECT_COLUMNS);
    }
    text_paragraph(r, (struct hang){INDENT, INDENT + 2, STYLE_BOLD, 4}, buf_str(&line));
    for (size_t i = 0; i < x->n_fixes; i++)
        text_command(r, x->fixes[i], INDENT + 4);
    size_t shown = x->n_leftovers < LEFT ? x->n_leftovers : LEFT;
    for (size_t i = 0; i < shown; i++)
        text_command(r, x->leftovers[i].fix, INDENT + 4);
    text_more(r, INDENT + 4, x->n_leftovers - shown + x->dropped, "more, in the incident itself", "more, in the incidents themselves");
    buf_fini(&line);
}

void text_campaign(struct report *r, const struct campaign *c)
{
    struct buf title;
    buf_init(&title, 64);
    buf_addf(&title, "CAMPAIGN %.*s", STR_ARG(c->id));
    buf_add_char(&title, '\0');
    text_heading(r, title.ptr, NULL);
    write_sentence(r, c);
    write_vector(r, c);
    write_indicators(r, c, true);
    write_indicators(r, c, false);
    write_curve(r, c);
    text_subheading(r, "WHAT TO DO IN EACH CLUSTER", "close the way in first");
    for (size_t i = 0; i < c->n_clusters && i < PLANS; i++)
        write_plan(r, &c->clusters[i]);
    text_more(r, INDENT, c->n_clusters > PLANS ? c->n_clusters - PLANS : 0, "more cluster, in --format json",
              "more clusters, in --format json");
    buf_fini(&title);
}

void text_campaigns(struct report *r)
{
    buf_add(&r->out.buf, buf_str(&r->campaigns));
    if (r->campaigns_without_room) {
        buf_add_char(&r->out.buf, '\n');
        text_more(r, 2, r->campaigns_without_room, "campaign for which there was no room: --format json has it",
                  "campaigns for which there was no room: --format json has them");
    }
    out_flush(&r->out);
}
