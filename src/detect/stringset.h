// SPDX-License-Identifier: Apache-2.0
// Many patterns against one value: which of them match? Exact texts through a hash table, parts of texts through a table of four bytes of
// each, networks with the value read as an address once, the rest one by one. Whatever the tables find is confirmed by pattern_matches, so
// a set answers exactly as its patterns would.
#pragma once

#include "rule/rule.h"

struct string_set;

// The patterns are borrowed. Their place in the array is their id. Only patterns about one value: not NULL, not FIELD.
[[nodiscard]] struct string_set *string_set_new(const struct pattern *const *patterns, size_t n);
void string_set_free(struct string_set *s);
[[nodiscard]] size_t string_set_count(const struct string_set *s); // of patterns

// Calls hit for every pattern that matches (each once, in no order) until it returns false.
typedef bool string_set_hit(void *context, uint32_t id);
struct string_set_query {
    struct arena *arena; // for the folded copy of the value
    string_set_hit *hit;
    void *context;
    bool *gave_up;
};
void string_set_ask(const struct string_set *s, struct scalar value, const struct string_set_query *query);
