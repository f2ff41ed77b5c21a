// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include "report/common/format.h"

#include <stdlib.h>

static const struct format *const formats[] = {
    [REPORT_TEXT] = &format_text,
    [REPORT_JSON] = &format_json,
    [REPORT_HTML] = &format_html,
};

bool report_format_parse(struct str s, enum report_format *out)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq(s, formats[i]->name)) {
            *out = (enum report_format)i;
            return true;
        }
    return false;
}

struct report *report_new(struct report_options options, report_write_fn *write, void *context)
{
    enum { WIDTH_DEFAULT = 100, WIDTH_MIN = 60, WIDTH_MAX = 1000, CAMPAIGNS_MAX = 16 << 20 };
    must((size_t)options.format < sizeof formats / sizeof *formats);
    struct report *r = must_alloc(calloc(1, sizeof *r));
    r->options = options;
    r->format = formats[options.format];
    r->out = (struct out){.write = write, .context = context};
    if (options.width == 0)
        r->options.width = WIDTH_DEFAULT;
    else if (options.width < WIDTH_MIN || options.width > WIDTH_MAX)
        r->options.width = options.width < WIDTH_MIN ? WIDTH_MIN : WIDTH_MAX;
    buf_init(&r->out.buf, OUT_MAX);
    digest_init(&r->digest);
    buf_init(&r->campaigns, CAMPAIGNS_MAX);
    pages_init(&r->pages);
    return r;
}

void report_free(struct report *r)
{
    if (!r)
        return;
    pages_fini(&r->pages);
    digest_fini(&r->digest);
    buf_fini(&r->campaigns);
    buf_fini(&r->out.buf);
    free(r);
}

status report_alert(struct report *r, const struct alert *alert)
{
    if (alert->rule->level < r->options.least)
        r->hidden[alert->rule->level]++;
    else
        r->format->alert(r, alert);
    out_write(&r->out); // a line of NDJSON is for whoever watches a pipe now
    return r->out.status;
}

status report_incident(struct report *r, const struct incident *incident)
{
    if (r->format->incident)
        r->format->incident(r, incident);
    out_write(&r->out);
    return r->out.status;
}

status report_campaign(struct report *r, const struct campaign *campaign)
{
    if (r->format->campaign)
        r->format->campaign(r, campaign);
    out_write(&r->out);
    return r->out.status;
}

status report_finish(struct report *r, const struct engine_summary *summary)
{
    if (!r->options.campaigns_only)
        r->format->finish(r, summary);
    out_write(&r->out);
    return r->out.status;
}
