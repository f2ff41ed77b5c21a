// SPDX-License-Identifier: Apache-2.0
// The attack matrix for a terminal: a row a tactic, the techniques that were hit beside it, the worst level as a letter so that it
// can be read without colour.
#include "report/text/text.h"

enum { TACTIC_COLUMNS = 24, CELL_COLUMNS = 44 };

// "[C] New container ×3".
static void write_cell(struct report *r, const struct matrix *m, const struct matrix_cell *cell, struct str count, size_t columns)
{
    static const char marks[] = {'i', 'L', 'M', 'H', 'C'};
    struct buf *out = &r->out.buf;
    struct str name = matrix_cell_name(m, cell);
    text_style(r, STYLE_LEVEL + cell->worst);
    buf_addf(out, "[%c]", marks[cell->worst]);
    text_style(r, STYLE_PLAIN);
    buf_add_char(out, ' ');
    text_fit(out, name, name.len, columns - 4 - text_columns(count));
    buf_add(out, count);
}

static void write_row(struct report *r, const struct matrix *m, const struct matrix_column *column)
{
    struct buf *out = &r->out.buf, count;
    buf_init(&count, 64);
    size_t at = TACTIC_COLUMNS, most = r->options.width - TACTIC_COLUMNS;
    most = most > CELL_COLUMNS ? CELL_COLUMNS : most;
    for (size_t i = 0; i < column->cells.n; i++) {
        const struct matrix_cell *cell = &column->cells.items[i];
        buf_clear(&count);
        buf_add(&count, STR(" \xc3\x97"));
        phrase_number(&count, cell->alerts);
        struct str name = matrix_cell_name(m, cell);
        size_t columns = text_columns(name) + 4 + text_columns(buf_str(&count));
        columns = columns > most ? most : columns;
        if (i && at + 3 + columns > r->options.width) {
            buf_add_char(out, '\n');
            text_pad(out, TACTIC_COLUMNS);
            at = TACTIC_COLUMNS;
        } else if (i) {
            text_pad(out, 3);
            at += 3;
        }
        write_cell(r, m, cell, buf_str(&count), columns);
        at += columns;
    }
    buf_fini(&count);
}

void text_matrix(struct report *r, const struct matrix *m)
{
    struct buf *out = &r->out.buf;
    text_heading(r, "ATTACK MATRIX", NULL);
    for (size_t i = 0; i < m->techniques->n_tactics; i++) {
        const struct matrix_column *column = &m->columns[i];
        if (!column->drawn)
            continue;
        buf_add(out, STR("  "));
        text_style(r, column->alerts ? STYLE_BOLD : STYLE_DIM);
        struct str name = m->techniques->tactics[i].name;
        size_t used = text_fit(out, name, name.len, TACTIC_COLUMNS - 4);
        text_style(r, STYLE_PLAIN);
        text_pad(out, TACTIC_COLUMNS - 2 - used);
        if (column->alerts)
            write_row(r, m, column);
        else
            text_styled(r, STYLE_DIM, STR("\xc2\xb7"), 1);
        buf_add_char(out, '\n');
    }
    if (m->unplaced) {
        text_pad(out, 2);
        struct buf line;
        buf_init(&line, 256);
        phrase_count(&line, m->unplaced, "alert", "alerts");
        buf_add(&line, STR(" of rules that name no technique of the table"));
        text_wrap(out, buf_str(&line), (struct wrap){.indent = 2, .width = r->options.width});
        buf_fini(&line);
    }
    text_style(r, STYLE_DIM);
    text_pad(out, 2);
    text_wrap(out, STR("[C] critical, [H] high, [M] medium, [L] low, [i] informational: the worst alert; \xc3\x97 alerts"),
              (struct wrap){.indent = 2, .width = r->options.width});
    text_style(r, STYLE_PLAIN);
}
