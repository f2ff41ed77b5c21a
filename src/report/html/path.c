// SPDX-License-Identifier: Apache-2.0
// The attack matrix of an incident: a column a tactic, its cells numbered in the order they were reached.
#include "report/html/incident.h"

enum { ROWS = 12 }; // of a column

static void write_cell(struct buf *out, const struct techniques *t, const struct story *s, size_t order)
{
    const struct story_cell *cell = &s->cells.items[order];
    const struct technique *technique = cell->hit.technique == TECHNIQUE_NONE ? NULL : &t->items[cell->hit.technique];
    html_rawf(out, "<td class=\"hit\"><b>%zu</b><span>", order + 1);
    if (technique) {
        html_text(out, technique->name);
        html_raw(out, "</span> <small>");
        html_text(out, technique->id);
    } else {
        html_raw(out, "no technique named</span> <small>");
    }
    if (cell->count > 1) {
        html_raw(out, " \xc3\x97 ");
        phrase_number(out, cell->count);
    }
    html_rawf(out, ", step %zu</small></td>\n", cell->row + 1);
}

// The n-th cell of a tactic, as its place in the order of time; SIZE_MAX: there is none.
static size_t find_cell(const struct story *s, size_t tactic, size_t n)
{
    for (size_t i = 0; i < s->cells.n; i++)
        if (s->cells.items[i].hit.tactic == tactic && n-- == 0)
            return i;
    return SIZE_MAX;
}

void html_path(struct report *r, const struct story *s)
{
    const struct techniques *t = r->options.techniques;
    struct buf *out = &r->out.buf;
    size_t columns[TACTICS_MAX], n = 0, height = 0;
    for (size_t i = 0; s->cells.n && i < t->n_tactics; i++) {
        size_t cells = 0;
        while (cells < ROWS && find_cell(s, i, cells) != SIZE_MAX)
            cells++;
        if (cells || t->tactics[i].drawn)
            columns[n++] = i;
        height = cells > height ? cells : height;
    }
    if (!s->cells.n)
        return;
    html_raw(out, "<div class=\"part\"><h3>On the attack matrix</h3>\n<p class=\"lead\">Numbered in the order they got there</p>\n"
                  "<div class=\"scroll\"><table class=\"matrix path\"><thead><tr>\n");
    for (size_t i = 0; i < n; i++) {
        html_raw(out, "<th scope=\"col\">");
        html_text(out, t->tactics[columns[i]].name);
        html_raw(out, "</th>");
    }
    html_raw(out, "\n</tr></thead><tbody>\n");
    for (size_t row = 0; row < height; row++) {
        html_raw(out, "<tr>\n");
        for (size_t i = 0; i < n; i++) {
            size_t order = find_cell(s, columns[i], row);
            if (order != SIZE_MAX)
                write_cell(out, t, s, order);
            else
                html_raw(out, row ? "<td class=\"none\"></td>\n" : "<td></td>\n");
        }
        html_raw(out, "</tr>\n");
    }
    html_raw(out, "</tbody></table></div></div>\n");
}
