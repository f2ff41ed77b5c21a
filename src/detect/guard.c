// SPDX-License-Identifier: Apache-2.0
// Rules that wait for the name, the URI or another of the values that are new in every record: all that is asked of such a value is
// asked at once, and only the rules that it admits are judged one by one.
#include "detect/matcher.h"

struct admitting {
    struct matcher *m;
    const struct plan_field *field;
};

static bool admit(void *context, uint32_t pattern)
{
    const struct admitting *a = context;
    for (uint32_t i = a->field->first_admitted[pattern]; i < a->field->first_admitted[pattern + 1]; i++)
        a->m->admitted[a->field->admitted[i]] = a->m->epoch;
    return true;
}

// False: the values are not known yet.
static bool ask(struct matcher *m, uint32_t field)
{
    const struct plan_field *f = &m->plan->fields[field];
    const struct field_values *values;
    if (m->guards_asked[field] == m->epoch)
        return true;
    if (!matcher_values(m, field, &values))
        return false;
    struct admitting admitting = {m, f};
    struct string_set_query query = {&m->arena, admit, &admitting, &m->gave_up};
    for (uint32_t i = 0; i < values->n; i++)
        string_set_ask(f->guards, values->items[i], &query);
    m->guards_asked[field] = m->epoch;
    return true;
}

bool guard_holds_back(struct matcher *m, uint32_t rule)
{
    const struct plan_rule *r = &m->plan->rules[rule];
    for (size_t i = 0; i < r->n_parts; i++)
        if (r->parts[i].guards && !ask(m, r->parts[i].field))
            return false;
    return m->admitted[rule] != m->epoch;
}

// All tests of the part are known to be false.
static bool is_lost(struct matcher *m, const struct plan_part *part)
{
    for (size_t i = 0; i < part->n_tests; i++)
        if (matcher_test(m, part->tests[i]) != FALSE_)
            return false;
    return true;
}

bool guard_decides(struct matcher *m, uint32_t rule)
{
    const struct plan_rule *r = &m->plan->rules[rule];
    bool guards = false;
    for (size_t i = 0; i < r->n_parts; i++) {
        if (!r->parts[i].guards && !is_lost(m, &r->parts[i]))
            return false;
        guards = guards || r->parts[i].guards;
    }
    return guards;
}
