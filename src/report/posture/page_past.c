// SPDX-License-Identifier: Apache-2.0
// How the score went, as a line over time.
#include "report/posture/page_private.h"

#include "report/html/axis.h"

enum { WIDTH = 1200, HEIGHT = 250, LEFT = 56, RIGHT = 1180, TOP = 40, BOTTOM = 230, POINTS = 400, MARKED = 60 };

static double y_of(double percent)
{
    return BOTTOM - percent / 100 * (BOTTOM - TOP);
}

static void write_scale(struct buf *out, const struct axis *x)
{
    axis_ticks(out, x, TOP, BOTTOM);
    for (int percent = 0; percent <= 100; percent += 25)
        html_rawf(out,
                  "<line class=\"lane\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" "
                  "text-anchor=\"end\">%d&#8201;%%</text>\n",
                  LEFT, RIGHT, y_of(percent), y_of(percent), LEFT - 8, y_of(percent) + 4, percent);
}

static void write_point(struct buf *out, const struct axis *x, int64_t time, struct score score)
{
    const double percent = score_percent(score);
    html_rawf(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>", sheet_grade(percent), axis_x(x, time), y_of(percent));
    phrase_time(out, time);
    html_rawf(out, " UTC: %.2f of %.0f points (%.0f&#8201;%%)</title></circle>\n", score.points, score.max, percent);
}

static void write_curve(struct buf *out, struct past_series runs)
{
    const struct axis x = axis_make(runs.runs[0].time, runs.runs[runs.n - 1].time, LEFT, RIGHT);
    const size_t n = runs.n < POINTS ? runs.n : POINTS;
    html_rawf(out, "<div class=\"card scroll timeline\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"The score over time\">\n",
              WIDTH, HEIGHT);
    write_scale(out, &x);
    for (size_t i = 0; i < n; i++) { // the first and the last are among them
        const struct past_run *r = &runs.runs[n > 1 ? i * (runs.n - 1) / (n - 1) : 0];
        html_rawf(out, i ? "L%.1f %.1f" : "<path class=\"curve\" d=\"M%.1f %.1f", axis_x(&x, r->time), y_of(score_percent(r->score)));
    }
    html_raw(out, "\"/>\n");
    for (size_t i = runs.n > MARKED ? runs.n - MARKED : 0; i < runs.n; i++)
        write_point(out, &x, runs.runs[i].time, runs.runs[i].score);
    html_raw(out, "</svg></div>\n");
}

void sheet_past(struct buf *out, struct past_series runs)
{
    if (!runs.n)
        return;
    html_raw(out, "<h2>History</h2>\n<p class=\"lead\">");
    phrase_count(out, runs.n, "run", "runs");
    html_raw(out, ", ");
    phrase_span(out, runs.runs[0].time, runs.runs[runs.n - 1].time, TIME_NONE);
    html_raw(out, " UTC</p>\n");
    write_curve(out, runs);
}
