// SPDX-License-Identifier: Apache-2.0
// One self-contained page (html_page.h): no network, no script, no file beside it.
#include "report/html/html.h"

#include "report/common/advice.h"
#include "report/html/incident.h"
#include "report/html/page.h"
#include "report/common/campaigns.h"

static void write_tile(struct buf *out, uint64_t n, const char *what, const char *style)
{
    html_rawf(out, "<li class=\"%s\"><b>", n ? style : "zero");
    phrase_number(out, n);
    html_rawf(out, "</b><span>%s</span></li>\n", what);
}

static void write_verdict(struct report *r)
{
    const struct digest *d = &r->digest;
    struct buf *out = &r->out.buf;
    html_raw(out, "<h1>");
    if (r->n_campaigns) {
        phrase_count(out, r->n_campaigns, "campaign", "campaigns");
        html_raw(out, "; ");
    }
    if (r->pages.count) {
        phrase_count(out, r->pages.count, "incident", "incidents");
        html_raw(out, "; ");
    }
    if (d->alerts == 0)
        html_raw(out, r->pages.count ? "no alerts" : "Nothing found: no rule fired");
    else if (digest_worst(d) >= LEVEL_HIGH)
        phrase_levels(out, d->by_level, LEVEL_HIGH);
    else
        html_raw(out, "Nothing high or critical");
    if (d->alerts && digest_worst(d) >= LEVEL_HIGH) {
        html_raw(out, ", by ");
        phrase_count(out, digest_urgent(d), "actor", "actors");
    }
    html_raw(out, "</h1>\n");
}

static void write_head(struct report *r, const struct engine_summary *s)
{
    static const char *const words[] = {"informational", "low", "medium", "high", "critical"};
    static const char *const styles[] = {"l0", "l1", "l2", "l3", "l4"};
    const struct digest *d = &r->digest;
    struct buf *out = &r->out.buf;
    enum rule_level worst = pages_worst(&r->pages) > digest_worst(d) ? pages_worst(&r->pages) : digest_worst(d);
    html_rawf(out, "<header class=\"card head %s\">\n<p class=\"brand\"><b>Davy</b> Kubernetes audit log report</p>\n",
              d->alerts || r->pages.count ? styles[worst] : "");
    write_verdict(r);
    html_raw(out, "<p class=\"lead\">");
    phrase_count(out, s->records, "record", "records");
    html_raw(out, " (");
    phrase_bytes(out, s->bytes);
    html_raw(out, ") of ");
    phrase_count(out, s->clusters, "cluster", "clusters");
    if (s->first != TIME_NONE || s->last != TIME_NONE) {
        html_raw(out, ", ");
        phrase_span(out, s->first, s->last, TIME_NONE);
        html_raw(out, " UTC");
    }
    html_raw(out, "</p>\n<ul class=\"tiles\">\n");
    uint64_t hidden = 0;
    for (unsigned i = LEVEL_CRITICAL + 1; i-- > 0;) {
        write_tile(out, d->by_level[i], words[i], styles[i]);
        hidden += r->hidden[i];
    }
    if (hidden)
        write_tile(out, hidden, "below the level asked for", "");
    if (s->n_blind)
        write_tile(out, s->n_blind, s->n_blind == 1 ? "blind spot" : "blind spots", "l2");
    html_raw(out, "</ul>\n</header>\n");
}

// Links to the parts that follow.
static void write_nav(struct report *r)
{
    struct buf *out = &r->out.buf;
    struct advice list[ADVICE_MAX];
    size_t left;
    html_raw(out, "<nav>");
    if (r->n_campaigns)
        html_raw(out, "<a href=\"#campaigns\">Campaigns</a> ");
    if (r->pages.count)
        html_raw(out, "<a href=\"#incidents\">Incidents</a> ");
    if (html_has_timeline(&r->digest))
        html_raw(out, "<a href=\"#timeline\">Timeline</a> ");
    if (r->digest.alerts && r->options.techniques)
        html_raw(out, "<a href=\"#matrix\">Attack matrix</a> ");
    if (r->digest.alerts)
        html_raw(out, "<a href=\"#actors\">Actors</a> ");
    if (advice_collect(&r->digest, list, &left))
        html_raw(out, "<a href=\"#advice\">What to do</a> ");
    html_raw(out, "<a href=\"#read\">What was read</a></nav>\n");
}

static void html_alert(struct report *r, const struct alert *alert)
{
    digest_add(&r->digest, alert);
}

static void html_join(struct report *r, const struct campaign *campaign)
{
    campaigns_keep(r, campaign, html_campaign);
}

static void html_finish(struct report *r, const struct engine_summary *summary)
{
    digest_sort(&r->digest);
    pages_sort(&r->pages);
    html_top(&r->out.buf, "Davy report");
    write_head(r, summary);
    write_nav(r);
    html_campaigns(r);
    html_incidents(r);
    if (r->digest.alerts) {
        html_timeline(r);
        if (r->options.techniques) {
            struct matrix m;
            matrix_init(&m, r->options.techniques, &r->digest);
            html_matrix(r, &m);
            matrix_fini(&m);
        }
        html_actors(r);
    }
    html_tail(r, summary);
    html_bottom(&r->out.buf, "Times are UTC. What comes from the log is shown with control and invisible characters <span "
                             "class=\"x\">\\x1b</span> made visible.");
}

const struct format format_html = {
    .name = {"html", 4}, .alert = html_alert, .incident = html_incident, .campaign = html_join, .finish = html_finish};
