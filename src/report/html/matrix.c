// SPDX-License-Identifier: Apache-2.0
// The attack matrix as a table: a column a tactic, Microsoft's techniques always, ATT&CK's where they were hit, lit by the worst level;
// and a second one for tactics that the Kubernetes matrix does not have.
#include "report/html/html.h"

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

// The tactics of one table: those of the Kubernetes matrix, or those beyond it that were hit.
struct table {
    size_t tactics[TACTICS_MAX];
    struct rows rows[TACTICS_MAX];
    size_t n, height;
};

static void collect_table(const struct matrix *m, bool kubernetes, struct table *t)
{
    t->n = t->height = 0;
    for (size_t i = 0; i < m->techniques->n_tactics; i++) {
        if (!m->columns[i].drawn || m->techniques->tactics[i].drawn != kubernetes)
            continue;
        collect_rows(m, i, &t->rows[t->n]);
        t->height = t->rows[t->n].n > t->height ? t->rows[t->n].n : t->height;
        t->tactics[t->n++] = i;
    }
}

static void write_header(struct buf *out, const struct matrix *m, const struct table *t)
{
    html_raw(out, "<thead><tr>\n");
    for (size_t i = 0; i < t->n; i++) {
        html_raw(out, "<th scope=\"col\">");
        html_text(out, m->techniques->tactics[t->tactics[i]].name);
        html_raw(out, "<small>");
        if (m->columns[t->tactics[i]].alerts)
            phrase_count(out, m->columns[t->tactics[i]].alerts, "alert", "alerts");
        else
            html_raw(out, "quiet");
        html_raw(out, "</small></th>\n");
    }
    html_raw(out, "</tr></thead>\n");
}

static void write_table(struct report *r, const struct matrix *m, bool kubernetes)
{
    struct buf *out = &r->out.buf;
    struct table t;
    collect_table(m, kubernetes, &t);
    if (t.n == 0)
        return;
    html_rawf(out, "<table class=\"matrix%s\">\n", kubernetes ? "" : " beyond");
    write_header(out, m, &t);
    html_raw(out, "<tbody>\n");
    for (size_t row = 0; row < t.height; row++) {
        html_raw(out, "<tr>\n");
        for (size_t i = 0; i < t.n; i++)
            if (row < t.rows[i].n)
                write_cell(out, m, t.tactics[i], t.rows[i].technique[row]);
            else
                html_raw(out, "<td class=\"none\"></td>\n");
        html_raw(out, "</tr>\n");
        out_flush(&r->out);
    }
    html_raw(out, "</tbody></table>\n");
}

void html_matrix(struct report *r, const struct matrix *m)
{
    struct buf *out = &r->out.buf;
    html_raw(out,
             "<h2 id=\"matrix\">Attack matrix</h2>\n<p class=\"lead\">Microsoft Threat Matrix for Kubernetes and MITRE ATT&amp;CK, lit "
             "by the worst alert; figures are alerts.</p>\n<div class=\"card scroll\">");
    write_table(r, m, true);
    write_table(r, m, false);
    html_raw(out, "<p class=\"legend\">");
    for (unsigned level = LEVEL_CRITICAL + 1; level-- > 0;)
        html_rawf(out, "<span><span class=\"pill l%u\">%.*s</span></span>", level, STR_ARG(phrase_level((enum rule_level)level)));
    if (m->unplaced) {
        html_raw(out, "<span>");
        phrase_count(out, m->unplaced, "alert", "alerts");
        html_raw(out, " of rules that name no known technique</span>");
    }
    html_raw(out, "</p></div>\n");
}
