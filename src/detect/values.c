// SPDX-License-Identifier: Apache-2.0
// From scanned views to the values of a field: the paths of the lowest rank present, first or last of an array, transforms. And the whole
// tree, for the few who need it.
#include "detect/matcher.h"

#include "base/status.h"

#include <stdlib.h>

// Values and tests remember the epoch they were made in; when it comes round, everything is forgotten.
void matcher_forget(struct matcher *m)
{
    if (++m->epoch < UINT32_MAX >> 2)
        return;
    m->epoch = 1;
    for (size_t i = 0; i < m->plan->n_fields; i++)
        m->values[i].epoch = m->guards_asked[i] = 0;
    for (size_t i = 0; i < m->plan->n_rules; i++)
        m->admitted[i] = 0;
    for (size_t i = 0; i < m->plan->n_tests; i++)
        m->test_epoch[i] = 0;
    for (size_t i = 0; i < m->plan->n_field_sets; i++)
        m->set_epoch[i] = 0;
}

bool matcher_scalar(struct matcher *m, const struct json_view *v, struct scalar *out)
{
    out->kind = (enum json_kind)v->kind;
    out->text = v->kind >= JSON_ARRAY ? STR_NONE : str_make(v->ptr, v->len);
    return v->kind != JSON_STRING || json_unescape(&m->arena, out->text, &out->text);
}

static struct scalar *add_value(struct field_values *values)
{
    if (values->n == values->cap) {
        values->cap = values->cap ? values->cap * 2 : 4;
        values->items = must_alloc(reallocarray(values->items, values->cap, sizeof *values->items));
    }
    return &values->items[values->n++];
}

// The views of one path, as they are. An escape that is none leaves the bytes as written: the record is told malformed by --strict.
static void add_views(struct matcher *m, uint32_t slot, struct field_values *values)
{
    for (const struct json_view *v = json_scan_first(m->scan, slot); v; v = json_scan_next(m->scan, v)) {
        struct scalar *value = add_value(values);
        (void)!matcher_scalar(m, v, value);
    }
}

// Keeps the first or the last value that is not itself an array or object.
static void pick_one(struct field_values *values, enum field_pick pick)
{
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < values->n; i++)
        if (values->items[i].kind < JSON_ARRAY && (found == UINT32_MAX || pick == PICK_LAST))
            found = i;
    if (found == UINT32_MAX)
        return;
    values->items[0] = values->items[found];
    values->n = 1;
}

static void derive(struct matcher *m, const struct field *field, struct field_values *values)
{
    struct transform_out out = {.arena = &m->arena};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < values->n; i++) {
        if (values->items[i].kind == JSON_STRING)
            field_derive(field, values->items[i].text, &out);
        else
            values->items[kept++] = values->items[i];
    }
    values->n = kept;
    for (size_t i = 0; i < out.n; i++)
        *add_value(values) = (struct scalar){JSON_STRING, out.items[i]};
}

// How the paths of one rank stand: nothing there, something there, or only the bodies can tell.
static enum standing look_at_rank(const struct matcher *m, const struct plan_field *f, size_t from, size_t to)
{
    enum standing standing = STANDS_ABSENT;
    for (size_t i = from; i < to; i++) {
        if (f->paths[i].deferred && !m->bodies_read)
            return STANDS_HIDDEN;
        if (json_scan_first(m->scan, f->paths[i].slot))
            standing = STANDS_PRESENT;
    }
    return standing;
}

static void make_values(struct matcher *m, const struct plan_field *f, size_t from, size_t to, struct field_values *values)
{
    for (size_t i = from; i < to; i++)
        add_views(m, f->paths[i].slot, values);
    values->present = true;
    if (f->field->pick != PICK_ALL)
        pick_one(values, f->field->pick);
    for (uint32_t i = 0; i < values->n; i++)
        values->has_null = values->has_null || values->items[i].kind == JSON_NULL;
    if (f->field->transform)
        derive(m, f->field, values);
}

// Takes the lowest rank that has something. False: hidden in the bodies.
static bool find_values(struct matcher *m, const struct plan_field *f, struct field_values *values)
{
    for (size_t from = 0, to; from < f->n_paths; from = to) {
        for (to = from + 1; to < f->n_paths && f->paths[to].rank == f->paths[from].rank;)
            to++;
        enum standing standing = look_at_rank(m, f, from, to);
        if (standing == STANDS_PRESENT)
            make_values(m, f, from, to, values);
        if (standing != STANDS_ABSENT)
            return standing == STANDS_PRESENT;
    }
    return true;
}

// The first thing there, by rank. The signature tells it of hidden fields, too.
enum standing matcher_stands(const struct matcher *m, uint32_t field, enum json_kind *kind)
{
    const struct plan_field *f = &m->plan->fields[field];
    for (size_t i = 0; i < f->n_paths; i++) {
        if (f->paths[i].deferred && !m->bodies_read)
            return STANDS_HIDDEN;
        const struct json_view *v = json_scan_first(m->scan, f->paths[i].slot);
        if (v) {
            *kind = (enum json_kind)v->kind;
            return STANDS_PRESENT;
        }
    }
    return STANDS_ABSENT;
}

bool matcher_values(struct matcher *m, uint32_t field, const struct field_values **out)
{
    const struct plan_field *f = &m->plan->fields[field];
    struct field_values *values = &m->values[field];
    *out = values;
    if (values->epoch == m->epoch)
        return true;
    enum json_kind kind;
    if (f->in_bodies && !m->bodies_read)
        return false;
    if (m->blind && m->hidden[field] && matcher_stands(m, field, &kind) != STANDS_ABSENT)
        return false;
    values->present = values->has_null = false;
    values->n = 0;
    if ((!f->in_bodies || m->has_bodies) && !find_values(m, f, values))
        return false;
    values->epoch = m->epoch;
    return true;
}

const struct json_value *matcher_tree(struct matcher *m)
{
    struct json_limits limits = m->limits;
    limits.mend = true; // what nobody asked for was only stepped over: damage there costs no more than what stands in it
    if (!m->tree_made)
        m->tree = json_parse(&m->arena, m->record, limits, &m->tree_error);
    m->tree_made = true;
    return m->tree;
}
