// SPDX-License-Identifier: Apache-2.0
// Conditions of rules as CEL: and, or, not, N of; tests of fields; items of the same array element.
#include "policy/expr.h"

enum { SOME_MAX = 64 };

static struct expr condition(struct cel *c, struct place_in at, const struct node *n);

// --- tests -----------------------------------------------------------------------------------------------------------------------

struct field_at {
    const struct field *field;
    bool native;
};

// A name of the dictionary, or a path; in an element, of its scope.
static struct field_at field_of(struct cel *c, const struct scope *scope, struct str name)
{
    size_t n;
    if (scope) {
        const struct field *f = scope_field(scope, name, c->arena);
        return (struct field_at){f, !(scope->n_fields && f >= scope->fields && f < scope->fields + scope->n_fields)};
    }
    const struct field *all = dictionary_fields(c->dictionary, &n), *f = dictionary_field(c->dictionary, name, c->arena);
    return (struct field_at){f, !(n && f >= all && f < all + n)};
}

static bool is_about_values(const struct node *n)
{
    return n->kind == NODE_TEST && n->pattern.op != PATTERN_NULL && n->pattern.op != PATTERN_EXISTS && n->pattern.op != PATTERN_FIELD;
}

static struct expr ask(struct cel *c, struct place_in at, struct str name, struct asked asked)
{
    const struct field_at f = field_of(c, at.scope, name);
    asked.field = f.field;
    return cel_paths(c, at, f.field->paths, f.field->n_paths, f.native, &asked);
}

// --- two fields ------------------------------------------------------------------------------------------------------------------

// What is compared: a value of the one field, as soon as there is one, and the place that both are in.
struct comparison {
    const struct node *test;
    struct place_in at;
    struct compared value;
    const struct field *other;
};

static struct expr compare_other(struct cel *c, struct str value, struct shape shape, const void *context)
{
    const struct comparison *both = context;
    return cel_compare(c, &both->test->pattern, both->value, (struct compared){value, shape, both->other});
}

static struct expr compare_value(struct cel *c, struct str value, struct shape shape, const void *context)
{
    const struct comparison *asked = context;
    struct comparison both = *asked;
    both.value = (struct compared){value, shape, field_of(c, both.at.scope, both.test->field).field};
    both.other = field_of(c, both.at.scope, both.test->pattern.text).field;
    return ask(c, both.at, both.test->pattern.text, (struct asked){.question = ASK_VALUE, .value = compare_other, .context = &both});
}

static struct expr test(struct cel *c, struct place_in at, const struct node *n)
{
    if (is_about_values(n))
        return ask(c, at, n->field, (struct asked){.question = ASK_PATTERNS, .tests = &n, .n = 1});
    if (n->pattern.op == PATTERN_FIELD) {
        const struct comparison comparison = {.test = n, .at = at};
        return ask(c, at, n->field, (struct asked){.question = ASK_VALUE, .value = compare_value, .context = &comparison});
    }
    const struct expr present = ask(c, at, n->field, (struct asked){.question = ASK_PRESENT});
    return n->pattern.op == PATTERN_NULL ? expr_not(c, present) : present;
}

// --- items of one element ----------------------------------------------------------------------------------------------------------

static struct expr same(struct cel *c, const struct node *n)
{
    const struct scope *scope = dictionary_scope(c->dictionary, n->scope);
    const bool native = !scope;
    const struct place_in object = {.text = STR("object"), .shape = {c->kind->kind}, .root = true};
    if (native) {
        const struct field *path = dictionary_field(c->dictionary, n->scope, c->arena);
        struct scope *made = arena_new(c->arena, struct scope);
        *made = (struct scope){.name = n->scope, .paths = path->paths, .n_paths = path->n_paths};
        scope = made;
    }
    const struct asked asked = {.question = ASK_ELEMENT, .element = n->children[0], .scope = scope, .judge = condition};
    return cel_paths(c, object, scope->paths, scope->n_paths, native, &asked);
}

// --- conditions ------------------------------------------------------------------------------------------------------------------

// Of a disjunction, what is asked of the values of one field is asked of each value once: "x in [a, b]".
static struct expr any_of(struct cel *c, struct place_in at, const struct node *n)
{
    struct expr *items = arena_array(c->arena, struct expr, n->n + 1);
    const struct node **tests = arena_array(c->arena, const struct node *, n->n + 1);
    bool *done = arena_array(c->arena, bool, n->n + 1);
    size_t used = 0;
    for (size_t i = 0; i < n->n; i++) {
        size_t same_field = 0;
        if (done[i])
            continue;
        if (!is_about_values(n->children[i])) {
            items[used++] = condition(c, at, n->children[i]);
            continue;
        }
        for (size_t j = i; j < n->n; j++) {
            if (done[j] || !is_about_values(n->children[j]) || !str_eq(n->children[j]->field, n->children[i]->field))
                continue;
            done[j] = true;
            tests[same_field++] = n->children[j];
        }
        items[used++] = ask(c, at, n->children[i]->field, (struct asked){.question = ASK_PATTERNS, .tests = tests, .n = same_field});
    }
    return expr_or(c, items, used);
}

static struct expr all_of(struct cel *c, struct place_in at, const struct node *n)
{
    struct expr *items = arena_array(c->arena, struct expr, n->n + 1);
    for (size_t i = 0; i < n->n; i++)
        items[i] = condition(c, at, n->children[i]);
    return expr_and(c, items, n->n);
}

static struct expr some_of(struct cel *c, struct place_in at, const struct node *n)
{
    struct buf text;
    struct expr e;
    if (n->n > SOME_MAX)
        return cel_refuse(c, "%u of %zu conditions are counted", n->count, n->n);
    buf_init(&text, SIZE_MAX);
    for (size_t i = 0; i < n->n; i++) {
        const struct str one = condition(c, at, n->children[i]).text;
        buf_addf(&text, "%s%.*s", i ? ", " : "", STR_ARG(one));
    }
    e = expr_text(c, BIND_RELATION, "size([%.*s].filter(held, held)) >= %u", STR_ARG(buf_str(&text)), n->count);
    buf_fini(&text);
    return e;
}

static struct expr condition(struct cel *c, struct place_in at, const struct node *n)
{
    switch (n->kind) {
    case NODE_AND:
        return all_of(c, at, n);
    case NODE_OR:
        return any_of(c, at, n);
    case NODE_NOT:
        return expr_not(c, condition(c, at, n->children[0]));
    case NODE_SOME:
        return some_of(c, at, n);
    case NODE_TEST:
        return test(c, at, n);
    case NODE_SAME:
        return same(c, n);
    case NODE_KEYWORD:
        break;
    }
    return cel_refuse(c, "a word is looked for anywhere in the object, and CEL can only look at members it names");
}

void cel_translate(struct cel_rule *out, struct arena *a, const struct dictionary *d, const struct node *n, const struct policy_kind *kind)
{
    struct cel c = {.arena = a, .dictionary = d, .kind = kind, .out = out};
    const struct place_in object = {.text = STR("object"), .shape = {kind->kind}, .root = true};
    *out = (struct cel_rule){.minor = 28}; // variables, and numbers of different types
    const struct expr e = condition(&c, object, n);
    out->condition = e.text;
    out->outcome = out->why.ptr ? CEL_REFUSED : e.is == EXPR_IS_TEXT ? CEL_SOME : e.is == EXPR_IS_TRUE ? CEL_ALWAYS : CEL_NEVER;
}
