// SPDX-License-Identifier: Apache-2.0
// Conditions in three-valued logic: while the bodies have not been read, what depends on them is unknown, and a rule is only asked to
// wait for them when everything else leaves it open.
#include "detect/matcher.h"

static enum truth truth_of(bool b)
{
    return b ? TRUE_ : FALSE_;
}

// Null is no text, and neither is an array or object.
static bool has_text(struct scalar value)
{
    return value.text.ptr && value.kind != JSON_NULL;
}

static bool compare_fields(const struct pattern *p, const struct field_values *values, const struct field_values *others)
{
    for (uint32_t i = 0; i < values->n; i++)
        for (uint32_t k = 0; k < others->n; k++)
            if (has_text(values->items[i]) && has_text(others->items[k]) &&
                pattern_compare_text(p->how, p->cased, values->items[i].text, others->items[k].text))
                return true;
    return false;
}

// Of a field of which only that much is known that something is there. What is derived of it may be nothing.
static enum truth judge_presence(const struct matcher *m, const struct plan_test *t)
{
    const struct field *f = m->plan->fields[t->field].field;
    enum json_kind kind;
    if (matcher_stands(m, t->field, &kind) != STANDS_PRESENT)
        return UNKNOWN_;
    if (t->pattern->op == PATTERN_EXISTS)
        return TRUE_;
    bool some = t->pattern->op == PATTERN_ANY && kind != JSON_NULL && kind != JSON_ARRAY && !f->transform && f->pick == PICK_ALL;
    return some ? TRUE_ : UNKNOWN_;
}

static enum truth judge_values(struct matcher *m, const struct plan_test *t)
{
    const struct field_values *values, *others;
    if (!matcher_values(m, t->field, &values))
        return m->blind ? judge_presence(m, t) : UNKNOWN_;
    switch (t->pattern->op) {
    case PATTERN_NULL:
        return truth_of(!values->present || values->has_null);
    case PATTERN_EXISTS:
        return truth_of(values->present);
    case PATTERN_FIELD:
        if (!values->present)
            return FALSE_;
        if (!matcher_values(m, t->other, &others))
            return UNKNOWN_;
        if (m->blind && others->present) // values of one class need not be equal
            return UNKNOWN_;
        return truth_of(compare_fields(t->pattern, values, others));
    default:
        break;
    }
    for (uint32_t i = 0; i < values->n; i++)
        if (pattern_matches(t->pattern, values->items[i], &m->gave_up))
            return TRUE_;
    return FALSE_;
}

// What was found out about this record before; UNKNOWN_ if nothing was.
static enum truth recall(const struct matcher *m, uint32_t known)
{
    return known >> 2 == m->epoch ? (enum truth)(known & 3) : UNKNOWN_;
}

enum truth matcher_test(struct matcher *m, uint32_t test)
{
    enum truth result = recall(m, m->test_epoch[test]);
    if (result == UNKNOWN_) {
        result = judge_values(m, &m->plan->tests[test]);
        m->test_epoch[test] = m->epoch << 2 | (uint32_t)result;
    }
    return result;
}

static bool on_any(void *context, uint32_t id)
{
    (void)id;
    *(bool *)context = true;
    return false;
}

static enum truth ask_set(struct matcher *m, const struct plan_set *s)
{
    const struct field_values *values;
    bool any = false;
    if (!matcher_values(m, s->field, &values))
        return UNKNOWN_;
    struct string_set_query query = {&m->arena, on_any, &any, &m->gave_up};
    for (uint32_t i = 0; i < values->n && !any; i++)
        string_set_ask(s->set, values->items[i], &query);
    return truth_of(any);
}

static enum truth judge_set(struct matcher *m, uint32_t set)
{
    enum truth result = recall(m, m->set_epoch[set]);
    if (result == UNKNOWN_) {
        result = ask_set(m, &m->plan->field_sets[set]);
        m->set_epoch[set] = m->epoch << 2 | (uint32_t)result;
    }
    return result;
}

// Whether the signature decides it: nothing that it looks at is hidden.
static bool is_told(const struct matcher *m, const struct plan_tree *tree)
{
    for (size_t i = 0; i < tree->n_fields; i++)
        if (m->hidden[tree->fields[i]])
            return false;
    return tree->told && m->bodies_read;
}

static enum truth judge_tree(struct matcher *m, const struct plan_op *op)
{
    const struct plan_tree *what = &m->plan->trees[op->arg];
    enum truth guard = matcher_judge(m, op + 1);
    if (guard != TRUE_)
        return guard;
    if (m->blind && !is_told(m, what))
        return UNKNOWN_;
    const struct json_value *tree = matcher_tree(m);
    if (m->blind && !tree) // others of this signature may be whole
        return UNKNOWN_;
    return truth_of(tree && tree_satisfies(m->plan, what->condition, tree, &m->arena, &m->gave_up));
}

// Conjunction and disjunction are the same thing with `end` for the truth that settles it.
static enum truth judge_group(struct matcher *m, const struct plan_op *op, enum truth end)
{
    enum truth result = end == FALSE_ ? TRUE_ : FALSE_;
    for (const struct plan_op *child = op + 1; child < op + op->size; child += child->size) {
        enum truth truth = matcher_judge(m, child);
        if (truth == end)
            return end;
        if (truth == UNKNOWN_)
            result = UNKNOWN_;
    }
    return result;
}

static enum truth judge_some(struct matcher *m, const struct plan_op *op)
{
    size_t yes = 0, open = 0;
    for (const struct plan_op *child = op + 1; child < op + op->size && yes < op->arg; child += child->size) {
        enum truth truth = matcher_judge(m, child);
        yes += truth == TRUE_;
        open += truth == UNKNOWN_;
    }
    return yes >= op->arg ? TRUE_ : yes + open >= op->arg ? UNKNOWN_ : FALSE_;
}

enum truth matcher_judge(struct matcher *m, const struct plan_op *op)
{
    switch ((enum plan_kind)op->kind) {
    case PLAN_TEST:
        return matcher_test(m, op->arg);
    case PLAN_SET:
        return judge_set(m, op->arg);
    case PLAN_AND:
        return judge_group(m, op, FALSE_);
    case PLAN_OR:
        return judge_group(m, op, TRUE_);
    case PLAN_SOME:
        return judge_some(m, op);
    case PLAN_TREE:
        return judge_tree(m, op);
    case PLAN_NOT:
        break;
    }
    enum truth child = matcher_judge(m, op + 1);
    return child == UNKNOWN_ ? UNKNOWN_ : truth_of(child == FALSE_);
}
