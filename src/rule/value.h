// SPDX-License-Identifier: Apache-2.0
// A rule's value as tokens: literal text and wildcards (Sigma specification, "String Wildcard", "Escape Character", "Placeholders").
// Private to rule.
#pragma once

#include "compile.h"

struct value {
    struct glob_token *tokens;
    size_t n;
};

// The alternatives that one written value stands for.
struct values {
    struct value *items;
    size_t n, cap;
};

// False, and refused, beyond VALUE_ALTERNATIVES_MAX.
[[nodiscard]] bool values_add(struct document *d, struct values *list, struct value v, const struct yaml_value *at);

enum value_reading {
    VALUE_WILDCARDS, // * and ? are wildcards, a backslash escapes them and itself
    VALUE_RAW,       // the text as it is: regular expressions, networks
};
// One place of a value that may be written in several ways.
struct slot {
    struct value *options;
    size_t n;
};
// Every combination, one option of each slot after the other. False, and refused, when that is too much.
[[nodiscard]] bool values_combine(struct document *d, const struct slot *slots, size_t n, struct values *out, const struct yaml_value *at);

// Placeholders (%name%) are replaced when `expand`; each combination of their values is an alternative. False: refused.
[[nodiscard]] bool values_read(struct document *d, const struct yaml_value *at, struct str text, enum value_reading reading, bool expand,
                               struct values *out);

[[nodiscard]] bool value_has_wildcard(struct value v);
// All literals in one; for values without wildcards.
[[nodiscard]] struct str value_text(struct document *d, struct value v);
[[nodiscard]] struct value value_literal(struct document *d, struct str text);
[[nodiscard]] struct value value_concat(struct document *d, struct value a, struct value b);

// The simplest pattern that says the same: any, equals, contains, prefix, suffix, glob. Texts are kept.
[[nodiscard]] struct pattern value_pattern(struct document *d, struct value v);
