// SPDX-License-Identifier: Apache-2.0
// The attack matrix as a table: a column a tactic, Microsoft's techniques always, ATT&CK's where they were hit, lit by the worst level.
#include "report/html.h"

// The rows of a column: what was hit first, then the quiet techniques of the Kubernetes matrix in the order of the table.
struct rows {
    size_t technique[256];
    size_t n;
};

static bool is_kubernetes(const struct technique *t)
{
    return str_starts(t->id, STR("MS-"));
}

static void collect_rows(const struct matrix *m, size_t tactic, struct rows *rows)
{
    const struct matrix_column *column = &m->columns[tactic];
    const size_t most = sizeof rows->technique / sizeof *rows->technique;
    rows->n = 0;
    for (size_t i = 0; i < column->cells.n && rows->n < most; i++)
        rows->technique[rows->n++] = column->cells.items[i].technique;
    for (size_t i = 0; i < m->techniques->n && rows->n < most; i++)
        if (m->techniques->items[i].tactics >> tactic & 1 && is_kubernetes(&m->techniques->items[i]) && !matrix_find(column, i))
            rows->technique[rows->n++] = i;
}

static void write_cell(struct buf *out, const struct matrix *m, size_t tactic, size_t technique)
{
    const struct matrix_cell *hit = matrix_find(&m->columns[tactic], technique);
    const struct technique *t = technique == TECHNIQUE_NONE ? NULL : &m->techniques->items[technique];
    if (hit)
        html_rawf(out, "<td class=\"l%d\"", (int)hit->worst);
    else
        html_raw(out, "<td");
    if (t) {
        html_raw(out, " title=\"");
        html_attribute(out, t->id);
        html_raw(out, " ");
        html_attribute(out, t->name);
        html_raw(out, "\"");
    }
    html_raw(out, ">");
    if (hit) {
        html_raw(out, "<b>");
        phrase_number(out, hit->alerts);
        html_raw(out, "</b><span>");
        html_text(out, matrix_cell_name(m, hit));
        html_raw(out, "</span>");
    } else if (t) {
        html_text(out, t->name);
    }
    html_raw(out, "</td>\n");
}

static void write_header(struct buf *out, const struct matrix *m)
{
    html_raw(out, "<thead><tr>\n");
    for (size_t i = 0; i < m->techniques->n_tactics; i++) {
        const struct matrix_column *column = &m->columns[i];
        if (!column->drawn)
            continue;
        html_raw(out, "<th scope=\"col\">");
        html_text(out, m->techniques->tactics[i].name);
        html_raw(out, "<small>");
        if (column->alerts)
            phrase_count(out, column->alerts, "alert", "alerts");
        else
            html_raw(out, "quiet");
        html_raw(out, "</small></th>\n");
    }
    html_raw(out, "</tr></thead>\n");
}

void html_matrix(struct report *r, const struct matrix *m)
{
    struct buf *out = &r->out.buf;
    static struct rows none;
    struct rows rows[TACTICS_MAX];
    size_t height = 0;
    for (size_t i = 0; i < m->techniques->n_tactics; i++) {
        rows[i] = none;
        if (m->columns[i].drawn)
            collect_rows(m, i, &rows[i]);
        height = rows[i].n > height ? rows[i].n : height;
    }
    html_raw(
        out,
        "<h2 id=\"matrix\">Attack matrix</h2>\n<p class=\"lead\">Microsoft Threat Matrix for Kubernetes and MITRE ATT&amp;CK, lit by the "
        "worst alert; figures are alerts.</p>\n<div class=\"card scroll\"><table class=\"matrix\">\n");
    write_header(out, m);
    html_raw(out, "<tbody>\n");
    for (size_t row = 0; row < height; row++) {
        html_raw(out, "<tr>\n");
        for (size_t i = 0; i < m->techniques->n_tactics; i++)
            if (m->columns[i].drawn && row < rows[i].n)
                write_cell(out, m, i, rows[i].technique[row]);
            else if (m->columns[i].drawn)
                html_raw(out, "<td class=\"none\"></td>\n");
        html_raw(out, "</tr>\n");
        out_flush(&r->out);
    }
    html_raw(out, "</tbody></table>\n<p class=\"legend\">");
    for (unsigned level = LEVEL_CRITICAL + 1; level-- > 0;)
        html_rawf(out, "<span><span class=\"pill l%u\">%.*s</span></span>", level, STR_ARG(phrase_level((enum rule_level)level)));
    if (m->unplaced) {
        html_raw(out, "<span>");
        phrase_count(out, m->unplaced, "alert", "alerts");
        html_raw(out, " of rules that name no known technique</span>");
    }
    html_raw(out, "</p></div>\n");
}
