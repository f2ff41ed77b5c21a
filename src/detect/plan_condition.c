// SPDX-License-Identifier: Apache-2.0
// Conditions of a plan: the checked tree of a rule over the plan's tests, lists of patterns gathered into sets, the dear parts last.
#include "detect/plan_build.h"

#include <stdlib.h>

enum { SET_MIN = 3 }; // a list of fewer patterns is compared one by one

static struct plan_node *new_node(struct builder *b, enum plan_kind kind, size_t n)
{
    struct plan_node *node = arena_new(&b->plan->arena, struct plan_node);
    node->kind = kind;
    node->n = n;
    node->children = arena_array(&b->plan->arena, struct plan_node *, n);
    return node;
}

static struct plan_node *build_test_node(struct builder *b, uint32_t field, const struct pattern *pattern)
{
    struct plan_node *node = new_node(b, PLAN_TEST, 0);
    node->arg = build_test(b, field, pattern);
    return node;
}

// --- same element: a guard that can be judged without the tree --------------------------------------------------------------------

// The field of an element seen from the root, whatever the element: its values contain those the exact judgement looks at.
static const struct field *field_from_root(struct builder *b, const struct scope *scope, const struct field *inner)
{
    struct arena *a = &b->plan->arena;
    struct field *f = arena_new(a, struct field);
    *f = *inner;
    f->pick = PICK_ALL;
    f->n_paths = scope->n_paths * inner->n_paths;
    f->paths = arena_array(a, struct field_path, f->n_paths);
    for (size_t s = 0; s < scope->n_paths; s++)
        for (size_t i = 0; i < inner->n_paths; i++) {
            const struct field_path *head = &scope->paths[s], *tail = &inner->paths[i];
            struct field_path *path = &f->paths[s * inner->n_paths + i];
            path->n = head->n + tail->n;
            path->keys = arena_array(a, struct str, path->n);
            for (size_t k = 0; k < path->n; k++)
                path->keys[k] = k < head->n ? head->keys[k] : tail->keys[k - head->n];
        }
    return f;
}

// Those of one name are one field.
static uint32_t build_inner_field(struct builder *b, const struct scope *scope, struct str name)
{
    bool added;
    struct str key = arena_printf(&b->plan->arena, "same %.*s: %.*s", STR_ARG(scope->name), STR_ARG(name));
    uint64_t *index = map_put(&b->inner_names, key, &added);
    if (added)
        *index = build_add_field(b, field_from_root(b, scope, scope_field(scope, name, &b->plan->arena)));
    return (uint32_t)*index;
}

static struct plan_node *always(struct builder *b)
{
    return new_node(b, PLAN_AND, 0);
}

// True whenever the condition is true of any element; negations and absence are given the benefit of the doubt.
static struct plan_node *build_guard(struct builder *b, const struct scope *scope, const struct node *source)
{
    if (source->kind == NODE_TEST && build_is_about_a_value(source))
        return build_test_node(b, build_inner_field(b, scope, source->field), &source->pattern);
    if (source->kind != NODE_AND && source->kind != NODE_OR)
        return always(b);
    struct plan_node *node = new_node(b, source->kind == NODE_AND ? PLAN_AND : PLAN_OR, source->n);
    for (size_t i = 0; i < source->n; i++)
        node->children[i] = build_guard(b, scope, source->children[i]);
    return node;
}

// What the condition of one element looks at, so that the signature of a record tells of it: the elements themselves, and their fields.
static void watch_field(struct builder *b, struct plan_tree *tree, uint32_t field, const struct pattern *pattern)
{
    (void)build_test(b, field, pattern);
    if (tree->n_fields % 8 == 0) {
        uint32_t *more = arena_array(&b->plan->arena, uint32_t, tree->n_fields + 8);
        for (size_t i = 0; i < tree->n_fields; i++)
            more[i] = tree->fields[i];
        tree->fields = more;
    }
    tree->fields[tree->n_fields++] = field;
}

static void watch_tests(struct builder *b, struct plan_tree *tree, const struct scope *scope, const struct node *source)
{
    if (source->kind == NODE_TEST) {
        tree->told = tree->told && source->pattern.op != PATTERN_FIELD;
        watch_field(b, tree, build_inner_field(b, scope, source->field), &source->pattern);
    }
    for (size_t i = 0; i < source->n; i++)
        watch_tests(b, tree, scope, source->children[i]);
}

static void watch_elements(struct builder *b, struct plan_tree *tree, const struct scope *scope)
{
    static const struct pattern exists = {.op = PATTERN_EXISTS};
    bool added;
    struct str key = arena_printf(&b->plan->arena, "same %.*s", STR_ARG(scope->name));
    uint64_t *index = map_put(&b->inner_names, key, &added);
    if (added) {
        struct field *f = arena_new(&b->plan->arena, struct field);
        *f = (struct field){.name = scope->name, .paths = scope->paths, .n_paths = scope->n_paths};
        *index = build_add_field(b, f);
    }
    watch_field(b, tree, (uint32_t)*index, &exists);
}

