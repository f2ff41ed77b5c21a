// SPDX-License-Identifier: Apache-2.0
#include "compile.h"

__attribute__((format(printf, 4, 0))) static void say(const struct document *d, enum diag_level level, struct place at, const char *format,
                                                      va_list args)
{
    struct str text = arena_vprintf(d->c->scratch, format, args);
    diags_add(d->c->diags, level, &at, "%.*s", STR_ARG(text));
}

void refuse(const struct document *d, struct place at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(d, DIAG_ERROR, at, format, args);
    va_end(args);
}

void warn(const struct document *d, struct place at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(d, DIAG_WARNING, at, format, args);
    va_end(args);
}

struct node *node_new(struct document *d, enum node_kind kind, const struct yaml_value *at)
{
    if (d->budget == 0) {
        refuse(d, key_place(d, at), "the rule has more than %d conditions, alternatives counted", DOCUMENT_NODES_MAX);
        return NULL;
    }
    d->budget--;
    struct node *n = arena_new(d->c->arena, struct node);
    bool item = at->key_line != 0;
    *n = (struct node){.kind = kind, .line = item ? at->key_line : at->line, .column = item ? at->key_column : at->column};
    return n;
}

struct node *node_join(struct document *d, enum node_kind kind, struct node **children, size_t n, const struct yaml_value *at)
{
    if (n == 1)
        return children[0];
    struct node *joined = node_new(d, kind, at);
    if (!joined)
        return NULL;
    joined->children = children;
    joined->n = n;
    return joined;
}

struct node *node_negate(struct document *d, struct node *child, const struct yaml_value *at)
{
    struct node *negation = node_new(d, NODE_NOT, at);
    if (!negation)
        return NULL;
    negation->children = arena_array(d->c->arena, struct node *, 1);
    negation->children[0] = child;
    negation->n = 1;
    return negation;
}

struct str kept_text(const struct document *d, const struct yaml_value *v)
{
    if (!v || v->kind == YAML_NULL)
        return STR_NONE;
    return arena_str(d->c->arena, yaml_text(v));
}

struct str *kept_list(const struct document *d, const struct yaml_value *v, size_t *n)
{
    *n = 0;
    if (!v || v->kind == YAML_MAP || v->kind == YAML_NULL)
        return NULL;
    struct str *items = arena_array(d->c->arena, struct str, v->kind == YAML_LIST ? v->count : 1);
    const struct yaml_value *first = v->kind == YAML_LIST ? v->first : v;
    for (const struct yaml_value *item = first; item; item = v->kind == YAML_LIST ? item->next : NULL) {
        struct str text = kept_text(d, item);
        if (text.ptr)
            items[(*n)++] = text;
    }
    return items;
}

// Edit distance (insert, delete, replace), as far as short names need it.
static size_t distance(struct str a, struct str b)
{
    enum { LONGEST = 64 };
    size_t row[LONGEST + 1];
    if (a.len > LONGEST || b.len > LONGEST)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t replaced = diagonal + (char_lower(a.ptr[i - 1]) != char_lower(b.ptr[j - 1]));
            size_t nearer = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            diagonal = row[j];
            row[j] = replaced < nearer ? replaced : nearer;
        }
    }
    return row[b.len];
}

struct str did_you_mean(struct arena *a, struct str word, const struct str *names, size_t n)
{
    size_t best = word.len < 5 ? 1 : 2; // further away is another word
    struct str found = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(word, names[i]);
        if (d < word.len && d <= best && (!found.ptr || d < best)) {
            best = d;
            found = names[i];
        }
    }
    return found.ptr ? arena_printf(a, "; did you mean '%.*s'", STR_ARG(found)) : STR("");
}
