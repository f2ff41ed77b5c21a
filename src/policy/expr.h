// SPDX-License-Identifier: Apache-2.0
// CEL expressions while they are put together: text, and how tightly it binds; what is always true or never is not written. And what all
// parts of the translation carry with them. Private to policy.
#pragma once

#include "policy/policy.h"
#include "policy/shape.h"

enum binding { BIND_OR, BIND_AND, BIND_RELATION, BIND_UNARY, BIND_MEMBER };

struct expr {
    enum { EXPR_IS_FALSE, EXPR_IS_TRUE, EXPR_IS_TEXT } is;
    enum binding binding;
    struct str text;
};

enum { EXPRS_MAX = 4096, NAMES_DEPTH = 16 };

struct cel {
    struct arena *arena;
    const struct dictionary *dictionary;
    const struct policy_kind *kind;
    struct cel_rule *out;          // why, pod, containers, minor
    struct str names[NAMES_DEPTH]; // of loop variables that are in sight
    size_t n_names;
};

[[nodiscard]] struct expr expr_constant(bool b);
[[nodiscard]] __attribute__((format(printf, 3, 4))) struct expr expr_text(struct cel *c, enum binding binding, const char *format, ...);
// All of them, any of them. n 0: true, false.
[[nodiscard]] struct expr expr_and(struct cel *c, const struct expr *items, size_t n);
[[nodiscard]] struct expr expr_or(struct cel *c, const struct expr *items, size_t n);
[[nodiscard]] struct expr expr_not(struct cel *c, struct expr e);
// Its text, in parentheses when it binds less tightly than that.
[[nodiscard]] struct str expr_inside(struct cel *c, struct expr e, enum binding binding);
[[nodiscard]] struct str cel_string(struct cel *c, struct str s);

// Notes why it cannot be said; the first reason stays. Gives false.
__attribute__((format(printf, 2, 3))) struct expr cel_refuse(struct cel *c, const char *format, ...);

// Where paths begin: an object, and its shape.
struct place_in {
    struct str text;
    struct shape shape;
    bool root;                 // the object itself
    const struct scope *scope; // of the element that it is; NULL: the object
};
// A condition about what is there.
typedef struct expr cel_condition_fn(struct cel *c, struct place_in at, const struct node *n);

// values.c: there is a value on one of the field's paths, and what is asked of it.
enum question { ASK_PRESENT, ASK_PATTERNS, ASK_ELEMENT, ASK_VALUE };
// A condition about one value.
typedef struct expr cel_value_fn(struct cel *c, struct str value, struct shape shape, const void *context);
struct asked {
    enum question question;
    const struct node *const *tests; // ASK_PATTERNS: one of them holds
    size_t n;
    const struct field *field;
    const struct node *element; // ASK_ELEMENT: holds of the object there, as `judge` says
    const struct scope *scope;
    cel_condition_fn *judge;
    cel_value_fn *value; // ASK_VALUE: holds of the value there
    const void *context;
};
[[nodiscard]] struct expr cel_paths(struct cel *c, struct place_in from, const struct field_path *paths, size_t n, bool native,
                                    const struct asked *asked);

// The same from any place, of keys in a row: `last` is what that place is called, for a list.
[[nodiscard]] struct expr cel_walk(struct cel *c, struct str base, struct shape shape, struct str last, const struct str *keys, size_t n,
                                   const struct asked *asked);
// Some element of the list is as `inner` says of what `name` means.
[[nodiscard]] struct expr cel_exists(struct cel *c, struct str list, struct str name, struct expr inner);

// patterns.c: whether a value, of that shape, satisfies one of the tests.
[[nodiscard]] struct expr cel_patterns(struct cel *c, struct str value, struct shape shape, const struct asked *asked);

// Some text of a value, of that shape, is as `how` says to some of the other.
struct compared {
    struct str value;
    struct shape shape;
    const struct field *field;
};
[[nodiscard]] struct expr cel_compare(struct cel *c, const struct pattern *how, struct compared value, struct compared other);

// images.c: a list of what a transform makes of a text. False: there is no CEL for it.
[[nodiscard]] bool cel_transform(struct cel *c, struct str name, struct str value, struct str *list);

// A name for the elements of a list, not in sight already: cel_name_done takes it out of sight.
[[nodiscard]] struct str cel_name(struct cel *c, struct str list);
void cel_name_done(struct cel *c);