static struct plan_node *build_tree(struct builder *b, const struct node *source)
{
    struct plan_node *node = new_node(b, PLAN_TREE, 1);
    struct plan_tree tree = {.condition = source, .told = source->kind == NODE_SAME};
    if (source->kind == NODE_SAME) {
        const struct scope *scope = plan_scope(b->plan->dictionary, source->scope, &b->plan->arena);
        node->children[0] = build_guard(b, scope, source->children[0]);
        watch_elements(b, &tree, scope);
        watch_tests(b, &tree, scope, source->children[0]);
    } else {
        node->children[0] = always(b);
    }
    node->arg = (uint32_t)b->trees.n;
    *vec_push(&b->trees) = tree;
    return node;
}

// --- lists of patterns ------------------------------------------------------------------------------------------------------------

static size_t count_field(const struct node *source, struct str field)
{
    size_t count = 0;
    for (size_t i = 0; i < source->n; i++)
        count += build_is_about_a_value(source->children[i]) && str_eq(source->children[i]->field, field);
    return count;
}

// The children of a disjunction that test the same field, as one set; they are marked as taken.
static struct plan_node *build_list(struct builder *b, const struct node *source, size_t from, size_t count, bool *taken)
{
    struct plan_node *node = new_node(b, PLAN_SET, 0);
    struct str field = source->children[from]->field;
    uint32_t index = build_field(b, field);
    const struct pattern **patterns = arena_array(&b->plan->arena, const struct pattern *, count);
    size_t n = 0;
    for (size_t i = from; i < source->n; i++)
        if (build_is_about_a_value(source->children[i]) && str_eq(source->children[i]->field, field)) {
            patterns[n++] = &source->children[i]->pattern;
            (void)build_test(b, index, &source->children[i]->pattern); // what is asked of a field is asked by tests
            taken[i] = true;
        }
    node->arg = build_set(b, index, patterns, n);
    return node;
}

static int cost(const struct plan_node *n)
{
    static const int of_kind[] = {
        [PLAN_TEST] = 0, [PLAN_SET] = 1, [PLAN_NOT] = 2, [PLAN_AND] = 2, [PLAN_OR] = 2, [PLAN_SOME] = 3, [PLAN_TREE] = 9,
    };
    int most = of_kind[n->kind];
    for (size_t i = 0; i < n->n && n->kind != PLAN_TREE; i++) {
        int child = cost(n->children[i]);
        most = child > most ? child : most;
    }
    return most;
}

static void dear_ones_last(struct plan_node *node)
{
    for (size_t i = 1; i < node->n; i++)
        for (size_t k = i; k > 0 && cost(node->children[k - 1]) > cost(node->children[k]); k--) {
            struct plan_node *swap = node->children[k];
            node->children[k] = node->children[k - 1];
            node->children[k - 1] = swap;
        }
}

static struct plan_node *build_node(struct builder *b, const struct node *source);

static struct plan_node *build_group(struct builder *b, const struct node *source)
{
    static const enum plan_kind kinds[] = {[NODE_AND] = PLAN_AND, [NODE_OR] = PLAN_OR, [NODE_NOT] = PLAN_NOT, [NODE_SOME] = PLAN_SOME};
    struct plan_node *node = new_node(b, kinds[source->kind], source->n);
    bool *taken = must_alloc(calloc(source->n + 1, sizeof *taken));
    size_t n = 0;
    node->arg = source->count;
    for (size_t i = 0; i < source->n; i++) {
        size_t alike = source->kind == NODE_OR && !taken[i] && build_is_about_a_value(source->children[i])
                           ? count_field(source, source->children[i]->field)
                           : 0;
        if (alike >= SET_MIN)
            node->children[n++] = build_list(b, source, i, alike, taken);
        else if (!taken[i])
            node->children[n++] = build_node(b, source->children[i]);
    }
    node->n = n;
    free(taken);
    if (n < 200)
        dear_ones_last(node);
    return node;
}

static struct plan_node *build_node(struct builder *b, const struct node *source)
{
    if (source->kind == NODE_TEST)
        return build_test_node(b, build_field(b, source->field), &source->pattern);
    if (source->kind == NODE_KEYWORD || source->kind == NODE_SAME)
        return build_tree(b, source);
    return build_group(b, source);
}

static uint32_t append(struct builder *b, const struct plan_node *node)
{
    enum { SIZE_MAX_OPS = (1 << 24) - 1 };
    size_t at = b->ops.n;
    *vec_push(&b->ops) = (struct plan_op){.kind = node->kind, .arg = node->arg};
    uint32_t size = 1;
    for (size_t i = 0; i < node->n; i++)
        size += append(b, node->children[i]);
    must(size <= SIZE_MAX_OPS);
    b->ops.items[at].size = size;
    return size;
}

void build_condition(struct builder *b, const struct node *source)
{
    (void)append(b, build_node(b, source));
}
