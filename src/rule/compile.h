// SPDX-License-Identifier: Apache-2.0
// What every part of the compiler carries with it: the document at hand, and how to say what is wrong with it. Private to rule.
//
//   load  ->  detection -> item -> modifier, value, encode      a document's maps to conditions
//         ->  condition -> grammar                              its condition string
//         ->  correlation, filter                               documents that refer to other documents
//         ->  link                                              references, cycles, captures, order
//
// The first thing that is wrong with a document is said, and the document is refused; the others go on.
#pragma once

#include "rule/rule.h"

struct compile {
    struct arena *arena;   // the ruleset's: what stays
    struct arena *scratch; // the load's: YAML trees and what only the compiler needs
    const struct rule_options *options;
    struct diags *diags;
};

// One YAML document, with what `action: global` put into it.
struct document {
    struct compile *c;
    struct yaml_source source;
    const struct yaml_value *root;
    size_t budget;                  // conditions it may still make
    struct str scope;               // inside a `same` map: its scope, to which fields are relative; else ptr NULL
    const struct dictionary *judge; // the schema to hold fields and values against; NULL: nobody asked, or another logsource
};

enum {
    DOCUMENT_NODES_MAX = 1 << 18,
    VALUE_ALTERNATIVES_MAX = 16384, // of one value: windash, placeholders, base64offset
    VALUE_TOKENS_MAX = 1 << 20,     // of all alternatives of one value
    VALUE_LENGTH_MAX = 1 << 20,     // bytes of one written value
};

__attribute__((format(printf, 3, 4))) void refuse(const struct document *d, struct place at, const char *format, ...);
__attribute__((format(printf, 3, 4))) void warn(const struct document *d, struct place at, const char *format, ...);

static inline struct place value_place(const struct document *d, const struct yaml_value *v)
{
    return yaml_place(d->source, v);
}
static inline struct place key_place(const struct document *d, const struct yaml_value *v)
{
    return yaml_key_place(d->source, v);
}

// A node of the document; NULL, and refused, when the budget is spent.
[[nodiscard]] struct node *node_new(struct document *d, enum node_kind kind, const struct yaml_value *at);
// NODE_AND or NODE_OR over n children (taken over); one child stands for itself.
[[nodiscard]] struct node *node_join(struct document *d, enum node_kind kind, struct node **children, size_t n,
                                     const struct yaml_value *at);
[[nodiscard]] struct node *node_negate(struct document *d, struct node *child, const struct yaml_value *at);

// The text of a scalar member, kept; STR_NONE if absent or not a scalar.
[[nodiscard]] struct str kept_text(const struct document *d, const struct yaml_value *v);
// The texts of a list, or of one scalar.
[[nodiscard]] struct str *kept_list(const struct document *d, const struct yaml_value *v, size_t *n);
// "; did you mean 'x'" or "": the nearest of the names, if one is near.
[[nodiscard]] struct str did_you_mean(struct arena *a, struct str word, const struct str *names, size_t n);
