// SPDX-License-Identifier: Apache-2.0
// Conditions as text: `(verb = "create" and not (user.username startswith "system:"))`.
#include "rule/rule.h"

static void write_quoted(struct buf *out, struct str s)
{
    buf_add_char(out, '"');
    for (size_t i = 0, start = 0; i <= s.len; i++) {
        if (i < s.len && s.ptr[i] != '"' && s.ptr[i] != '\\')
            continue;
        text_escape(out, str_slice(s, start, i));
        if (i < s.len) {
            buf_add_char(out, '\\');
            buf_add_char(out, s.ptr[i]);
        }
        start = i + 1;
    }
    buf_add_char(out, '"');
}

static void write_glob(struct buf *out, const struct pattern *p)
{
    buf_add(out, STR("like "));
    for (size_t i = 0; i < p->n_glob; i++) {
        if (i)
            buf_add_char(out, ' ');
        if (p->glob[i].kind == GLOB_LITERAL)
            write_quoted(out, p->glob[i].text);
        else
            buf_add_char(out, p->glob[i].kind == GLOB_RUN ? '*' : '?');
    }
}

static void write_regex(struct buf *out, const struct pattern *p)
{
    buf_add(out, STR("re "));
    write_quoted(out, p->text);
    if (p->regex_flags)
        buf_add_char(out, ' ');
    if (p->regex_flags & REGEX_I)
        buf_add_char(out, 'i');
    if (p->regex_flags & REGEX_M)
        buf_add_char(out, 'm');
    if (p->regex_flags & REGEX_S)
        buf_add_char(out, 's');
}

static const char *compare_sign(enum compare c)
{
    static const char *const signs[] = {
        [COMPARE_EQ] = "=", [COMPARE_LT] = "<", [COMPARE_LTE] = "<=", [COMPARE_GT] = ">", [COMPARE_GTE] = ">="};
    return signs[c];
}

static const char *place_word(enum pattern_op op)
{
    return op == PATTERN_CONTAINS ? "contains" : op == PATTERN_PREFIX ? "startswith" : op == PATTERN_SUFFIX ? "endswith" : "=";
}

static void write_pattern(struct buf *out, const struct pattern *p)
{
    static const char *const dates[] = {[DATE_MINUTE] = "minute", [DATE_HOUR] = "hour",   [DATE_DAY] = "day",
                                        [DATE_WEEK] = "week",     [DATE_MONTH] = "month", [DATE_YEAR] = "year"};
    switch (p->op) {
    case PATTERN_ANY:
        buf_add(out, STR("= *"));
        break;
    case PATTERN_EQUALS:
    case PATTERN_CONTAINS:
    case PATTERN_PREFIX:
    case PATTERN_SUFFIX:
        buf_addf(out, "%s ", place_word(p->op));
        if (p->number_too)
            text_escape(out, p->text);
        else
            write_quoted(out, p->text);
        break;
    case PATTERN_GLOB:
        write_glob(out, p);
        break;
    case PATTERN_REGEX:
        write_regex(out, p);
        break;
    case PATTERN_CIDR:
        buf_add(out, STR("in "));
        text_escape(out, p->text);
        break;
    case PATTERN_NUMBER:
        buf_addf(out, "%s %.17g", compare_sign(p->compare), p->number);
        break;
    case PATTERN_NULL:
        buf_add(out, STR("is null"));
        break;
    case PATTERN_EXISTS:
        buf_add(out, STR("exists"));
        break;
    case PATTERN_FIELD:
        buf_addf(out, "%s field ", place_word(p->how));
        text_escape(out, p->text);
        break;
    case PATTERN_DATE:
        buf_addf(out, "%s %s %.0f", dates[p->date], compare_sign(p->compare), p->number);
        break;
    }
    if (p->cased && p->op != PATTERN_REGEX)
        buf_add(out, STR(" cased"));
}

static void write_children(struct buf *out, const struct node *n, struct str between)
{
    buf_add_char(out, '(');
    for (size_t i = 0; i < n->n; i++) {
        if (i)
            buf_add(out, between);
        node_write(out, n->children[i]);
    }
    buf_add_char(out, ')');
}

void node_write(struct buf *out, const struct node *n)
{
    switch (n->kind) {
    case NODE_AND:
        write_children(out, n, STR(" and "));
        break;
    case NODE_OR:
        write_children(out, n, STR(" or "));
        break;
    case NODE_SOME:
        buf_addf(out, "%u of ", n->count);
        write_children(out, n, STR(", "));
        break;
    case NODE_NOT:
        buf_add(out, STR("not "));
        node_write(out, n->children[0]);
        break;
    case NODE_TEST:
        text_escape(out, n->field);
        buf_add_char(out, ' ');
        write_pattern(out, &n->pattern);
        break;
    case NODE_KEYWORD:
        buf_add(out, STR("keyword "));
        write_pattern(out, &n->pattern);
        break;
    case NODE_SAME:
        text_escape(out, n->scope);
        buf_add(out, STR(" same ("));
        node_write(out, n->children[0]);
        buf_add_char(out, ')');
        break;
    }
}
