// SPDX-License-Identifier: Apache-2.0
#include "report/posture/formats.h"

#include "base/diag.h"
#include "report/posture/frameworks.h"

// Text in XML: what the terminal's escapes leave, with XML's own.
static void add_xml(struct buf *out, struct str s)
{
    struct buf plain;
    buf_init(&plain, SIZE_MAX);
    text_escape(&plain, s);
    for (size_t i = 0; i < plain.len; i++) {
        const char c = plain.ptr[i];
        switch (c) {
        case '<':
            buf_add(out, STR("&lt;"));
            break;
        case '>':
            buf_add(out, STR("&gt;"));
            break;
        case '&':
            buf_add(out, STR("&amp;"));
            break;
        case '"':
            buf_add(out, STR("&quot;"));
            break;
        default:
            buf_add_char(out, c);
        }
    }
    buf_fini(&plain);
}

static bool is_assessed(const struct control_score *s)
{
    return s->healthy + s->unhealthy > 0;
}

void posture_junit_begin(struct buf *out)
{
    buf_add(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"davy posture\">\n"));
}

void posture_junit_end(struct buf *out)
{
    buf_add(out, STR("</testsuites>\n"));
}

static void add_properties(struct buf *out, const struct control_about *about)
{
    struct str section;
    bool any = false;
    for (size_t i = 0; about && i < about->n_tags; i++) {
        const struct framework *f = framework_of(about->tags[i], &section);
        if (!f)
            continue;
        buf_add(out, any ? STR("") : STR("<properties>"));
        any = true;
        buf_addf(out, "<property name=\"%.*s\" value=\"", STR_ARG(f->id));
        add_xml(out, section);
        buf_add(out, STR("\"/>"));
    }
    buf_add(out, any ? STR("</properties>") : STR(""));
}

static void add_case(struct buf *out, const struct control_score *s, const struct buf *examples)
{
    buf_addf(out, "    <testcase classname=\"davy.posture.%.*s\" name=\"", STR_ARG(posture_severity_word(s->control.severity)));
    add_xml(out, s->control.id);
    buf_add(out, STR(": "));
    add_xml(out, s->control.title);
    buf_add(out, STR("\">"));
    add_properties(out, s->control.about);
    if (s->unhealthy) {
        const unsigned long long judged = s->healthy + s->unhealthy;
        buf_addf(out, "<failure message=\"%llu of %llu are not\">", (unsigned long long)s->unhealthy, judged);
        struct str rest = buf_str(examples);
        while (rest.len) {
            add_xml(out, str_trim(str_split(&rest, '\n')));
            buf_add_char(out, '\n');
        }
        buf_add(out, STR("fix: "));
        add_xml(out, s->fix);
        buf_add(out, STR("</failure>"));
    } else if (!is_assessed(s)) {
        buf_add(out, s->unread ? STR("<skipped message=\"not everything could be read\"/>") : STR("<skipped message=\"not assessed\"/>"));
    }
    buf_add(out, STR("</testcase>\n"));
}

void posture_junit_score(struct buf *out, const struct score_sheet *sheet, const struct buf *examples)
{
    const struct control_score *scores = sheet->scores;
    const size_t n = sheet->n;
    size_t failures = 0, skipped = 0;
    for (size_t i = 0; i < n; i++) {
        failures += scores[i].unhealthy > 0;
        skipped += !is_assessed(&scores[i]);
    }
    buf_add(out, STR("  <testsuite name=\""));
    add_xml(out, sheet->cluster);
    buf_addf(out, "\" tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\">\n", n, failures, skipped);
    for (size_t i = 0; i < n; i++)
        add_case(out, &scores[i], &examples[i]);
    buf_add(out, STR("  </testsuite>\n"));
}

// --- Prometheus ------------------------------------------------------------------------------------------------------------------

// A label's value: backslash, quote and line feed are escaped by the format; the rest was made visible before.
static void add_label(struct buf *out, const char *name, struct str value)
{
    struct buf plain;
    buf_init(&plain, SIZE_MAX);
    text_escape(&plain, value);
    buf_addf(out, "%s=\"", name);
    for (size_t i = 0; i < plain.len; i++) {
        if (plain.ptr[i] == '\\' || plain.ptr[i] == '"')
            buf_add_char(out, '\\');
        buf_add_char(out, plain.ptr[i]);
    }
    buf_add_char(out, '"');
    buf_fini(&plain);
}

static void add_control(struct buf *out, const char *metric, struct str cluster, const struct control_score *s, double value)
{
    buf_addf(out, "%s{", metric);
    add_label(out, "cluster", cluster);
    buf_add_char(out, ',');
    add_label(out, "control", s->control.id);
    buf_add_char(out, ',');
    add_label(out, "severity", posture_severity_word(s->control.severity));
    buf_addf(out, "} %.6g\n", value);
}

static void add_cluster(struct buf *out, const char *metric, struct str cluster, double value)
{
    buf_addf(out, "%s{", metric);
    add_label(out, "cluster", cluster);
    buf_addf(out, "} %.6g\n", value);
}

void posture_prometheus_score(struct buf *out, const struct score_sheet *sheet, bool first)
{
    const struct str cluster = sheet->cluster;
    const struct control_score *scores = sheet->scores;
    const size_t n = sheet->n;
    const struct score sum = score_sum(scores, n);
    if (first)
        buf_add(out, STR("# HELP davy_posture_score Points of the secure score.\n# TYPE davy_posture_score gauge\n"
                         "# HELP davy_posture_score_max Points that could be had.\n# TYPE davy_posture_score_max gauge\n"
                         "# HELP davy_posture_unhealthy Objects that a control finds unhealthy.\n# TYPE davy_posture_unhealthy gauge\n"
                         "# HELP davy_posture_gain Points that fixing a control would add.\n# TYPE davy_posture_gain gauge\n"
                         "# HELP davy_posture_unread_kinds Kinds of which not every object could be read.\n"
                         "# TYPE davy_posture_unread_kinds gauge\n"));
    add_cluster(out, "davy_posture_score", cluster, sum.points);
    add_cluster(out, "davy_posture_score_max", cluster, sum.max);
    add_cluster(out, "davy_posture_unread_kinds", cluster, (double)sheet->n_unread);
    for (size_t i = 0; i < n; i++) {
        if (!is_assessed(&scores[i]))
            continue;
        add_control(out, "davy_posture_unhealthy", cluster, &scores[i], (double)scores[i].unhealthy);
        add_control(out, "davy_posture_gain", cluster, &scores[i], control_gain(&scores[i]));
    }
}
