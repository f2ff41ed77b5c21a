// SPDX-License-Identifier: Apache-2.0
// The page an engineer on call reads in a terminal: verdict, incidents, actors newest first, matrix, what to do, what could not be judged.
#include "report/common/campaigns.h"
#include "report/text/text.h"

// "CRITICAL  1 critical and 4 high alerts; 2 actors to act on", or what there is instead.
static void write_verdict(struct report *r)
{
    const struct digest *d = &r->digest;
    enum rule_level worst = digest_worst(d), incident = pages_worst(&r->pages);
    bool found = d->alerts || r->pages.count;
    worst = incident > worst ? incident : worst;
    struct buf line;
    buf_init(&line, 1024);
    if (r->n_campaigns) {
        phrase_count(&line, r->n_campaigns, "campaign", "campaigns");
        buf_add(&line, STR("; "));
    }
    if (r->pages.count) {
        phrase_count(&line, r->pages.count, "incident", "incidents");
        buf_add(&line, STR("; "));
    }
    phrase_levels(&line, d->by_level, LEVEL_INFORMATIONAL);
    if (d->alerts && worst < LEVEL_HIGH)
        buf_add(&line, STR("; nothing high or critical"));
    if (digest_urgent(d)) {
        buf_add(&line, STR("; "));
        phrase_count(&line, digest_urgent(d), "actor to act on", "actors to act on");
    }
    struct str word = found ? phrase_level(worst) : STR("NOTHING FOUND");
    text_styled(r, found ? STYLE_LEVEL + worst : STYLE_BOLD, word, word.len);
    text_pad(&r->out.buf, 2);
    text_style(r, STYLE_BOLD);
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = word.len + 2, .width = r->options.width});
    text_style(r, STYLE_PLAIN);
    buf_fini(&line);
}

static void write_head(struct report *r, const struct engine_summary *s)
{
    struct buf line;
    buf_init(&line, 4096);
    write_verdict(r);
    phrase_count(&line, s->records, "record", "records");
    buf_add(&line, STR(" ("));
    phrase_bytes(&line, s->bytes);
    buf_add(&line, STR(") of "));
    phrase_count(&line, s->clusters, "cluster", "clusters");
    if (s->first != TIME_NONE || s->last != TIME_NONE) {
        buf_add(&line, STR(", "));
        phrase_span(&line, s->first, s->last, TIME_NONE);
        buf_add(&line, STR(" UTC"));
    }
    uint64_t hidden = 0;
    for (unsigned i = 0; i <= LEVEL_CRITICAL; i++)
        hidden += r->hidden[i];
    if (hidden) {
        buf_add(&line, STR("; not shown: "));
        phrase_levels(&line, r->hidden, LEVEL_INFORMATIONAL);
    }
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.width = r->options.width});
    buf_fini(&line);
}

static void text_alert(struct report *r, const struct alert *alert)
{
    digest_add(&r->digest, alert);
}

static void text_tell(struct report *r, const struct incident *incident)
{
    pages_begin(&r->pages, &r->out);
    text_incident(r, incident);
    pages_end(&r->pages, &r->out, incident);
}

static void text_join(struct report *r, const struct campaign *campaign)
{
    if (r->options.campaigns_only)
        text_campaign(r, campaign);
    else
        campaigns_keep(r, campaign, text_campaign);
}

static void text_finish(struct report *r, const struct engine_summary *summary)
{
    digest_sort(&r->digest);
    write_head(r, summary);
    text_campaigns(r);
    text_incidents(r);
    text_actors(r);
    if (r->options.techniques && r->digest.alerts) {
        struct matrix m;
        matrix_init(&m, r->options.techniques, &r->digest);
        text_matrix(r, &m);
        matrix_fini(&m);
    }
    text_tail(r, summary);
    if (r->digest.alerts) { // what a terminal still shows after a long report
        buf_add_char(&r->out.buf, '\n');
        write_verdict(r);
    }
}

const struct format format_text = {
    .name = {"text", 4}, .alert = text_alert, .incident = text_tell, .campaign = text_join, .finish = text_finish};
