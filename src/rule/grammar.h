// SPDX-License-Identifier: Apache-2.0
// Boolean expressions as Sigma writes them, in the condition of a rule and in the condition of a temporal correlation:
//
//   or   = and { "or" and }
//   and  = not { "and" not }
//   not  = { "not" } primary
//   primary = "(" or ")" | leaf
//
// What a leaf is, and what is built, is the caller's. Private to rule.
#pragma once

#include "compile.h"

enum token_kind { TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_PIPE, TOKEN_END };

struct token {
    enum token_kind kind;
    struct str text;
    size_t offset;
};

struct grammar;

// Results are the caller's; NULL: refused.
struct grammar_ops {
    const char *what;                                    // "condition"
    void *(*leaf)(struct grammar *g, struct token word); // may take more tokens
    void *(*join)(struct grammar *g, bool all, void **parts, size_t n);
    void *(*negate)(struct grammar *g, void *part);
};

struct grammar {
    struct document *d;
    const struct yaml_value *at; // the scalar that holds the expression
    struct str text;
    const struct grammar_ops *ops;
    void *context;
    struct token next;
    size_t position;
    unsigned depth;
};

[[nodiscard]] void *grammar_parse(struct document *d, const struct yaml_value *at, const struct grammar_ops *ops, void *context);

// For leaves.
[[nodiscard]] struct token grammar_take(struct grammar *g);
[[nodiscard]] bool token_is(struct token t, const char *word); // ASCII case ignored
[[nodiscard]] struct place grammar_place(const struct grammar *g, struct token t);
void *grammar_refuse_aggregation(struct grammar *g, struct token t); // NULL
